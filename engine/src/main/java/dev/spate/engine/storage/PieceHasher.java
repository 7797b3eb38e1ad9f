package dev.spate.engine.storage;

import dev.spate.io.memory.DirectMemory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * SHA-1 over off-heap memory, with memory of its own that is used again. Not safe for use by several threads.
 *
 * <p>The JDK's SHA-1 works on arrays; given a direct buffer it copies through a new array of 4 KiB at each call. Copying through
 * one array that stays in the first-level cache is as fast warm, a fifth faster cold, and leaves no garbage.
 */
final class PieceHasher {

    /** Bytes of {@link #scratch}: what one read or write of full speed takes. */
    static final int SCRATCH_LENGTH = PieceBuffers.SLAB_LENGTH;

    private static final int STEP = 8 * 1024;

    private final MessageDigest sha1 = sha1();
    private final byte[] copy = new byte[STEP];
    private @Nullable ByteBuffer scratch;

    /** Takes in what remains of the buffer; its position stays. */
    void update(ByteBuffer data) {
        if (data.hasArray()) {
            sha1.update(data.array(), data.arrayOffset() + data.position(), data.remaining());
            return;
        }
        for (int at = data.position(), end = data.limit(); at < end; at += STEP) {
            int length = Math.min(STEP, end - at);
            data.get(at, copy, 0, length);
            sha1.update(copy, 0, length);
        }
    }

    /** The 20 bytes of the hash of what was taken in; ready for the next. */
    byte[] digest() {
        return sha1.digest();
    }

    /** Forgets what was taken in. */
    void reset() {
        sha1.reset();
    }

    /**
     * The first 8 bytes of the hash of what remains: enough to tell which of two peers sent the bad block, since neither could
     * find a second block with the same digest.
     */
    long blockDigest(ByteBuffer block) {
        sha1.reset();
        update(block);
        return ByteBuffer.wrap(sha1.digest()).getLong();
    }

    /** An off-heap buffer of {@link #SCRATCH_LENGTH} for the owner's use, cleared. */
    ByteBuffer scratch() {
        ByteBuffer buffer = scratch;
        if (buffer == null) {
            buffer = DirectMemory.allocate(SCRATCH_LENGTH);
            scratch = buffer;
        }
        return buffer.clear();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
