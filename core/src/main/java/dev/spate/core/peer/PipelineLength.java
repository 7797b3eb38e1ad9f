package dev.spate.core.peer;

import dev.spate.wire.PieceLayout;
import java.time.Duration;

/**
 * How many requests to keep in flight at one peer.
 *
 * <pre>
 *   SLOW START --rate stops growing--> STEADY
 *        +1 for each block                 3 s of the peer's rate
 *        (doubles per round trip)
 *   either --20 s without payload--> SNUBBED (1) --a block--> SLOW START from the floor
 * </pre>
 */
final class PipelineLength {

    /** Three seconds of the rate hide any round trip and any scheduling of the peer. */
    static final int SECONDS_IN_FLIGHT = 3;

    static final int FLOOR = 4;

    /** The most for any peer: 8 MB, a second at 8 MB/s, or a round trip of 8 ms at 1 GB/s. */
    static final int CEILING = 500;

    /** BEP 10: the default of {@code reqq} in libtorrent, taken for peers that do not say. */
    static final int UNKNOWN_REQQ = 250;

    private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

    private int ceiling = UNKNOWN_REQQ;
    private int length = FLOOR;
    private boolean slowStart = true;
    private boolean snubbed;
    private long lookAt;
    private boolean looked;
    private long lastRate;

    int length() {
        return snubbed ? 1 : Math.min(length, ceiling);
    }

    boolean snubbed() {
        return snubbed;
    }

    boolean inSlowStart() {
        return slowStart;
    }

    /** The peer said how many requests it keeps without dropping any. */
    void peerAccepts(long reqq) {
        ceiling = Math.clamp(reqq, 1, CEILING);
    }

    void snub() {
        snubbed = true;
        slowStart = true;
        length = FLOOR;
        looked = false;
    }

    /** A wanted block arrived; {@code rate} is what the peer delivers in bytes per second. */
    void arrived(long rate, long now) {
        snubbed = false;
        if (slowStart && length < ceiling) {
            length++;
        }
        if (!looked) {
            looked = true;
            lookAt = now + LOOK_EVERY;
            lastRate = 0;
        } else if (now - lookAt >= 0) {
            look(rate, now);
        }
    }

    private void look(long rate, long now) {
        if (slowStart && rate - lastRate <= lastRate / 8) {
            slowStart = false;
        }
        lastRate = rate;
        lookAt = now + LOOK_EVERY;
        if (!slowStart) {
            length = Math.clamp(rate * SECONDS_IN_FLIGHT / PieceLayout.BLOCK_LENGTH, FLOOR, ceiling);
        }
    }
}
