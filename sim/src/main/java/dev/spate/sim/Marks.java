package dev.spate.sim;

import dev.spate.wire.BlockRange;

/** Stand-ins for the content of blocks: equal where the data would be equal. */
final class Marks {
    private Marks() {}

    /** What everybody has who has the right data. */
    static long good(BlockRange block) {
        return ((long) block.piece() << 32 | block.begin()) & Long.MAX_VALUE;
    }

    /** Something else, different each time. */
    static long bad(BlockRange block, long nonce) {
        return good(block) * 31 + nonce | Long.MIN_VALUE;
    }
}
