package dev.spate.engine.storage;

import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Torrents for tests: a layout, all bytes of the run, and the pieces' hashes. */
final class Samples {
    static final Digest INFO_HASH = Digest.ofHex("0123456789abcdef0123456789abcdef01234567");
    static final Path FOLDER = Path.of("/downloads");

    static final ResumeData.Notes NOTES = new ResumeData.Notes(
            FOLDER.toString(),
            ResumeData.Transferred.NOTHING,
            Instant.ofEpochSecond(1_700_000_000),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            false,
            false,
            Places.in(FOLDER),
            KeptRules.NONE,
            Optional.empty());

    private final FileLayout layout;
    private final byte[] bytes;

    private Samples(FileLayout layout, byte[] bytes) {
        this.layout = layout;
        this.bytes = bytes;
    }

    FileLayout layout() {
        return layout;
    }

    /** The run, to be left as it is. */
    byte[] bytes() {
        return bytes;
    }

    /** Files of these lengths; those of negative length are pad files. */
    static Samples of(RandomGenerator random, int pieceLength, long... lengths) {
        List<FileLayout.StoredFile> files = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < lengths.length; i++) {
            long length = Math.abs(lengths[i]);
            files.add(new FileLayout.StoredFile(
                    List.of("torrent", "folder" + i % 3, "file" + i), length, lengths[i] >= 0));
            total += length;
        }
        FileLayout layout = new FileLayout(new PieceLayout(total, pieceLength), files);
        byte[] bytes = new byte[Math.toIntExact(total)];
        random.nextBytes(bytes);
        for (int file = 0; file < layout.files(); file++) {
            if (!layout.file(file).isStored()) {
                int begin = (int) layout.offset(file);
                Arrays.fill(bytes, begin, begin + (int) layout.file(file).length(), (byte) 0);
            }
        }
        return new Samples(layout, bytes);
    }

    /** Between 1 and 12 files, some empty, some for padding, of up to a few pieces each. */
    static Samples any(RandomGenerator random, int pieceLength) {
        long[] lengths = new long[random.nextInt(1, 13)];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> -random.nextInt(1, pieceLength);
                case 2 -> random.nextInt(1, 4 * pieceLength);
                default -> random.nextInt(1, pieceLength);
            };
        }
        lengths[0] = random.nextInt(1, 2 * pieceLength);
        return of(random, pieceLength, lengths);
    }

    PieceLayout pieces() {
        return layout.pieces();
    }

    byte[] piece(int piece) {
        int begin = (int) pieces().offset(piece);
        return Arrays.copyOfRange(bytes, begin, begin + pieces().length(piece));
    }

    ByteBuffer directPiece(int piece) {
        return direct(piece(piece));
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    PieceChecker.PieceHashes hashes() {
        return (piece, sha1) -> Arrays.equals(sha1, sha1(piece(piece)));
    }

    static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
