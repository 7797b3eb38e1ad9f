package dev.spate.sim.scenario;

import java.time.Duration;

/** How long the hosts of a group take part. */
public sealed interface Stay {

    /** To the end. */
    record ToTheEnd() implements Stay {}

    /** Until a host has had all pieces for a time; then it says goodbye. */
    record UntilComplete(Duration lingering) implements Stay {
        public UntilComplete {
            if (lingering.isNegative()) {
                throw new IllegalArgumentException("negative: " + lingering);
            }
        }
    }

    /**
     * On and off, without a word each time, until it has all pieces; what is on disk stays. The times are exponentially distributed.
     *
     * @param meanUp how long it is up on average
     * @param meanDown how long it is down on average
     */
    record OnAndOff(Duration meanUp, Duration meanDown) implements Stay {
        public OnAndOff {
            if (!meanUp.isPositive() || !meanDown.isPositive()) {
                throw new IllegalArgumentException("no times: up " + meanUp + ", down " + meanDown);
            }
        }
    }
}
