package dev.spate.core.picker;

import java.util.Arrays;

/** How many blocks are in flight from each peer. */
final class InFlight {
    private int[] blocks = new int[16];

    int of(int peer) {
        return peer < blocks.length ? blocks[peer] : 0;
    }

    void add(int peer, int change) {
        if (peer >= blocks.length) {
            blocks = Arrays.copyOf(blocks, Math.max(peer + 1, 2 * blocks.length));
        }
        blocks[peer] += change;
        assert blocks[peer] >= 0 : "less than nothing in flight from " + peer;
    }
}
