package dev.spate.core.swarm;

import java.time.Duration;

/**
 * When all peers are looked at for what runs by the clock for each of them: keep-alives, silence, snubs, time-outs.
 *
 * <p>One deadline serves all: it is never later than the earliest of theirs. It may come too early, since traffic moves a peer's
 * deadlines on without telling; then a sweep costs a walk and finds nothing. So a swarm of idle peers is walked once in about
 * two minutes.
 */
final class Sweeps {

    /** They are never closer than this, whatever peers would like. */
    private static final long GAP = Duration.ofMillis(250).toNanos();

    private long dueAt = Long.MAX_VALUE;
    private long sweptAt;
    private boolean swept;

    /** A peer wants to be looked at by then. */
    void notAfter(long moment) {
        dueAt = Math.min(dueAt, moment);
    }

    long deadline() {
        return dueAt == Long.MAX_VALUE || !swept ? dueAt : Math.max(dueAt, sweptAt + GAP);
    }

    /** Whether a sweep is to be made now; if so, it counts as made, and peers have to say anew when they want the next. */
    boolean begin(long now) {
        if (now < dueAt || (swept && now - sweptAt < GAP)) {
            return false;
        }
        swept = true;
        sweptAt = now;
        dueAt = Long.MAX_VALUE;
        return true;
    }
}
