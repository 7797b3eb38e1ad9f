package dev.spate.core.rate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection in one direction, under the limits of a {@link Throttle}.
 *
 * <pre>
 *   FREE --most: a limit is reached, or others wait for it--> IN LINE --a turn--> GRANTED --moved: drained, or all used--> FREE
 *     `-- most: tokens are there -----------------------------------------------> GRANTED
 * </pre>
 *
 * <p>Not safe for use by several threads.
 *
 * @param <T> who owns it
 */
public final class Flow<T> {
    /** A deeper debt than this is not remembered against a flow. */
    private static final long DEEPEST = 4 * TokenBucket.LEAST_BURST;

    private final Throttle<T> throttle;
    final T owner;
    private List<Tokens> limits;
    /** Taken from all limits and not used yet. */
    private long granted;
    /** The deficit of deficit round-robin; negative for one who took more than its turn. */
    private long deficit;
    /** The number of the throttle's tick that granted something; 0 for none. */
    long servedAt;
    /** What it waits for, while it is in line. */
    private @Nullable Tokens obstacle;

    Flow(Throttle<T> throttle, T owner, List<Tokens> limits) {
        this.throttle = throttle;
        this.owner = owner;
        this.limits = List.copyOf(limits);
    }

    /**
     * How much may be moved now.
     *
     * @param wanted bytes; 0 asks for nothing and waits for nothing
     * @return at most {@code wanted}; 0 when it has to wait, and then {@link Throttle#poll} will name the owner. What is
     *     moved is told to {@link #moved}, also if it was nothing
     */
    public long most(long wanted, long now) {
        if (wanted <= 0 || obstacle != null) {
            return 0;
        }
        if (granted == 0) {
            boolean hadItsTurn = throttle.hadItsTurn(this);
            long available = wanted;
            for (int i = 0; i < limits.size(); i++) {
                Tokens limit = limits.get(i);
                long here = hadItsTurn || limit.isWaitedFor() ? 0 : limit.available(now);
                if (here == 0) {
                    waitFor(limit, now);
                    throttle.join(this, now);
                    return 0;
                }
                available = Math.min(available, here);
            }
            // Nobody waits, so nobody is treated unfairly, whatever was overdrawn.
            deficit = 0;
            grant(available, now);
        }
        return Math.min(wanted, granted);
    }

    /**
     * So many bytes were moved; they may be more than were allowed, which is made up for later.
     *
     * @param drained whether there is nothing more to move now: what was granted is given back
     */
    public void moved(long bytes, boolean drained, long now) {
        long paid = Math.min(bytes, granted);
        granted -= paid;
        if (bytes > paid) {
            deficit = Math.max(deficit - (bytes - paid), -DEEPEST);
            for (Tokens limit : limits) {
                limit.take(bytes - paid, now);
            }
        }
        if (drained) {
            giveBack(now);
        }
    }

    /** Whether it is in line. */
    public boolean isWaiting() {
        return obstacle != null;
    }

    /** Puts it under other limits; if it waits, it keeps its place. */
    public void limit(List<Tokens> newLimits, long now) {
        giveBack(now);
        if (obstacle != null) {
            obstacle.waits(-1, now);
            obstacle = null;
            limits = List.copyOf(newLimits);
            if (limits.isEmpty()) {
                throw new IllegalArgumentException("one that waits needs a limit to wait for: end it instead");
            }
            waitFor(limits.getFirst(), now);
        } else {
            limits = List.copyOf(newLimits);
        }
    }

    /** It moves nothing any more. */
    public void end(long now) {
        throttle.leave(this);
        if (obstacle != null) {
            obstacle.waits(-1, now);
            obstacle = null;
        }
        giveBack(now);
    }

    @Nullable
    Tokens obstacle() {
        return obstacle;
    }

    /** A limit that has no tokens; null if each has. */
    @Nullable
    Tokens spent(long now) {
        for (Tokens limit : limits) {
            if (limit.available(now) == 0) {
                return limit;
            }
        }
        return null;
    }

    void waitFor(Tokens limit, long now) {
        if (obstacle != null) {
            obstacle.waits(-1, now);
        }
        obstacle = limit;
        limit.waits(1, now);
    }

    /** What it overdrew and has not made up for. */
    long debt() {
        return Math.max(0, -deficit);
    }

    void forgive(long bytes) {
        deficit = Math.min(0, deficit + bytes);
    }

    /**
     * Its turn, and no limit is spent.
     *
     * @param sharers among how many what there is is to be shared; 1 or more
     * @return whether it got something, and leaves the line
     */
    boolean turn(int sharers, long now) {
        long available = Long.MAX_VALUE;
        for (Tokens limit : limits) {
            available = Math.min(available, limit.available(now));
        }
        long share = Math.max(1, available / sharers);
        deficit = Math.min(deficit + share, share);
        if (deficit <= 0) {
            return false;
        }
        long turn = Math.min(available, Math.max(deficit, TokenBucket.LEAST_BURST));
        grant(turn, now);
        deficit -= turn;
        if (obstacle != null) {
            obstacle.waits(-1, now);
            obstacle = null;
        }
        return true;
    }

    private void grant(long bytes, long now) {
        granted += bytes;
        for (Tokens limit : limits) {
            limit.take(bytes, now);
        }
    }

    private void giveBack(long now) {
        if (granted > 0) {
            for (Tokens limit : limits) {
                limit.give(granted, now);
            }
            granted = 0;
        }
    }
}
