package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an input changed about a peer, as far as others must act on it. */
public sealed interface Heard {

    /** Nothing that concerns others. */
    record Nothing() implements Heard {}

    /** The peer broke a rule or a time limit; the connection is to be closed. The peer takes no further input. */
    record Ended(CloseReason reason) implements Heard {}

    /** Both handshakes are done; messages may follow. */
    record Opened() implements Heard {}

    /** {@link Peer#pieces()} went from empty to what it is now. */
    record Pieces() implements Heard {}

    /** One more piece. */
    record Gained(int piece) implements Heard {}

    /** Several more pieces, which were not among {@link Peer#pieces()} before. */
    record GainedSome(PieceSet pieces) implements Heard {}

    /** One piece less (BEP 54). */
    record Lost(int piece) implements Heard {}

    /** {@link Peer#peerChokesUs()} became true; these requests will not be answered. */
    record Choked(List<BlockRange> released) implements Heard {}

    /** {@link Peer#peerChokesUs()} became false. */
    record Unchoked() implements Heard {}

    /** {@link Peer#peerInterested()} changed. */
    record InterestChanged() implements Heard {}

    /** The peer will not answer this request. */
    record Rejected(BlockRange block) implements Heard {}

    /**
     * These requests were not answered in time, and are in flight no more.
     *
     * @param arriving the one among them whose block was half here, and whose rest is to be dropped; or null
     */
    record TimedOut(List<BlockRange> blocks, @Nullable BlockRange arriving) implements Heard {}

    /** There is one more request to be answered; {@link Peer#takeRequest} has it in its turn. */
    record Requested() implements Heard {}

    /** The peer lets us request one more piece while it chokes us (BEP 6). */
    record AllowedFast(int piece) implements Heard {}

    /** The peer described itself; see {@link Peer#description()}. */
    record Described() implements Heard {}

    /** The peer told of others (BEP 11). */
    record PeersTold(PeerExchange exchange) implements Heard {}

    /** The peer asked for a piece of the info dictionary, or answered that we did (BEP 9). */
    record MetadataTold(MetadataMessage message) implements Heard {}

    /** The peer wants to be brought together with another, or is to be (BEP 55). */
    record Holepunching(Holepunch message) implements Heard {}

    /** The peer has a DHT node at this UDP port, which is not 0 (BEP 5). */
    record DhtNode(int port) implements Heard {}

    /** The block that begins to arrive was asked for, if perhaps too long ago. */
    record Expected() implements Heard {}

    /** The one {@link Nothing}. */
    Heard NOTHING = new Nothing();

    /** The one {@link Requested}. */
    Heard REQUESTED = new Requested();

    /** The one {@link Expected}. */
    Heard EXPECTED = new Expected();

    static Heard ended(CloseReason.Kind kind) {
        return new Ended(CloseReason.of(kind));
    }

    static Heard ended(CloseReason.Kind kind, String detail) {
        return new Ended(new CloseReason(kind, detail));
    }
}
