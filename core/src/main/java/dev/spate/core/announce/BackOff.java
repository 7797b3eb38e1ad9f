package dev.spate.core.announce;

import java.util.random.RandomGenerator;

/** How long to wait after failures: doubling up to a bound, and spread so that clients of a failing tracker part company. */
record BackOff(long firstNanos, long longestNanos) {

    /** The wait after so many failures in a row, at least 1: from 75 to 125 per cent of what the doubling gives. */
    long nanos(int failures, RandomGenerator random) {
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(firstNanos) - 2);
        long wait = Math.min(longestNanos, firstNanos << doublings);
        return wait - wait / 4 + random.nextLong(wait / 2 + 1);
    }
}
