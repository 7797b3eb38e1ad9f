package dev.spate.core.rate;

/**
 * The most bytes per second, in each direction.
 *
 * @param down from peers: 1 to {@link #MOST}, or {@link #NO_LIMIT}
 * @param up to peers, likewise
 */
public record RateLimits(long down, long up) {

    /** Stands for the rate of a direction that is not limited. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    /** One TiB/s, beyond all networks: the arithmetic of {@link TokenBucket} is exact up to here. */
    public static final long MOST = 1L << 40;

    /** Neither direction is limited. */
    public static final RateLimits NONE = new RateLimits(NO_LIMIT, NO_LIMIT);

    public RateLimits {
        check(down);
        check(up);
    }

    private static void check(long bytesPerSecond) {
        if (bytesPerSecond < 1 || (bytesPerSecond > MOST && bytesPerSecond != NO_LIMIT)) {
            throw new IllegalArgumentException("not a rate in bytes per second: " + bytesPerSecond);
        }
    }

    /** The same upwards, another limit downwards. */
    public RateLimits withDown(long bytesPerSecond) {
        return new RateLimits(bytesPerSecond, up);
    }

    /** The same downwards, another limit upwards. */
    public RateLimits withUp(long bytesPerSecond) {
        return new RateLimits(down, bytesPerSecond);
    }
}
