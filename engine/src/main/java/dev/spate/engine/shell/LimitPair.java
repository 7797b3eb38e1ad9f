package dev.spate.engine.shell;

import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The limits of one thing in both directions; a direction without a limit has no bucket. Thread-safe. */
final class LimitPair {
    private final int lanes;
    private volatile @Nullable SharedBucket down;
    private volatile @Nullable SharedBucket up;

    /** @param lanes how many lanes share it; each sees it by its number */
    LimitPair(int lanes) {
        this.lanes = lanes;
    }

    synchronized void set(RateLimits limits, long now) {
        down = changed(down, limits.down(), now);
        up = changed(up, limits.up(), now);
    }

    private @Nullable SharedBucket changed(@Nullable SharedBucket present, long rate, long now) {
        if (rate == RateLimits.NO_LIMIT) {
            return null;
        }
        if (present == null) {
            return new SharedBucket(rate, lanes, now);
        }
        present.setRate(rate, now);
        return present;
    }

    void addDown(List<Tokens> to, int lane) {
        add(to, down, lane);
    }

    void addUp(List<Tokens> to, int lane) {
        add(to, up, lane);
    }

    private static void add(List<Tokens> to, @Nullable SharedBucket bucket, int lane) {
        if (bucket != null) {
            to.add(bucket.branch(lane));
        }
    }
}
