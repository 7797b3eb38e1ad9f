package dev.spate.sim;

import java.time.Duration;

/**
 * How a host is connected.
 *
 * @param upBytesPerSecond shared by all its connections, at least 1
 * @param downBytesPerSecond the same
 * @param latency one way, beside the network's own
 * @param loss which part of its packets is lost and arrives later, 0 to 1, beside the network's own
 * @param reachable whether others can connect to it; not behind a router that lets nobody in
 */
public record Line(long upBytesPerSecond, long downBytesPerSecond, Duration latency, double loss, boolean reachable) {

    /** 100 Mbit/s both ways. */
    public static final Line FAST = mbit(100, 100);

    public Line {
        if (upBytesPerSecond < 1 || downBytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "a line without bandwidth: " + upBytesPerSecond + " up, " + downBytesPerSecond + " down");
        }
        if (latency.isNegative() || !(loss >= 0 && loss <= 1)) {
            throw new IllegalArgumentException("latency " + latency + ", loss " + loss);
        }
    }

    /** A line that adds nothing to what the network does, and lets everybody in. */
    public Line(long upBytesPerSecond, long downBytesPerSecond) {
        this(upBytesPerSecond, downBytesPerSecond, Duration.ZERO, 0, true);
    }

    /** A line as it is sold. */
    public static Line mbit(int up, int down) {
        return new Line(up * 125_000L, down * 125_000L);
    }

    public Line withLatency(Duration more) {
        return new Line(upBytesPerSecond, downBytesPerSecond, more, loss, reachable);
    }

    public Line withLoss(double part) {
        return new Line(upBytesPerSecond, downBytesPerSecond, latency, part, reachable);
    }

    /** The same behind a router that lets nobody in. */
    public Line unreachable() {
        return new Line(upBytesPerSecond, downBytesPerSecond, latency, loss, false);
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
