package dev.spate.engine.shell;

import dev.spate.core.rate.Flow;
import dev.spate.core.rate.Throttle;
import dev.spate.core.rate.Tokens;
import dev.spate.io.lane.ReadBound;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection under limits; there is none for a connection that has no limits. Confined to its lane.
 *
 * <p>All bytes of the connection count, payload and protocol. Downwards the socket is not read beyond the allowance, so that TCP holds the peer back, and the
 * requests in flight follow the rate that results. Upwards blocks wait for the allowance; other messages go at once, since a
 * request, a have or a choke that is late costs more than it weighs, and are made up for by the blocks that follow.
 */
final class PeerThrottle implements ReadBound {
    private final LaneThrottle lane;
    private final PeerConnection connection;
    private @Nullable Flow<PeerThrottle> down;
    private @Nullable Flow<PeerThrottle> up;

    PeerThrottle(LaneThrottle lane, PeerConnection connection) {
        this.lane = lane;
        this.connection = connection;
    }

    /** Puts both directions under these limits; without any, a direction is free. */
    void limit(List<Tokens> downLimits, List<Tokens> upLimits) {
        boolean waited = up != null && up.isWaiting();
        down = changed(down, lane.down(), downLimits);
        up = changed(up, lane.up(), upLimits);
        connection.boundReading(down == null ? null : this);
        if (waited && up == null) {
            connection.mayWrite();
        }
    }

    private @Nullable Flow<PeerThrottle> changed(
            @Nullable Flow<PeerThrottle> present, Throttle<PeerThrottle> throttle, List<Tokens> limits) {
        if (present == null) {
            return limits.isEmpty() ? null : throttle.flow(this, limits);
        }
        if (limits.isEmpty()) {
            present.end(lane.now());
            return null;
        }
        present.limit(limits, lane.now());
        return present;
    }

    /** The connection is gone. */
    void end() {
        down = changed(down, lane.down(), List.of());
        up = changed(up, lane.up(), List.of());
    }

    // ------------------------------------------------------------------ down

    @Override
    public int most(int wanted) {
        return most(down, wanted);
    }

    @Override
    public void took(int bytes, boolean drained) {
        if (down != null) {
            down.moved(bytes, drained, lane.now());
        }
    }

    void mayRead() {
        connection.readAgain();
    }

    // ------------------------------------------------------------------ up

    /** How many bytes of blocks may be gathered; at 0 the connection is told when it is more. */
    int mostUp(int wanted) {
        return most(up, wanted);
    }

    /** So many bytes were gathered, of blocks and of other messages. */
    void gathered(long bytes, boolean drained) {
        if (up != null) {
            up.moved(bytes, drained, lane.now());
        }
    }

    /** Whether blocks have to wait. */
    boolean isUpWaiting() {
        return up != null && up.isWaiting();
    }

    void mayWrite() {
        connection.mayWrite();
    }

    private int most(@Nullable Flow<PeerThrottle> flow, int wanted) {
        if (flow == null) {
            return wanted;
        }
        int most = (int) flow.most(wanted, lane.now());
        if (most == 0 && wanted > 0) {
            lane.arm();
        }
        return most;
    }
}
