package dev.spate.sim;

import java.time.Duration;

/**
 * What a host's memory and disk are like.
 *
 * @param hashing how long it takes to hash a piece
 * @param writing how long it takes to write one
 * @param buffers how many pieces there is memory for at a time, at least 1
 * @param writeFailures which part of the writes fails, 0 to 1
 */
public record DiskOptions(Duration hashing, Duration writing, int buffers, double writeFailures) {

    /** A millisecond to hash, two to write, memory for 64 pieces. */
    public static final DiskOptions GOOD = new DiskOptions(Duration.ofMillis(1), Duration.ofMillis(2), 64, 0);

    public DiskOptions {
        if (hashing.isNegative() || writing.isNegative()) {
            throw new IllegalArgumentException("a disk that is faster than time");
        }
        if (buffers < 1 || !(writeFailures >= 0 && writeFailures <= 1)) {
            throw new IllegalArgumentException(buffers + " buffers, failures " + writeFailures);
        }
    }
}
