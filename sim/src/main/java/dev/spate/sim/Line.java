package dev.spate.sim;

/**
 * How fast a host can send and receive.
 *
 * @param upBytesPerSecond shared by all its connections, at least 1
 * @param downBytesPerSecond the same
 */
public record Line(long upBytesPerSecond, long downBytesPerSecond) {

    /** 100 Mbit/s both ways. */
    public static final Line FAST = mbit(100, 100);

    public Line {
        if (upBytesPerSecond < 1 || downBytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "a line without bandwidth: " + upBytesPerSecond + " up, " + downBytesPerSecond + " down");
        }
    }

    /** A line as it is sold. */
    public static Line mbit(int up, int down) {
        return new Line(up * 125_000L, down * 125_000L);
    }

    long upNanos(int bytes) {
        return nanos(bytes, upBytesPerSecond);
    }

    long downNanos(int bytes) {
        return nanos(bytes, downBytesPerSecond);
    }

    private static long nanos(int bytes, long bytesPerSecond) {
        return Math.max(1, bytes * 1_000_000_000L / bytesPerSecond);
    }
}
