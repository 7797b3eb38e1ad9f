package dev.spate.classic.descriptor;

/**
 * The numbers that a node goes by.
 *
 * @param tries how often a call is sent before its addressee counts as gone
 * @param firstWaitNanos how long the first try waits for an answer; each further one twice as long, all give or take a quarter
 * @param walkNanos how long the first walk is given; each further one twice as long, up to {@code restNanos}
 * @param restNanos how long a leech rests between walks; a seed five times as long
 * @param hops how often a walk is passed on
 * @param fanOut to how many neighbours a first walk is passed on by each node; each further walk twice as many
 * @param maxFanOut the most of them, also for the walks of strangers
 * @param quietNanos a peer that was silent for so long is looked after
 */
record NodeSettings(
        int tries,
        long firstWaitNanos,
        long walkNanos,
        long restNanos,
        int hops,
        int fanOut,
        int maxFanOut,
        long quietNanos) {

    private static final long MILLI = 1_000_000L;

    /** Four seconds is what the original waits for answers. */
    static final NodeSettings DEFAULTS =
            new NodeSettings(3, 500 * MILLI, 4_000 * MILLI, 60_000 * MILLI, 16, 3, 8, 120_000 * MILLI);

    NodeSettings {
        if (tries < 1 || hops < 1 || hops > 255 || fanOut < 1 || maxFanOut < fanOut || maxFanOut > 255) {
            throw new IllegalArgumentException(
                    "out of bounds: " + tries + ", " + hops + ", " + fanOut + ", " + maxFanOut);
        }
        if (firstWaitNanos < 1 || walkNanos < 1 || restNanos < walkNanos || quietNanos < 1) {
            throw new IllegalArgumentException("times out of bounds");
        }
    }
}
