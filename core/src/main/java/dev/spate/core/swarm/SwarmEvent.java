package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceRefusal;

/** What happened in a swarm, for those who watch it. */
public sealed interface SwarmEvent {

    /** A piece is on disk. */
    record PieceFlushed(int piece) implements SwarmEvent {}

    /** A piece did not match its hash; its blocks will be requested again. */
    record PieceFailed(int piece) implements SwarmEvent {}

    /** A block that a peer was asked for did not come in time; others may be asked for it. */
    record BlockTimedOut(PeerAddress address, BlockRange block) implements SwarmEvent {}

    /** All wanted pieces are on disk. Said when the last of them came, not for a swarm that began so. */
    record Completed() implements SwarmEvent {}

    /** Super-seeding has ended by itself: others have a whole copy between them. */
    record CopyOut() implements SwarmEvent {}

    /** Handshakes were exchanged. */
    record PeerConnected(PeerAddress address, PeerId id, boolean outgoing) implements SwarmEvent {}

    /** A connection, or a try at one, is over. */
    record PeerClosed(PeerAddress address, CloseReason reason) implements SwarmEvent {}

    /** A connection that came in was turned away. */
    record PeerRefused(PeerAddress address, CloseReason reason) implements SwarmEvent {}

    /** A peer is shut out; {@code evidence} says what it did, for a person. */
    record PeerBanned(PeerAddress address, String evidence) implements SwarmEvent {}

    /** A peer told of its DHT node, at this UDP address (BEP 5). */
    record DhtNode(PeerAddress address) implements SwarmEvent {}

    record TrackerAnswered(int tracker, AnnounceAnswer answer) implements SwarmEvent {}

    record TrackerRefused(int tracker, AnnounceRefusal refusal) implements SwarmEvent {}

    /** The tracker could not be asked, or its answer not be understood. */
    record TrackerFailed(int tracker, String reason) implements SwarmEvent {}
}
