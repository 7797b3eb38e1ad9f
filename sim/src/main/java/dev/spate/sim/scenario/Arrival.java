package dev.spate.sim.scenario;

import java.time.Duration;

/** When the hosts of a group come. */
public sealed interface Arrival {

    /** All at one moment after the beginning. */
    record Together(Duration at) implements Arrival {
        public Together {
            if (at.isNegative()) {
                throw new IllegalArgumentException("before the beginning: " + at);
            }
        }
    }

    /** Each at a moment of its own, by chance, all of them within a time from the beginning on. */
    record Within(Duration time) implements Arrival {
        public Within {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("no time: " + time);
            }
        }
    }
}
