package dev.spate.engine.probe;

import java.time.Duration;

/**
 * How peers are looked at.
 *
 * @param atOnce how many at a time, 1 to {@value #MOST_AT_ONCE}
 * @param connectLimit how long it may take to connect
 * @param handshakeLimit how long the handshake may take, and after it the first word about pieces
 * @param unchokeLimit how long we may be kept choked
 * @param serveLimit how long a piece may take once we are unchoked
 * @param verify whether a peer that unchokes is asked for a piece, chosen at random, and that is held against its hash. Pieces of more than
 *     {@value #MOST_VERIFIED} bytes are not worth it; where there are no others the peer is believed
 */
public record ProbeOptions(
        int atOnce,
        Duration connectLimit,
        Duration handshakeLimit,
        Duration unchokeLimit,
        Duration serveLimit,
        boolean verify) {

    /** More connections at a time would be a storm. */
    public static final int MOST_AT_ONCE = 500;

    /** The longest piece that is asked for, in bytes. */
    public static final int MOST_VERIFIED = 4 << 20;

    /** 30 at a time, 10 s to connect and for the handshake, 30 s to unchoke and to serve, and a piece is verified. */
    public static final ProbeOptions DEFAULTS = new ProbeOptions(
            30, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30), true);

    public ProbeOptions {
        if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
            throw new IllegalArgumentException("not a number of peers at a time: " + atOnce);
        }
        requirePositive(connectLimit);
        requirePositive(handshakeLimit);
        requirePositive(unchokeLimit);
        requirePositive(serveLimit);
    }

    private static void requirePositive(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("not a limit: " + limit);
        }
    }

    /** So many peers at a time. */
    public ProbeOptions withAtOnce(int peers) {
        return new ProbeOptions(peers, connectLimit, handshakeLimit, unchokeLimit, serveLimit, verify);
    }

    /** With another limit to connect. */
    public ProbeOptions withConnectLimit(Duration limit) {
        return new ProbeOptions(atOnce, limit, handshakeLimit, unchokeLimit, serveLimit, verify);
    }

    /** With another limit for the handshake, and for the first word about pieces. */
    public ProbeOptions withHandshakeLimit(Duration limit) {
        return new ProbeOptions(atOnce, connectLimit, limit, unchokeLimit, serveLimit, verify);
    }

    /** With another limit until we are unchoked. */
    public ProbeOptions withUnchokeLimit(Duration limit) {
        return new ProbeOptions(atOnce, connectLimit, handshakeLimit, limit, serveLimit, verify);
    }

    /** With another limit for a piece. */
    public ProbeOptions withServeLimit(Duration limit) {
        return new ProbeOptions(atOnce, connectLimit, handshakeLimit, unchokeLimit, limit, verify);
    }

    /** Whether a piece is asked for. */
    public ProbeOptions verifying(boolean wanted) {
        return new ProbeOptions(atOnce, connectLimit, handshakeLimit, unchokeLimit, serveLimit, wanted);
    }
}
