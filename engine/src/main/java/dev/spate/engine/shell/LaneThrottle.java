package dev.spate.engine.shell;

import dev.spate.core.rate.Throttle;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** Holds back the connections of one lane that are limited, and lets them go on. Confined to its lane. */
final class LaneThrottle {
    private final Lane lane;
    private final int number;
    private final Throttle<PeerThrottle> down = new Throttle<>();
    private final Throttle<PeerThrottle> up = new Throttle<>();
    private final LaneTimer timer;

    /** Those with connections. */
    private final Set<SwarmLimits> swarms = new LinkedHashSet<>();

    LaneThrottle(Lane lane, int number) {
        this.lane = lane;
        this.number = number;
        this.timer = lane.timer(this::timeout);
    }

    Lane lane() {
        return lane;
    }

    /** By which the lane is known in shared limits. */
    int number() {
        return number;
    }

    long now() {
        return lane.now();
    }

    Throttle<PeerThrottle> down() {
        return down;
    }

    Throttle<PeerThrottle> up() {
        return up;
    }

    void add(SwarmLimits swarm) {
        swarms.add(swarm);
    }

    void remove(SwarmLimits swarm) {
        swarms.remove(swarm);
    }

    /** Limits have changed; any thread. */
    void reviewSoon() {
        try {
            lane.execute(() -> swarms.forEach(SwarmLimits::review));
        } catch (RejectedExecutionException e) {
            // The lane has ended, and with it whatever could be limited.
            return;
        }
    }

    /** A flow waits, or limits have changed. */
    void arm() {
        long deadline = Math.min(down.deadline(), up.deadline());
        if (deadline != Long.MAX_VALUE) {
            timer.set(deadline);
        }
    }

    /** Limits that flows wait for may have changed. */
    void reviewed() {
        timer.set(now());
    }

    private void timeout() {
        long now = now();
        down.timeout(now);
        for (PeerThrottle next = down.poll(); next != null; next = down.poll()) {
            next.mayRead();
        }
        up.timeout(now);
        for (PeerThrottle next = up.poll(); next != null; next = up.poll()) {
            next.mayWrite();
        }
        arm();
    }
}
