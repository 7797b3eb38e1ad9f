package dev.spate.core.choke;

import java.util.Arrays;

/** How many interested peers are unchoked at a time. */
public final class Slots {
    /** BEP 3: "unchoking the four peers which it has the best download rates from and are interested". */
    public static final int DEFAULT = 4;

    /** By how much the rate that a peer must take rises from one slot to the next (libtorrent's default). */
    private static final long STEP_BYTES_PER_SECOND = 1024;

    private Slots() {}

    /**
     * As many slots as the uplink fills: each further one must be worth its while, or bandwidth is spread too thin.
     *
     * <p>The peers are looked at from the fastest down; the first must take 1 KiB/s from us, the second 2 KiB/s, and so on.
     * There are as many slots as there are peers up to the first that does not, and one more, so that a better number can be
     * found when there is room.
     *
     * @param uploadRates what we send to each peer now, in bytes per second, in any order; not changed
     * @param atLeast the fewest slots
     * @param atMost the most slots, not less than {@code atLeast}
     */
    public static int byRate(long[] uploadRates, int atLeast, int atMost) {
        if (atLeast < 0 || atMost < atLeast) {
            throw new IllegalArgumentException("slots from " + atLeast + " to " + atMost);
        }
        long[] ascending = uploadRates.clone();
        Arrays.sort(ascending);
        int worthwhile = 0;
        while (worthwhile < ascending.length
                && ascending[ascending.length - 1 - worthwhile] >= (worthwhile + 1) * STEP_BYTES_PER_SECOND) {
            worthwhile++;
        }
        return Math.clamp(worthwhile + 1, atLeast, atMost);
    }
}
