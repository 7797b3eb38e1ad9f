package dev.spate.sim;

import java.time.Duration;

/**
 * What the network between the hosts is like. Peers speak TCP, so nothing is lost for good: a lost packet holds up what comes
 * after it, and a connection may break.
 *
 * @param latency one way, between any two hosts
 * @param jitter up to so much more, for each packet anew; order is kept
 * @param loss which part of packets is lost and arrives later, 0 to 1
 * @param lossDelay how much later
 * @param breakage after which part of packets the connection breaks, 0 to 1
 * @param windowBytes so much of a connection's data may be under way, at least {@link #SMALLEST_WINDOW}
 */
public record NetworkOptions(
        Duration latency, Duration jitter, double loss, Duration lossDelay, double breakage, int windowBytes) {

    /** Room for a block and what is said beside it. */
    public static final int SMALLEST_WINDOW = 1 << 15;

    /** 20 ms one way, nothing lost. */
    public static final NetworkOptions SMOOTH =
            new NetworkOptions(Duration.ofMillis(20), Duration.ZERO, 0, Duration.ZERO, 0, 1 << 18);

    /** 80 ms one way and up to 60 more, one packet in a hundred lost, one in five thousand the last of its connection. */
    public static final NetworkOptions ROUGH = new NetworkOptions(
            Duration.ofMillis(80), Duration.ofMillis(60), 0.01, Duration.ofMillis(400), 0.0002, 1 << 17);

    public NetworkOptions {
        if (latency.isNegative() || jitter.isNegative() || lossDelay.isNegative()) {
            throw new IllegalArgumentException("a network that is faster than time");
        }
        if (!(loss >= 0 && loss <= 1 && breakage >= 0 && breakage <= 1)) {
            throw new IllegalArgumentException("not parts of the whole: loss " + loss + ", breakage " + breakage);
        }
        if (windowBytes < SMALLEST_WINDOW) {
            throw new IllegalArgumentException("no room for a block: " + windowBytes);
        }
    }
}
