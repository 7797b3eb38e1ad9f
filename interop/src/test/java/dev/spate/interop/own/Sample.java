package dev.spate.interop.own;

import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A torrent of several files and what it is made of.
 *
 * @param file the torrent file
 * @param source the folder that holds the payload
 */
public record Sample(Metainfo metainfo, Path file, Path source) {

    /**
     * What a session knew of a torrent when it began.
     *
     * @param checked pieces that it had to look at
     * @param pieces those that it has
     */
    public record Found(int checked, PieceSet pieces) {}

    /** Makes one below {@code folder}, with bytes that do not compress. */
    public static Sample make(Path folder, String name, int pieceLength, List<Integer> lengths) throws IOException {
        Path source = folder.resolve("source");
        var random = new SplittableRandom(name.hashCode());
        for (int i = 0; i < lengths.size(); i++) {
            Path path = source.resolve(name).resolve("d" + i % 3).resolve("f" + i);
            Files.createDirectories(path.getParent());
            byte[] bytes = new byte[lengths.get(i)];
            random.nextBytes(bytes);
            Files.write(path, bytes);
        }
        Metainfo metainfo;
        try {
            metainfo = TorrentBuilder.of(source.resolve(name))
                    .pieceLength(pieceLength)
                    .build();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        Path file = Files.write(folder.resolve(name + ".torrent"), metainfo.toBytes());
        return new Sample(metainfo, file, source);
    }

    public String name() {
        return metainfo.name();
    }

    public int pieces() {
        return metainfo.layout().pieces();
    }

    public PieceLayout layout() {
        return metainfo.layout();
    }

    Found found(String line) {
        String[] words = line.split(" ", -1);
        byte[] bitfield = HexFormat.of().parseHex(words[3]);
        if (PieceSet.ofBitfield(bitfield, pieces()) instanceof Decoding.Decoded<PieceSet>(PieceSet have)) {
            return new Found(Integer.parseInt(words[2]), have);
        }
        throw new AssertionError(line);
    }

    /** Where a file of the payload is below a download folder. */
    public Path path(Path folder, FileEntry entry) {
        return folder.resolve(name()).resolve(entry.pathText());
    }

    /** The bytes of the payload at an offset of the whole. */
    public byte[] bytes(Path folder, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (FileEntry entry : metainfo.files()) {
            long from = Math.max(offset, entry.offset());
            long to = Math.min(offset + length, entry.offset() + entry.length());
            if (from < to) {
                try (var in = new RandomAccessFile(path(folder, entry).toFile(), "r")) {
                    in.seek(from - entry.offset());
                    in.readFully(bytes, (int) (from - offset), (int) (to - from));
                }
            }
        }
        return bytes;
    }

    /** Whether a piece below a download folder has the right bytes. */
    public boolean isRight(Path folder, int piece) throws IOException {
        long offset = layout().offset(piece);
        int length = layout().length(piece);
        return Arrays.equals(bytes(folder, offset, length), bytes(source, offset, length));
    }

    /** Whether every file below a download folder is, byte for byte, that of the payload. */
    public boolean isWhole(Path folder) throws IOException {
        for (FileEntry entry : metainfo.files()) {
            if (Files.mismatch(path(source, entry), path(folder, entry)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
