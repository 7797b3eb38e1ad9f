package dev.spate.sim;

import dev.spate.core.peer.CloseReason;
import dev.spate.core.picker.PieceProgress;
import dev.spate.core.picker.PieceState;
import dev.spate.core.swarm.PeerSnapshot;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmSettings;
import dev.spate.wire.PieceSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What must hold of a host's swarm after every event, besides what {@link Dealings} and {@link Disk} see to.
 *
 * <ul>
 *   <li>A piece is in one state: on disk, or begun and then in memory, or neither.
 *   <li>No more interested peers are unchoked than there are slots.
 *   <li>No more is in flight to a peer than it has room for.
 *   <li>What waits to be carried out, sent or timed stays within bounds.
 *   <li>Nobody who behaves is taken for somebody who breaks rules.
 * </ul>
 */
final class Watch {
    /** Effects of one input: a message to each peer, a few for each piece. */
    private static final int MAX_EFFECTS = 20_000;

    /** What a connection has to say beyond blocks: requests, and a have for each piece. */
    private static final int MAX_WORDS = 10_000;

    /** How often a timer may be due at one and the same moment before it is going round in circles. */
    private static final int MAX_TIMEOUTS = 100;

    private final String who;
    private final SimulationOptions options;
    private final int maxConnections;
    private final int maxServed;
    private int events;
    private int timeouts;
    private long timeoutsAt = Long.MIN_VALUE;

    Watch(String who, SimulationOptions options, SwarmSettings settings) {
        this.who = who;
        this.options = options;
        this.maxConnections = settings.maxConnections();
        this.maxServed = settings.mostServed();
    }

    void effect(int number) {
        require(number <= MAX_EFFECTS, () -> "there is no end of effects");
    }

    void waitingWords(int words) {
        require(words <= MAX_WORDS, () -> words + " messages wait to be sent on one connection");
    }

    void timeout(long now) {
        timeouts = now == timeoutsAt ? timeouts + 1 : 1;
        timeoutsAt = now;
        require(timeouts <= MAX_TIMEOUTS, () -> "the deadline does not move on");
    }

    void closed(CloseReason reason) {
        boolean forData = reason.kind() == CloseReason.Kind.CORRUPT_DATA;
        require(
                forData || !reason.kind().isViolation(),
                () -> "a connection is closed for a rule that nobody broke: " + reason);
        require(reason.kind() != CloseReason.Kind.INTERNAL_ERROR, () -> "internal error: " + reason);
    }

    void look(Swarm swarm, Disk disk, long now) {
        if (++events < options.lookEvery()) {
            return;
        }
        events = 0;
        PieceSet flushed = swarm.flushed();
        require(
                flushed.equals(disk.pieces()),
                () -> "it takes " + flushed + " to be on disk, where " + disk.pieces() + " are");
        TreeSet<Integer> begun = new TreeSet<>();
        for (PieceProgress piece : swarm.openPieces()) {
            int index = piece.piece();
            require(begun.add(index), () -> "piece " + index + " is begun twice");
            require(
                    piece.state() == PieceState.PARTIAL || piece.state() == PieceState.FULL,
                    () -> "piece " + index + " is " + piece.state() + " and begun");
            require(!flushed.contains(index), () -> "piece " + index + " is begun and on disk");
            require(disk.isBuffered(index), () -> "piece " + index + " is begun and has no memory");
        }
        int connections = 0;
        int served = 0;
        for (PeerSnapshot peer : swarm.peers(now)) {
            connections++;
            served += peer.peerInterested() && !peer.weChokePeer() ? 1 : 0;
            require(peer.inFlight() <= Dealings.MAX_IN_FLIGHT, () -> peer.inFlight() + " requests in flight");
            require(peer.queued() <= Dealings.MAX_ACCEPTED, () -> peer.queued() + " requests of a peer are kept");
        }
        requireAtMost(maxServed, served, "interested peers are unchoked");
        requireAtMost(maxConnections, connections, "connections");
    }

    private void requireAtMost(int most, int count, String ofWhat) {
        require(count <= most, () -> count + " " + ofWhat);
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new InvariantBroken(who + ": " + otherwise.get());
        }
    }
}
