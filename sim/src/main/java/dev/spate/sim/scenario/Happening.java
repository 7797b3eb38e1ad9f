package dev.spate.sim.scenario;

import java.time.Duration;

/** Something that befalls the first hosts of a group, a share of it. */
public sealed interface Happening {

    /** The name of the group. */
    String group();

    /** Which part of the group, more than 0 and up to 1; one host at least. */
    double share();

    /** How long after the beginning. */
    Duration at();

    /** For how long. */
    Duration time();

    /** They cannot reach any others, nor be reached; what was under way arrives afterwards. */
    record Partition(String group, double share, Duration at, Duration time) implements Happening {
        public Partition {
            check(share, at, time);
        }
    }

    /** They lose their power and get it back; what was not on disk is lost. */
    record PowerCut(String group, double share, Duration at, Duration time) implements Happening {
        public PowerCut {
            check(share, at, time);
        }
    }

    /**
     * Their lines are clogged.
     *
     * @param slowdown only one byte in so many gets through, at least 2
     */
    record Clog(String group, double share, Duration at, Duration time, int slowdown) implements Happening {
        public Clog {
            check(share, at, time);
            if (slowdown < 2) {
                throw new IllegalArgumentException("a slowdown of " + slowdown);
            }
        }
    }

    /** Their disks are full: a write fails, and they pause until there is room again. */
    record DiskFull(String group, double share, Duration at, Duration time) implements Happening {
        public DiskFull {
            check(share, at, time);
        }
    }

    /** Their clocks jump forward by that time, as after they were suspended; it is over at once. */
    record ClockJump(String group, double share, Duration at, Duration time) implements Happening {
        public ClockJump {
            check(share, at, time);
        }
    }

    private static void check(double share, Duration at, Duration time) {
        if (!(share > 0 && share <= 1) || at.isNegative() || !time.isPositive()) {
            throw new IllegalArgumentException("share " + share + " at " + at + " for " + time);
        }
    }
}
