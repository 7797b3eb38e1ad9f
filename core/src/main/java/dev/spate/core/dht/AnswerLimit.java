package dev.spate.core.dht;

import java.util.random.RandomGenerator;

/**
 * Bounds how many answers one source gets. A leaky bucket, kept as the moment at which it would be empty.
 */
final class AnswerLimit {
    /** So many sources at a time are told apart, in 128 KiB. */
    static final int SOURCES = 8192;

    private final SourceTable emptyAt;
    private final long intervalNanos;
    private final long burstNanos;

    AnswerLimit(DhtSettings settings, RandomGenerator random, long now) {
        this.emptyAt = new SourceTable(SOURCES, random, now);
        this.intervalNanos = 1_000_000_000L / settings.answersPerSecond();
        this.burstNanos = intervalNanos * (settings.answerBurst() - 1);
    }

    /** Whether this source may have one more answer, which is counted then. */
    boolean allows(long source, long now) {
        long moment = emptyAt.moment(source, now);
        if (moment - now > burstNanos) {
            return false;
        }
        emptyAt.remember(source, moment + intervalNanos, now);
        return true;
    }
}
