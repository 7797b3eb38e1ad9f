package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceOrder;
import dev.spate.core.peer.CloseReason;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;

/** What the swarm wants done. Effects are to be carried out in their order. */
public sealed interface Effect {

    /** Connect; answered by {@link Swarm#dialed} or {@link Swarm#peerClosed}. */
    record Dial(int peer, PeerAddress address) implements Effect {}

    /** The first bytes of a connection. */
    record SendHandshake(int peer, Handshake handshake) implements Effect {}

    /** Anything but a block. */
    record Send(int peer, PeerMessage message) implements Effect {}

    /** {@link Swarm#takeBlock} has something for this peer; not said again until it had nothing. */
    record BlocksReady(int peer) implements Effect {}

    /** What is left of the block that arrives from this peer is to be thrown away, and must not be stored any more. */
    record DropArriving(int peer) implements Effect {}

    /**
     * All blocks of the piece are in its buffer: hash it; answered by {@link Swarm#pieceVerified} or
     * {@link Swarm#pieceCorrupt}.
     *
     * @param digestBlocks whether {@link BlockDigests} are needed even if the piece is good
     */
    record VerifyPiece(int piece, boolean digestBlocks) implements Effect {}

    /** The buffer of the piece is of no use any more; free it. */
    record DiscardPiece(int piece) implements Effect {}

    /**
     * Hash these bytes and compare with the info-hash: they may be the info dictionary. Answered by
     * {@link MagnetSwarm#metadataVerified}.
     *
     * @param bytes the receiver owns them
     */
    record VerifyMetadata(int draft, ByteBuffer bytes) implements Effect {}

    /** Close the connection; nothing more is sent; answered by {@link Swarm#peerClosed}. */
    record Close(int peer, CloseReason reason) implements Effect {}

    /**
     * Announce to a tracker; answered by {@link Swarm#announceAnswered}, {@link Swarm#announceRefused} or
     * {@link Swarm#announceFailed}.
     *
     * @param uploaded payload bytes sent to peers since the swarm was made
     * @param downloaded payload bytes received from peers since the swarm was made
     * @param left bytes of pieces that are not on disk
     */
    record Announce(AnnounceOrder order, long uploaded, long downloaded, long left) implements Effect {}

    /** Tell the user, if he wants to know. */
    record Report(SwarmEvent event) implements Effect {}
}
