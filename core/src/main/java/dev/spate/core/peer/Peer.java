package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.DontHave;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection's life as a state machine.
 *
 * <pre>
 *   outgoing: DIALING --dialed--> GREETING --handshakeReceived--> OPEN --+
 *   incoming:                     GREETING --handshakeReceived--> OPEN --+--> ENDED
 *                any state --a broken rule, a time limit, end()-----------+
 * </pre>
 *
 * <p><b>Receiving never sends.</b> What the peer says changes state, and the {@link Heard} that comes back tells what others
 * must act on. What we want to say ({@link #wantChoke}, {@link #wantInterest}, {@link #request}, {@link #have} ...) changes state
 * as well. Only {@link #drain} sends: it compares what is wanted with what was told and emits the difference. So a choke that
 * was thought better of before it was sent is never sent, and no order of inputs can interleave two halves of an answer.
 *
 * <p>All moments are monotonic nanoseconds. Not safe for use by several threads.
 */
public final class Peer {

    /** Where in its life a connection is. */
    public enum Phase {
        DIALING,
        GREETING,
        OPEN,
        ENDED
    }

    /** How many requests of one peer are kept; to be announced as {@code reqq} (BEP 10). */
    public static final int MAX_REQUESTS = Uplink.MAX_REQUESTS;

    /** Under which id we understand {@code ut_pex} (BEP 11). */
    public static final int PEX_ID = 1;

    /** Under which id we understand {@code ut_metadata} (BEP 9). */
    public static final int METADATA_ID = 2;

    /** Under which id we understand {@code lt_donthave} (BEP 54). */
    public static final int DONT_HAVE_ID = 3;

    /** Under which id we understand {@code ut_holepunch} (BEP 55). */
    public static final int HOLEPUNCH_ID = 4;

    /** One that is busy looks a little late, and ten seconds are what is promised. */
    static final long HANDSHAKE_LIMIT = Duration.ofSeconds(9).toNanos();

    /** BEP 3: "Keepalives are generally sent once every two minutes". */
    static final long KEEP_ALIVE_AFTER = Duration.ofMinutes(2).toNanos();

    /** A keep-alive goes out this much early when the clock is looked at anyway, so that those of many peers fall together. */
    static final long KEEP_ALIVE_SLACK = Duration.ofSeconds(20).toNanos();

    /** Two minutes between keep-alives, and one more for the timer and the way of the one that ends them. */
    static final long SILENCE_LIMIT = Duration.ofMinutes(3).toNanos();

    private final boolean outgoing;
    private final Speech speech;
    private final Hearing hearing;
    private Phase phase;
    private long heardAt;
    private long payloadIn;
    private long payloadOut;

    private Peer(PeerTerms terms, boolean outgoing, long now) {
        this.outgoing = outgoing;
        this.phase = outgoing ? Phase.DIALING : Phase.GREETING;
        this.speech = new Speech(now);
        this.hearing = new Hearing(terms, speech, now);
        this.heardAt = now;
    }

    /** A peer that is being dialed. */
    public static Peer outgoing(PeerTerms terms, long now) {
        return new Peer(terms, true, now);
    }

    /** A peer that connected to us; its handshake is the next input. */
    public static Peer incoming(PeerTerms terms, long now) {
        return new Peer(terms, false, now);
    }

    // ------------------------------------------------------------------ what the peer says

    /** The connection stands; our handshake goes out now. */
    public void dialed(long now) {
        if (phase == Phase.DIALING) {
            phase = Phase.GREETING;
            heardAt = now;
            speech.spoke(now);
        }
    }

    /** The peer's handshake is there. */
    public Heard handshakeReceived(Handshake handshake, long now) {
        if (phase != Phase.GREETING) {
            return Heard.NOTHING;
        }
        Heard heard = hearing.greeted(handshake);
        if (heard instanceof Heard.Opened) {
            phase = Phase.OPEN;
            heardAt = now;
            speech.spoke(now);
        }
        return end(heard);
    }

    /**
     * The peer said something.
     *
     * @param message anything but a {@code Piece}, which is {@link #blockArriving}
     */
    public Heard messageReceived(PeerMessage message, long now) {
        if (phase != Phase.OPEN) {
            return Heard.NOTHING;
        }
        heardAt = now;
        return end(hearing.message(message, now));
    }

    /**
     * The torrent is known now. What the peer said about its pieces is heard as if it said it at this moment.
     *
     * @param known the terms from now on
     * @param heard told what follows from each of its words
     */
    public void learn(PeerTerms known, Consumer<Heard> heard, long now) {
        hearing.learn(known, this::isOpen, follows -> heard.accept(end(follows)), now);
    }

    private Heard end(Heard heard) {
        if (heard instanceof Heard.Ended) {
            phase = Phase.ENDED;
        }
        return heard;
    }

    /**
     * The end: no input changes anything any more, and nothing is sent.
     *
     * @return the blocks that were in flight
     */
    public List<BlockRange> end() {
        phase = Phase.ENDED;
        return hearing.downlink().end();
    }

    // ------------------------------------------------------------------ blocks from the peer

    /**
     * The header of a block is there.
     *
     * @return {@link Heard.Expected} when it was asked for; then one of {@link #blockArrived} and {@link #blockDropped} follows
     */
    public Heard blockArriving(BlockRange block, long now) {
        if (phase != Phase.OPEN) {
            return Heard.NOTHING;
        }
        heardAt = now;
        return end(hearing.block(block));
    }

    /** Bytes of a block came, wanted or not. */
    public void payloadReceived(int bytes, long now) {
        payloadIn += bytes;
        heardAt = now;
        hearing.downlink().payload(now);
    }

    /** A block that was expected is whole; {@code rate} is what the peer delivers, in bytes per second. */
    public void blockArrived(BlockRange block, long rate, long now) {
        hearing.downlink().arrived(block, rate, now);
    }

    /** A block that was expected is of no use; its payload is thrown away. */
    public void blockDropped(BlockRange block) {
        hearing.downlink().dropped(block);
    }

    /** The block whose payload is coming now, or null. */
    public @Nullable BlockRange arriving() {
        return hearing.downlink().arriving();
    }

    // ------------------------------------------------------------------ what we want to say

    /**
     * The first words: our pieces, and who we are if the peer knows the extension protocol.
     *
     * @param ours the pieces that we have; the peer keeps the set
     */
    public void greet(PieceSet ours, ExtensionHandshake ourselves) {
        speech.greet(ours);
        describe(ourselves);
    }

    /** Tells who we are, once more (BEP 10 allows it at any time). */
    public void describe(ExtensionHandshake ourselves) {
        if (extensions()) {
            speech.describe(ourselves);
        }
    }

    /** Tells where our DHT node is, if the peer has one itself (BEP 5). */
    public void tellDhtPort(int port) {
        Handshake theirs = hearing.theirs();
        if (theirs != null && theirs.reserved().dht()) {
            speech.add(new PeerMessage.Port(port));
        }
    }

    /** Lets the peer request these pieces while we choke it (BEP 6); once, and only if it knows the fast extension. */
    public void allowFast(PieceSet allowed) {
        if (fast()) {
            hearing.uplink().allowFast(allowed);
        }
    }

    /** Recommends a piece (BEP 6), to a peer that lacks it; without effect if the peer does not know the fast extension. */
    public void suggest(int piece) {
        if (fast() && isOpen() && !pieces().contains(piece)) {
            speech.add(new PeerMessage.SuggestPiece(piece));
        }
    }

    public void wantInterest(boolean interested) {
        speech.wantInterest(interested);
    }

    public void wantChoke(boolean choke) {
        hearing.uplink().wantChoke(choke);
    }

    /** Requests a block; {@link #mayRequest} must hold and {@link #room} should be above 0. */
    public void request(BlockRange block) {
        hearing.downlink().request(block);
    }

    /** Takes a request back; returns whether its block is the one that arrives just now, whose payload is to be dropped. */
    public boolean cancel(BlockRange block) {
        return hearing.downlink().cancel(block);
    }

    /** We have a piece more. Peers that have it are not told. */
    public void have(PeerMessage.Have have) {
        if (!pieces().contains(have.piece())) {
            speech.add(have);
        }
    }

    /** Whether the peer wants to see messages of this extension. */
    public boolean understands(String extension) {
        return hearing.description().idOf(extension) != 0;
    }

    /**
     * Says something by an extension that the peer {@link #understands}.
     *
     * @param message makes it with the number that the peer gave to the extension
     */
    public void tell(String extension, IntFunction<PeerMessage.Extended> message) {
        int id = hearing.description().idOf(extension);
        if (id != 0 && phase == Phase.OPEN) {
            speech.add(message.apply(id));
        }
    }

    /** We have a piece less; told to those who understand it (BEP 54). */
    public void dontHave(int piece) {
        int id = hearing.description().idOf(DontHave.NAME);
        if (id != 0) {
            speech.add(new DontHave(piece).message(id));
        }
    }

    // ------------------------------------------------------------------ blocks for the peer

    /** Whether {@link #takeRequest} has something. */
    public boolean hasRequest() {
        return phase == Phase.OPEN && hearing.uplink().canTake();
    }

    /** The peer's next request that is to be answered, in its order, or null. */
    public @Nullable BlockRange takeRequest() {
        return phase == Phase.OPEN ? hearing.uplink().take() : null;
    }

    /** A request that was taken cannot be answered, for want of something on our side. */
    public void cannotServe(BlockRange block) {
        if (phase == Phase.OPEN) {
            hearing.uplink().reject(block);
        }
    }

    /** A request that was taken should not have been made. */
    public Heard refuse(BlockRange block) {
        return phase == Phase.OPEN ? end(hearing.uplink().refuse(block)) : Heard.NOTHING;
    }

    /** The answer to a request went out. */
    public void blockSent(BlockRange block, long now) {
        payloadOut += block.length();
        speech.spoke(now);
    }

    // ------------------------------------------------------------------ sending

    /** Emits what is to be said, in order. */
    public void drain(Consumer<PeerMessage> out, long now) {
        if (phase == Phase.OPEN) {
            speech.drain(fast(), hearing.uplink(), hearing.downlink(), out, now);
        }
    }

    // ------------------------------------------------------------------ time

    /** The next moment at which {@link #timeout} would do something. */
    public long deadline() {
        return switch (phase) {
            case DIALING, ENDED -> Long.MAX_VALUE;
            case GREETING -> speech.sentAt() + HANDSHAKE_LIMIT;
            case OPEN -> {
                long ours = Math.min(speech.sentAt() + KEEP_ALIVE_AFTER, heardAt + SILENCE_LIMIT);
                yield Math.min(hearing.downlink().deadline(), ours);
            }
        };
    }

    /** Looks at the clock. */
    public Heard timeout(long now) {
        if (phase == Phase.GREETING && now - speech.sentAt() >= HANDSHAKE_LIMIT) {
            return end(Heard.ended(CloseReason.Kind.HANDSHAKE_TIMED_OUT));
        }
        if (phase != Phase.OPEN) {
            return Heard.NOTHING;
        }
        if (now - heardAt >= SILENCE_LIMIT) {
            return end(Heard.ended(CloseReason.Kind.SILENT));
        }
        if (now - speech.sentAt() >= KEEP_ALIVE_AFTER - KEEP_ALIVE_SLACK) {
            speech.keepAlive();
        }
        return hearing.downlink().timeout(now);
    }

    // ------------------------------------------------------------------ looks

    public Phase phase() {
        return phase;
    }

    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether we dialed. */
    public boolean outgoing() {
        return outgoing;
    }

    /** The id of the peer's handshake; null before it. */
    public @Nullable PeerId id() {
        Handshake theirs = hearing.theirs();
        return theirs == null ? null : theirs.peerId();
    }

    /** Whether both sides know the fast extension (BEP 6); we always do. */
    public boolean fast() {
        return hearing.fast();
    }

    /** Whether both sides know the extension protocol (BEP 10); we always do. */
    public boolean extensions() {
        return hearing.extensions();
    }

    /** What the peer said about itself; null before. */
    public @Nullable ExtensionHandshake description() {
        return hearing.description().known();
    }

    /** The peer's pieces; only to look at. */
    public PieceSet pieces() {
        return hearing.pieces().pieces();
    }

    /** Whether it has every piece. */
    public boolean isSeed() {
        return pieces().isFull();
    }

    public boolean peerChokesUs() {
        return hearing.downlink().peerChokesUs();
    }

    public boolean peerInterested() {
        return hearing.peerInterested();
    }

    /** Whether the peer was told that we choke it. */
    public boolean weChokePeer() {
        return hearing.uplink().weChokePeer();
    }

    /** Whether we want to choke the peer, told or not. */
    public boolean wantsChoke() {
        return hearing.uplink().chokeWanted();
    }

    /** Whether we want pieces of it, told or not. */
    public boolean wantsInterest() {
        return speech.interestWanted();
    }

    /** Whether it let us wait for payload for too long. */
    public boolean snubbed() {
        return hearing.downlink().snubbed();
    }

    /** How many more requests the peer should have now. */
    public int room(long now) {
        return isOpen() && wantsInterest() ? hearing.downlink().room(now) : 0;
    }

    public boolean mayRequest(int piece) {
        return hearing.downlink().mayRequest(piece);
    }

    /** The pieces that we may request while choked, or null for none. */
    public @Nullable PieceSet allowedFast() {
        return hearing.downlink().allowedFast();
    }

    /** The pieces that it suggested (BEP 6), the latest first, to a bounded number. */
    public List<Integer> suggested() {
        return hearing.downlink().suggested();
    }

    public boolean isInFlight(BlockRange block) {
        return hearing.downlink().isInFlight(block);
    }

    /** For how long a peer that owes us blocks has sent nothing of any; 0 if it owes none. Nanoseconds. */
    public long silence(long now) {
        return hearing.downlink().silence(now);
    }

    /** The requests that the peer has not answered, the oldest first; a copy. */
    public List<BlockRange> requests() {
        return hearing.downlink().requests();
    }

    /** How many requests the peer has not answered. */
    public int inFlight() {
        return hearing.downlink().inFlight();
    }

    /** How many requests the peer should have at its speed. */
    public int pipelineLength() {
        return hearing.downlink().length();
    }

    /** How many of its requests wait for us. */
    public int queued() {
        return hearing.uplink().queued();
    }

    /** Payload from the peer in bytes, of use or not. */
    public long payloadIn() {
        return payloadIn;
    }

    /** Payload to the peer in bytes. */
    public long payloadOut() {
        return payloadOut;
    }
}
