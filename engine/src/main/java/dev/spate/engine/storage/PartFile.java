package dev.spate.engine.storage;

import dev.spate.engine.store.ContentStore.ContentFile;
import dev.spate.engine.store.FileStamp;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The one hidden file that holds, of pieces on the border between wanted and unwanted files, the parts that belong to the unwanted.
 * Safe for use by several threads, as long as no slot is released while it is read or written.
 *
 * <pre>
 *   header   64 bytes: "SPATEPRT", version 1, piece length, info-hash, CRC-32C of these; zeros
 *   slots    each: 16 bytes of record: slot number, piece, CRC-32C of the info-hash and both; zeros
 *                  then the bytes of a piece, each at its place in the piece, with holes where they are none of ours
 * </pre>
 *
 * <p>A record tells which piece a slot belongs to, and nothing about whether its bytes are there: that is the claim of the resume
 * data, as for all other pieces. Record and bytes are forced with the same call, so a claimed piece has its record. A record that is
 * torn, or one of two for the same piece, counts as none: the piece is fetched again.
 */
final class PartFile {
    static final int HEADER_LENGTH = 64;
    static final int RECORD_LENGTH = 16;

    private static final byte[] MAGIC = "SPATEPRT".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final Digest infoHash;
    private final PieceLayout pieces;
    private final ContentFile file;
    private final Path path;

    // Guarded by this.
    private final SortedMap<Integer, Integer> slots = new TreeMap<>();
    private final BitSet used = new BitSet();
    private boolean loaded;
    private boolean exists;

    /**
     * Looks at nothing yet.
     *
     * @param path for messages
     */
    PartFile(Digest infoHash, PieceLayout pieces, ContentFile file, Path path) {
        this.infoHash = infoHash;
        this.pieces = pieces;
        this.file = file;
        this.path = path;
    }

    /** Whether there is a slot for a piece. */
    synchronized boolean holds(int piece) throws StorageException {
        load();
        return slots.containsKey(piece);
    }

    /** The pieces that have a slot, in order. */
    synchronized List<Integer> pieces() throws StorageException {
        load();
        return List.copyOf(slots.keySet());
    }

    /** Writes all that remains to its place in a piece; makes the file and the slot as needed. */
    void write(int piece, int begin, ByteBuffer from) throws StorageException {
        long at = slotFor(piece) + RECORD_LENGTH + begin;
        try {
            file.write(from, at);
        } catch (IOException e) {
            throw StorageException.of("write", path, e);
        }
    }

