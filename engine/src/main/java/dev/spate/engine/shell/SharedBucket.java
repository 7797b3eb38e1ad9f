package dev.spate.engine.shell;

import dev.spate.core.rate.TokenBucket;
import dev.spate.core.rate.Tokens;

/**
 * A {@link TokenBucket} that several lanes take from, each from its own branch. Thread-safe.
 *
 * <p>A lock guards it, which is held for a few additions, and is asked for some times a read or a write of up to 256 KiB; flows
 * without limits have no buckets and never come here.
 */
final class SharedBucket {
    private final TokenBucket bucket;
    private final Tokens[] branches;

    SharedBucket(long rateBytesPerSecond, int lanes, long now) {
        bucket = new TokenBucket(rateBytesPerSecond, lanes, now);
        branches = new Tokens[lanes];
        for (int i = 0; i < lanes; i++) {
            branches[i] = new Branch(this, bucket.branch(i));
        }
    }

    synchronized void setRate(long rateBytesPerSecond, long now) {
        bucket.setRate(rateBytesPerSecond, now);
    }

    Tokens branch(int lane) {
        return branches[lane];
    }

    private record Branch(SharedBucket owner, Tokens tokens) implements Tokens {
        @Override
        public long available(long now) {
            synchronized (owner) {
                return tokens.available(now);
            }
        }

        @Override
        public void take(long bytes, long now) {
            synchronized (owner) {
                tokens.take(bytes, now);
            }
        }

        @Override
        public void give(long bytes, long now) {
            synchronized (owner) {
                tokens.give(bytes, now);
            }
        }

        @Override
        public void waits(int change, long now) {
            synchronized (owner) {
                tokens.waits(change, now);
            }
        }

        @Override
        public boolean isWaitedFor() {
            synchronized (owner) {
                return tokens.isWaitedFor();
            }
        }

        @Override
        public long nanosUntil(long now) {
            synchronized (owner) {
                return tokens.nanosUntil(now);
            }
        }
    }
}
