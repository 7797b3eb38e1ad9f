package dev.spate.engine.storage;

import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Compares pieces with their hashes; one for a session. Safe for use by several threads, each of which gets a hasher of its own
 * for the time of one call.
 */
public final class PieceChecker {

    /** The hashes that a torrent's pieces must have. Safe for use by several threads. */
    @FunctionalInterface
    public interface PieceHashes {

        /** Whether these 20 bytes are the piece's SHA-1. */
        boolean matches(int piece, byte[] sha1);
    }

    /** Hashers kept for later; more than that many workers at once allocate. */
    private static final int MAX_KEPT = 64;

    private final ArrayDeque<PieceHasher> spare = new ArrayDeque<>();

    /** A hasher for the caller alone, until it is given back. */
    PieceHasher take() {
        synchronized (spare) {
            if (!spare.isEmpty()) {
                return spare.pop();
            }
        }
        return new PieceHasher();
    }

    void giveBack(PieceHasher hasher) {
        hasher.reset();
        synchronized (spare) {
            if (spare.size() < MAX_KEPT) {
                spare.push(hasher);
            }
        }
    }

    /** Whether the remaining bytes of the parts, one after the other, are the piece. */
    boolean matches(PieceHashes hashes, int piece, List<ByteBuffer> parts) {
        PieceHasher hasher = take();
        try {
            parts.forEach(hasher::update);
            return hashes.matches(piece, hasher.digest());
        } finally {
            giveBack(hasher);
        }
    }

    /** Whether the piece on disk is what it should be. A file that is missing or too short is an exception. */
    boolean matches(PieceHashes hashes, int piece, TorrentStorage storage) throws StorageException {
        return hashes.matches(piece, sha1(piece, storage));
    }

    /** The hash of a piece on disk. A file that is missing or too short is an exception. */
    byte[] sha1(int piece, TorrentStorage storage) throws StorageException {
        PieceHasher hasher = take();
        try {
            PieceLayout layout = storage.layout().pieces();
            int length = layout.length(piece);
            for (int begin = 0; begin < length; begin += PieceHasher.SCRATCH_LENGTH) {
                ByteBuffer scratch = hasher.scratch().limit(Math.min(PieceHasher.SCRATCH_LENGTH, length - begin));
                storage.read(layout.offset(piece) + begin, scratch);
                hasher.update(scratch.flip());
            }
            return hasher.digest();
        } finally {
            giveBack(hasher);
        }
    }

    /** The digests of a piece's blocks, in order. The parts' lengths are multiples of a block, but for the last. */
    long[] blockDigests(int blocks, List<ByteBuffer> parts) {
        PieceHasher hasher = take();
        try {
            long[] digests = new long[blocks];
            int block = 0;
            for (ByteBuffer part : parts) {
                for (int at = part.position(); at < part.limit(); at += PieceLayout.BLOCK_LENGTH) {
                    int length = Math.min(PieceLayout.BLOCK_LENGTH, part.limit() - at);
                    digests[block++] = hasher.blockDigest(part.slice(at, length));
                }
            }
            return digests;
        } finally {
            giveBack(hasher);
        }
    }

    /** The digests of the blocks of a piece on disk, in order. */
    long[] blockDigests(int piece, TorrentStorage storage) throws StorageException {
        PieceHasher hasher = take();
        try {
            PieceLayout layout = storage.layout().pieces();
            long[] digests = new long[layout.blocks(piece)];
            for (int i = 0; i < digests.length; i++) {
                ByteBuffer scratch =
                        hasher.scratch().limit(layout.block(piece, i).length());
                storage.read(layout.offset(piece) + (long) i * PieceLayout.BLOCK_LENGTH, scratch);
                digests[i] = hasher.blockDigest(scratch.flip());
            }
            return digests;
        } finally {
            giveBack(hasher);
        }
    }
}
