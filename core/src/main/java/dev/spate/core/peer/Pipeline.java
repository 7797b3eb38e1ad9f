package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our requests in flight at one peer, in the order in which they were made.
 *
 * <p>A ring. Its first {@code sent} entries went out, with the time noted; the rest wait for the next draining. Peers answer
 * nearly always in order, so that a look-up ends at the first entry; the worst case walks the ring, which is bounded by the
 * peer's own limit of requests.
 */
final class Pipeline {
    private static final int FIRST_CAPACITY = 8;
    private static final @Nullable BlockRange[] NO_BLOCKS = {};
    private static final long[] NO_TIMES = {};

    // Both arrays have the same length, a power of two, or 0 while nothing was ever requested: idle peers hold nothing.
    private @Nullable BlockRange[] blocks = NO_BLOCKS;
    private long[] sentAt = NO_TIMES;
    private int head;
    private int size;
    private int sent;

    int size() {
        return size;
    }

    /** How many of them went out. */
    int sent() {
        return sent;
    }

    boolean hasUnsent() {
        return sent < size;
    }

    void add(BlockRange block) {
        if (size == blocks.length) {
            grow();
        }
        blocks[at(size)] = block;
        size++;
    }

    boolean contains(BlockRange block) {
        return find(block) >= 0;
    }

    /** Whether this block was asked for and the request went out. */
    boolean containsSent(BlockRange block) {
        int index = find(block);
        return index >= 0 && index < sent;
    }

    /** Takes a block out; returns false if it was not there. */
    boolean remove(BlockRange block) {
        int index = find(block);
        if (index < 0) {
            return false;
        }
        // The entries in front move up: few, since answers come nearly in order.
        for (int i = index; i > 0; i--) {
            blocks[at(i)] = blocks[at(i - 1)];
            sentAt[at(i)] = sentAt[at(i - 1)];
        }
        blocks[head] = null;
        head = at(1);
        size--;
        if (index < sent) {
            sent--;
        }
        return true;
    }

    /** The next request to send, which counts as sent from now on; null when all are. */
    @Nullable
    BlockRange send(long now) {
        if (sent == size) {
            return null;
        }
        int slot = at(sent++);
        sentAt[slot] = now;
        return blocks[slot];
    }

    /** When the oldest of the sent ones went out; only while {@link #sent} is not 0. */
    long oldestSentAt() {
        assert sent > 0;
        return sentAt[head];
    }

    /** Takes all but the first {@code keep} blocks out and appends them to {@code into}. */
    void removeFrom(int keep, List<BlockRange> into) {
        for (int i = keep; i < size; i++) {
            BlockRange block = blocks[at(i)];
            assert block != null;
            into.add(block);
            blocks[at(i)] = null;
        }
        size = Math.min(size, keep);
        sent = Math.min(sent, keep);
    }

    /** All blocks, the oldest first; a copy. */
    List<BlockRange> blocks() {
        List<BlockRange> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            BlockRange block = blocks[at(i)];
            assert block != null;
            all.add(block);
        }
        return all;
    }

    /** The oldest block, or null. */
    @Nullable
    BlockRange oldest() {
        return size == 0 ? null : blocks[head];
    }

    private int find(BlockRange block) {
        for (int i = 0; i < size; i++) {
            BlockRange other = blocks[at(i)];
            if (other != null
                    && other.begin() == block.begin()
                    && other.piece() == block.piece()
                    && other.length() == block.length()) {
                return i;
            }
        }
        return -1;
    }

    private int at(int index) {
        return head + index & blocks.length - 1;
    }

    private void grow() {
        int length = blocks.length;
        int capacity = Math.max(FIRST_CAPACITY, 2 * length);
        @Nullable BlockRange[] moreBlocks = new @Nullable BlockRange[capacity];
        long[] moreTimes = new long[capacity];
        int front = length - head;
        System.arraycopy(blocks, head, moreBlocks, 0, front);
        System.arraycopy(blocks, 0, moreBlocks, front, head);
        System.arraycopy(sentAt, head, moreTimes, 0, front);
        System.arraycopy(sentAt, 0, moreTimes, front, head);
        blocks = moreBlocks;
        sentAt = moreTimes;
        head = 0;
    }

    @Override
    public String toString() {
        return sent + " sent of " + size + " " + Arrays.toString(blocks);
    }
}
