package dev.spate.core.swarm;

import dev.spate.core.rate.TokenBucket;
import dev.spate.core.rate.Tokens;

/** How fast one peer is served while it is somebody with whom we trade: blocks are taken for it as far as this allows. */
final class Allowance {
    private final TokenBucket bucket;
    private final Tokens tokens;

    Allowance(long rateBytesPerSecond, long now) {
        bucket = new TokenBucket(rateBytesPerSecond, 1, now);
        tokens = bucket.branch(0);
    }

    void setRate(long rateBytesPerSecond, long now) {
        if (rateBytesPerSecond != bucket.rate()) {
            bucket.setRate(rateBytesPerSecond, now);
        }
    }

    /** Whether a block may go; it may be more than is allowed yet, which is made up for afterwards. */
    boolean mayTake(long now) {
        return tokens.available(now) > 0;
    }

    void taken(int bytes, long now) {
        tokens.take(bytes, now);
    }

    long nanosUntil(long now) {
        return tokens.nanosUntil(now);
    }
}