    /** Fills a buffer with bytes of a piece. */
    void read(int piece, int begin, ByteBuffer into) throws StorageException {
        Integer slot;
        synchronized (this) {
            load();
            slot = slots.get(piece);
        }
        if (slot == null) {
            throw new StorageException.Missing("read piece " + piece + " from", path, null);
        }
        try {
            file.read(into, offset(slot) + RECORD_LENGTH + begin);
        } catch (EOFException e) {
            throw new StorageException.Changed("read", path, "it ends before the end of a piece", e);
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
    }

    /** Gives a piece's slot up; its bytes are of no more use. The file goes with the last. */
    synchronized void release(int piece) throws StorageException {
        load();
        Integer slot = slots.get(piece);
        if (slot == null) {
            return;
        }
        try {
            if (slots.size() == 1) {
                file.delete();
                exists = false;
            } else {
                file.write(ByteBuffer.allocateDirect(RECORD_LENGTH), offset(slot));
            }
        } catch (IOException e) {
            throw StorageException.of("write", path, e);
        }
        slots.remove(piece);
        used.clear(slot);
    }

    /** Returns when what was written is on the device. */
    void force() throws StorageException {
        synchronized (this) {
            if (!exists) {
                return;
            }
        }
        try {
            file.force();
        } catch (IOException e) {
            throw StorageException.of("force to disk", path, e);
        }
    }

    FileStamp stamp() throws StorageException {
        try {
            return file.stamp().orElse(TorrentStorage.NO_FILE);
        } catch (IOException e) {
            throw StorageException.of("look at", path, e);
        }
    }

    synchronized void delete() throws StorageException {
        load();
        if (exists) {
            try {
                file.delete();
            } catch (IOException e) {
                throw StorageException.of("delete", path, e);
            }
            exists = false;
            slots.clear();
            used.clear();
        }
    }

    void close() throws StorageException {
        try {
            file.close();
        } catch (IOException e) {
            throw StorageException.of("close", path, e);
        }
    }

    private long offset(int slot) {
        return HEADER_LENGTH + (long) slot * (RECORD_LENGTH + pieces.pieceLength());
    }

    private synchronized long slotFor(int piece) throws StorageException {
        load();
        Integer known = slots.get(piece);
        if (known != null) {
            return offset(known);
        }
        int slot = used.nextClearBit(0);
        try {
            if (!exists) {
                file.write(header(), 0);
                exists = true;
            }
            // So that no read ends early, whatever parts of the piece were written; a hole costs nothing.
            if (file.stamp().map(FileStamp::length).orElse(0L) < offset(slot + 1)) {
                file.setLength(offset(slot + 1));
            }
            file.write(record(slot, piece), offset(slot));
        } catch (IOException e) {
            throw StorageException.of("write", path, e);
        }
        slots.put(piece, slot);
        used.set(slot);
        return offset(slot);
    }

    private void load() throws StorageException {
        if (loaded) {
            return;
        }
        try {
            Optional<FileStamp> stamp = file.stamp();
            if (stamp.isPresent() && stamp.get().length() > 0) {
                readIndex(stamp.get().length());
            }
            loaded = true;
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
    }

    private void readIndex(long length) throws IOException, StorageException {
        ByteBuffer found = read(0, (int) Math.min(length, HEADER_LENGTH));
        if (!found.equals(header())) {
            if (!isBlank(found)) {
                throw new StorageException.NameClash(List.of(path), "it is not this torrent's part file", null);
            }
            // What a loss of power leaves: a length, and no bytes.
            return;
        }
        exists = true;
        BitSet twice = new BitSet();
        for (int slot = 0; offset(slot + 1) <= length && slot < pieces.pieces(); slot++) {
            ByteBuffer record = read(offset(slot), RECORD_LENGTH);
            int piece = record.getInt(4);
            if (piece >= 0 && piece < pieces.pieces() && record.equals(record(slot, piece))) {
                if (slots.putIfAbsent(piece, slot) != null) {
                    twice.set(piece);
                }
                used.set(slot);
            }
        }
        for (int piece = twice.nextSetBit(0); piece >= 0; piece = twice.nextSetBit(piece + 1)) {
            forget(slots.remove(piece));
        }
    }

    private void forget(@Nullable Integer slot) {
        if (slot != null) {
            used.clear(slot);
        }
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(length);
        try {
            file.read(into, at);
        } catch (EOFException | NoSuchFileException e) {
            // Cut meanwhile: what was not read are zeros, which are no record.
            into.clear();
            return into;
        }
        return into.flip();
    }

    private static boolean isBlank(ByteBuffer bytes) {
        return bytes.mismatch(ByteBuffer.allocate(bytes.remaining())) < 0;
    }

    private ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocateDirect(HEADER_LENGTH);
        header.put(MAGIC).putInt(VERSION).putInt(pieces.pieceLength()).put(infoHash.toBytes());
        header.putInt(crc(header.duplicate().flip()));
        return header.clear();
    }

    private ByteBuffer record(int slot, int piece) {
        ByteBuffer tied = ByteBuffer.allocate(Digest.SHA1_LENGTH + 8);
        tied.put(infoHash.toBytes()).putInt(slot).putInt(piece).flip();
        return ByteBuffer.allocateDirect(RECORD_LENGTH)
                .putInt(slot)
                .putInt(piece)
                .putInt(crc(tied))
                .clear();
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
