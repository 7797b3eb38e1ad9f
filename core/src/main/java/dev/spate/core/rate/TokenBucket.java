package dev.spate.core.rate;

/**
 * A limit: tokens, each the right to move one byte, flow in at a rate and are taken by several branches, one for each lane whose
 * flows share the limit.
 *
 * <p><b>Bursts.</b> While nobody waits the bucket fills up to a tenth of a second's worth, but to {@link #LEAST_BURST} at least. What flows in while
 * flows wait is owed to them, up to half a second's worth, so that a lane that comes late loses nothing. So within any time t no
 * more than {@code rate * (t + 1/2 s)} can be taken, plus what the last taker overdrew. A new bucket is empty.
 *
 * <p>Not safe for use by several threads: who shares one guards it with a lock.
 */
public final class TokenBucket {
    /*
     * Implementation note. What flows in goes, first, to pay debts; then to the branches in which flows wait, in proportion to their
     * number, each into a reserve that only that branch may take from; and if nobody waits, into a common pool for whoever comes
     * first. So a lane with ten hungry peers gets ten times what a lane with one gets, however often either of them looks, and a
     * lane without hungry peers costs the others nothing: the reserve of a branch where nobody waits goes back to the pool. (To split
     * what is there whenever a lane looks, by the same proportion, gives 94 parts of 100 to a lane that should get 90, because the
     * other finds only what the first one left.)
     *
     * Taking may overdraw, since a block is sent whole. The debt is bounded: small messages are never held back, and if they alone
     * exceed a limit, the blocks behind them must not wait for ever.
     */

    /** A block with its header; a smaller bucket could never send one without a debt. */
    static final long LEAST_BURST = (16 << 10) + 13;

    /** The deepest debt, or half a second's worth if that is more. */
    static final long LEAST_DEBT = 64 << 10;

    private static final long MILLION = 1_000_000;

    private final long[] reserved;
    private final int[] waiting;
    private int allWaiting;
    private long rate;
    private long common;
    private long refilledAt;
    /** What has flowed in and is less than a byte, in millionths. */
    private long remainder;

    /**
     * @param rateBytesPerSecond 1 to {@link RateLimits#MOST}
     * @param branches how many share it; 1 or more
     */
    public TokenBucket(long rateBytesPerSecond, int branches, long now) {
        this.rate = checked(rateBytesPerSecond);
        this.reserved = new long[branches];
        this.waiting = new int[branches];
        this.refilledAt = now;
    }

    private static long checked(long rate) {
        if (rate < 1 || rate > RateLimits.MOST) {
            throw new IllegalArgumentException("not the rate of a bucket: " + rate);
        }
        return rate;
    }

    /** Changes the rate. What was saved up beyond the bursts of the new rate is lost, debts deeper than its own are forgiven. */
    public void setRate(long rateBytesPerSecond, long now) {
        refill(now);
        rate = checked(rateBytesPerSecond);
        remainder = 0;
        long saved = Math.max(0, common);
        for (int i = 0; i < reserved.length; i++) {
            saved += reserved[i];
            reserved[i] = 0;
        }
        common = common < 0 ? Math.max(common, -deepestDebt()) : Math.min(saved, burst());
    }

    /** The bytes per second that flow in. */
    public long rate() {
        return rate;
    }

    /** The bucket as one of those sees it that share it. */
    public Tokens branch(int number) {
        return new Branch(this, number);
    }

    /** What it saves up while nobody waits. */
    private long burst() {
        return Math.max(rate / 10, LEAST_BURST);
    }

    /** What it saves up for those who wait, all branches together. */
    private long catchUp() {
        return Math.max(rate / 2, LEAST_BURST);
    }

    private long deepestDebt() {
        return Math.max(rate / 2, LEAST_DEBT);
    }

    private void refill(long now) {
        long micros = (now - refilledAt) / 1000;
        if (micros <= 0) {
            return;
        }
        refilledAt += micros * 1000;
        // After so long the bucket is full and every debt is paid.
        long flowed = rate * Math.min(micros, (Long.MAX_VALUE - MILLION) / rate) + remainder;
        remainder = flowed % MILLION;
        long bytes = flowed / MILLION;
        if (common < 0) {
            long paid = Math.min(bytes, -common);
            common += paid;
            bytes -= paid;
        }
        long saved = common;
        for (int i = 0; i < reserved.length; i++) {
            saved += reserved[i];
            if (waiting[i] == 0) {
                common += reserved[i];
                reserved[i] = 0;
            }
        }
        if (allWaiting == 0) {
            common = Math.max(common, Math.min(burst(), common + bytes));
        } else {
            share(Math.clamp(catchUp() - saved, 0, bytes));
        }
    }

    private void share(long bytes) {
        long left = bytes;
        int sharers = allWaiting;
        for (int i = 0; i < reserved.length && sharers > 0; i++) {
            long part = left * waiting[i] / sharers;
            reserved[i] += part;
            left -= part;
            sharers -= waiting[i];
        }
    }

    private record Branch(TokenBucket bucket, int number) implements Tokens {

        @Override
        public long available(long now) {
            bucket.refill(now);
            return bucket.reserved[number] + Math.max(0, bucket.common);
        }

        @Override
        public void take(long bytes, long now) {
            bucket.refill(now);
            long own = Math.min(bytes, bucket.reserved[number]);
            bucket.reserved[number] -= own;
            bucket.common = Math.max(bucket.common - (bytes - own), Math.min(bucket.common, -bucket.deepestDebt()));
        }

        @Override
        public void give(long bytes, long now) {
            bucket.refill(now);
            bucket.common = Math.min(bucket.common + bytes, bucket.catchUp());
        }

        @Override
        public void waits(int change, long now) {
            // What flowed in until now belongs to those who have waited until now.
            bucket.refill(now);
            bucket.waiting[number] += change;
            bucket.allWaiting += change;
            assert bucket.waiting[number] >= 0 : number;
        }

        @Override
        public boolean isWaitedFor() {
            return bucket.waiting[number] > 0;
        }

        @Override
        public long nanosUntil(long now) {
            return available(now) > 0 ? 0 : (long) ((1 - Math.min(0, bucket.common)) * 1e9 / bucket.rate);
        }
    }
}
