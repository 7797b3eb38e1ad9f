package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.DontHave;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
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

    static final long HANDSHAKE_LIMIT = Duration.ofSeconds(10).toNanos();

    /** BEP 3: "Keepalives are generally sent once every two minutes". */
    static final long KEEP_ALIVE_AFTER = Duration.ofMinutes(2).toNanos();

    /** A keep-alive goes out this much early when the clock is looked at anyway, so that those of many peers fall together. */
    static final long KEEP_ALIVE_SLACK = Duration.ofSeconds(20).toNanos();

    /** Two minutes between keep-alives, and one more for the timer and the way of the one that ends them. */
    static final long SILENCE_LIMIT = Duration.ofMinutes(3).toNanos();

    private final boolean outgoing;
    private PeerTerms terms;
    private TheirPieces pieces;
    private Downlink downlink;
    private Uplink uplink;

    /** Collects until the torrent is known; null from then on. */
    private @Nullable Foretold foretold;

    private Phase phase;
    private @Nullable Handshake theirs;
    private final TheirDescription description = new TheirDescription();

    private boolean peerInterested;
    private boolean interestWanted;
    private boolean interestTold;
    private @Nullable PieceSet greetWith;
    private @Nullable ExtensionHandshake describeWith;
    private final ArrayDeque<PeerMessage> news = new ArrayDeque<>(1);
    private boolean keepAliveDue;

    private long heardAt;
    private long sentAt;
    private long payloadIn;
    private long payloadOut;

    private Peer(PeerTerms terms, boolean outgoing, long now) {
        this.terms = terms;
        this.outgoing = outgoing;
        this.phase = outgoing ? Phase.DIALING : Phase.GREETING;
        this.pieces = new TheirPieces(terms.none(), terms.all());
        this.downlink = new Downlink(terms.layout().pieces(), now);
        this.uplink = new Uplink(terms.layout(), false);
        this.foretold = terms.known() ? null : new Foretold();
        this.heardAt = now;
        this.sentAt = now;
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
            sentAt = now;
        }
    }

    /** The peer's handshake is there. */
    public Heard handshakeReceived(Handshake handshake, long now) {
        if (phase != Phase.GREETING) {
            return Heard.NOTHING;
        }
        if (!handshake.infoHash().equals(terms.infoHash())) {
            return end(Heard.ended(CloseReason.Kind.WRONG_INFO_HASH));
        }
        theirs = handshake;
        uplink = new Uplink(terms.layout(), fast());
        phase = Phase.OPEN;
        heardAt = now;
        sentAt = now;
        return new Heard.Opened();
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
        return end(hear(message, now));
    }

    private Heard hear(PeerMessage message, long now) {
        Foretold before = foretold;
        return before == null ? understand(message, now) : foretell(message, before, now);
    }

    /** The torrent is not known yet, so words about pieces are kept until it is. */
    private Heard foretell(PeerMessage message, Foretold kept, long now) {
        return switch (message) {
            case PeerMessage.KeepAlive _,
                    PeerMessage.Interested _,
                    PeerMessage.NotInterested _,
                    PeerMessage.Port _,
                    PeerMessage.Piece _,
                    PeerMessage.HashRequest _,
                    PeerMessage.Hashes _,
                    PeerMessage.HashReject _,
                    PeerMessage.Unknown _ -> understand(message, now);
            case PeerMessage.Extended(int id, ByteBuffer _) -> {
                if (id == DONT_HAVE_ID) {
                    kept.keep(message);
                    yield Heard.NOTHING;
                }
                yield understand(message, now);
            }
            case PeerMessage.Request(BlockRange block) -> {
                if (fast()) {
                    news.add(new PeerMessage.RejectRequest(block));
                }
                yield uplink.refuseOther();
            }
            case PeerMessage.Cancel _ -> Heard.NOTHING;
            case PeerMessage.RejectRequest _ -> downlink.stray();
            case PeerMessage.Choke _,
                    PeerMessage.Unchoke _,
                    PeerMessage.Have _,
                    PeerMessage.Bitfield _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.HaveAll _,
                    PeerMessage.HaveNone _,
                    PeerMessage.AllowedFast _ -> {
                kept.keep(message);
                yield Heard.NOTHING;
            }
        };
    }

    /**
     * The torrent is known now. What the peer said about its pieces is heard as if it said it at this moment.
     *
     * @param known the terms from now on
     * @param heard told what follows from each of its words
     */
    public void learn(PeerTerms known, Consumer<Heard> heard, long now) {
        Foretold before = foretold;
        assert before != null && known.known() : "learned already";
        foretold = null;
        terms = known;
        pieces = new TheirPieces(known.none(), known.all());
        downlink = new Downlink(known.layout().pieces(), now);
        uplink = new Uplink(known.layout(), fast());
        if (phase != Phase.OPEN) {
            return;
        }
        acceptRequests();
        if (before.isTooMuch()) {
            heard.accept(end(Heard.ended(
                    CloseReason.Kind.NO_ROOM, "it said more about pieces than is kept before the torrent is known")));
            return;
        }
        for (PeerMessage message : before.messages()) {
            if (phase == Phase.OPEN) {
                heard.accept(end(
                        message instanceof PeerMessage.Bitfield(PieceSet bits) ? fitted(bits) : hear(message, now)));
            }
        }
    }

    private Heard fitted(PieceSet bits) {
        return switch (Foretold.fitted(bits, terms.layout().pieces())) {
            case Decoding.Decoded<PieceSet>(PieceSet set) -> pieces.bitfield(set);
            case Decoding.Malformed<PieceSet>(int _, String reason) ->
                Heard.ended(CloseReason.Kind.BITFIELD_LENGTH, reason);
            case Decoding.NeedMore<PieceSet> more -> throw new AssertionError("a bitfield is whole or wrong: " + more);
        };
    }

    private Heard understand(PeerMessage message, long now) {
        return switch (message) {
            case PeerMessage.KeepAlive() -> Heard.NOTHING;
            case PeerMessage.Choke() -> downlink.choked(fast());
            case PeerMessage.Unchoke() -> downlink.unchoked();
            case PeerMessage.Interested() -> interest(true);
            case PeerMessage.NotInterested() -> interest(false);
            case PeerMessage.Have(int piece) -> exists(piece) ? pieces.gained(piece) : noSuchPiece("have", piece);
            case PeerMessage.Bitfield(PieceSet set) -> pieces.bitfield(set);
            case PeerMessage.Request(BlockRange block) -> {
                pieces.begun();
                yield uplink.requested(block);
            }
            case PeerMessage.Piece(BlockRange block) ->
                throw new IllegalArgumentException("a block is told by blockArriving: " + block);
            case PeerMessage.Cancel(BlockRange block) -> uplink.cancelled(block);
            case PeerMessage.Port(int port) -> port == 0 ? Heard.NOTHING : new Heard.DhtNode(port);
            case PeerMessage.SuggestPiece(int piece) ->
                withFast(exists(piece) ? Heard.NOTHING : noSuchPiece("suggest piece", piece));
            case PeerMessage.HaveAll() -> fast() ? pieces.haveAll() : noFast();
            case PeerMessage.HaveNone() -> fast() ? pieces.haveNone() : noFast();
            case PeerMessage.RejectRequest(BlockRange block) -> fast() ? downlink.rejected(block, now) : noFast();
            case PeerMessage.AllowedFast(int piece) -> {
                if (!fast()) {
                    yield noFast();
                }
                yield exists(piece) ? downlink.allowed(piece) : noSuchPiece("allowed fast", piece);
            }
            case PeerMessage.Extended(int id, ByteBuffer payload) -> extended(id, payload);
            case PeerMessage.HashRequest(PeerMessage.HashSpan span) -> hashRequest(span);
            case PeerMessage.Hashes _, PeerMessage.HashReject _ -> downlink.stray();
            case PeerMessage.Unknown _ -> Heard.NOTHING;
        };
    }

    private Heard interest(boolean interested) {
        if (peerInterested == interested) {
            return Heard.NOTHING;
        }
        peerInterested = interested;
        return new Heard.InterestChanged();
    }

    private Heard extended(int id, ByteBuffer payload) {
        if (!extensions()) {
            return Heard.ended(CloseReason.Kind.EXTENSION_NOT_NEGOTIATED);
        }
        return switch (id) {
            case ExtensionHandshake.ID -> described(payload);
            case PEX_ID -> read(PeerExchange.decode(payload), Heard.PeersTold::new);
            case METADATA_ID -> read(MetadataMessage.decode(payload), Heard.MetadataTold::new);
            case DONT_HAVE_ID -> dontHave(payload);
            case HOLEPUNCH_ID -> read(Holepunch.decode(payload), Heard.Holepunching::new);
            default -> Heard.NOTHING;
        };
    }

    private Heard described(ByteBuffer payload) {
        Heard heard = description.heard(payload);
        acceptRequests();
        return heard;
    }

    private void acceptRequests() {
        ExtensionHandshake said = description.known();
        if (said != null && said.maxRequests() != null) {
            downlink.peerAccepts(said.maxRequests());
        }
    }

    private static <T> Heard read(Decoding<T> decoding, Function<T, Heard> heard) {
        return switch (decoding) {
            case Decoding.Decoded<T>(T message) -> heard.apply(message);
            case Decoding.NeedMore<T> _ -> badExtension("it ends early");
            case Decoding.Malformed<T> why -> badExtension(why.toString());
        };
    }

    private Heard dontHave(ByteBuffer payload) {
        return read(DontHave.decode(payload, terms.layout().pieces()), said -> pieces.lost(said.piece()));
    }

    private Heard hashRequest(PeerMessage.HashSpan span) {
        // BEP 52: a request for hashes that we do not have is rejected.
        news.add(new PeerMessage.HashReject(span));
        return uplink.refuseOther();
    }

    private boolean exists(int piece) {
        return piece < terms.layout().pieces();
    }

    private Heard withFast(Heard heard) {
        return fast() ? heard : noFast();
    }

    private static Heard noFast() {
        return Heard.ended(CloseReason.Kind.FAST_NOT_NEGOTIATED);
    }

    private static Heard noSuchPiece(String message, int piece) {
        return Heard.ended(CloseReason.Kind.PIECE_OUT_OF_RANGE, message + " " + piece);
    }

    private static Heard badExtension(String why) {
        return Heard.ended(CloseReason.Kind.BAD_EXTENSION_MESSAGE, why);
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
        return downlink.end();
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
        if (foretold != null) {
            return end(downlink.stray());
        }
        pieces.begun();
        if (!exists(block.piece())) {
            return end(noSuchPiece("block", block.piece()));
        }
        if (!terms.layout().contains(block)) {
            return end(Heard.ended(CloseReason.Kind.BLOCK_OUT_OF_RANGE, "block " + block));
        }
        return end(downlink.arriving(block));
    }

    /** Bytes of a block came, wanted or not. */
    public void payloadReceived(int bytes, long now) {
        payloadIn += bytes;
        heardAt = now;
        downlink.payload(now);
    }

    /** A block that was expected is whole; {@code rate} is what the peer delivers, in bytes per second. */
    public void blockArrived(BlockRange block, long rate, long now) {
        downlink.arrived(block, rate, now);
    }

    /** A block that was expected is of no use; its payload is thrown away. */
    public void blockDropped(BlockRange block) {
        downlink.dropped(block);
    }

    /** The block whose payload is coming now, or null. */
    public @Nullable BlockRange arriving() {
        return downlink.arriving();
    }

    // ------------------------------------------------------------------ what we want to say

    /**
     * The first words: our pieces, and who we are if the peer knows the extension protocol.
     *
     * @param ours the pieces that we have; the peer keeps the set
     */
    public void greet(PieceSet ours, ExtensionHandshake ourselves) {
        greetWith = ours;
        describe(ourselves);
    }

    /** Tells who we are, once more (BEP 10 allows it at any time). */
    public void describe(ExtensionHandshake ourselves) {
        if (extensions()) {
            describeWith = ourselves;
        }
    }

    /** Tells where our DHT node is, if the peer has one itself (BEP 5). */
    public void tellDhtPort(int port) {
        if (theirs != null && theirs.reserved().dht()) {
            news.add(new PeerMessage.Port(port));
        }
    }

    /** Lets the peer request these pieces while we choke it (BEP 6); once, and only if it knows the fast extension. */
    public void allowFast(PieceSet allowed) {
        if (fast()) {
            uplink.allowFast(allowed);
        }
    }

    public void wantInterest(boolean interested) {
        interestWanted = interested;
    }

    public void wantChoke(boolean choke) {
        uplink.wantChoke(choke);
    }

    /** Requests a block; {@link #mayRequest} must hold and {@link #room} should be above 0. */
    public void request(BlockRange block) {
        downlink.request(block);
    }

    /** Takes a request back; returns whether its block is the one that arrives just now, whose payload is to be dropped. */
    public boolean cancel(BlockRange block) {
        return downlink.cancel(block);
    }

    /** We have a piece more. Peers that have it are not told. */
    public void have(PeerMessage.Have have) {
        if (!pieces.pieces().contains(have.piece())) {
            news.add(have);
        }
    }

    /** Whether the peer wants to see messages of this extension. */
    public boolean understands(String extension) {
        return description.idOf(extension) != 0;
    }

    /**
     * Says something by an extension that the peer {@link #understands}.
     *
     * @param message makes it with the number that the peer gave to the extension
     */
    public void tell(String extension, IntFunction<PeerMessage.Extended> message) {
        int id = description.idOf(extension);
        if (id != 0 && phase == Phase.OPEN) {
            news.add(message.apply(id));
        }
    }

    /** We have a piece less; told to those who understand it (BEP 54). */
    public void dontHave(int piece) {
        int id = description.idOf(DontHave.NAME);
        if (id != 0) {
            news.add(new DontHave(piece).message(id));
        }
    }

    // ------------------------------------------------------------------ blocks for the peer

    /** Whether {@link #takeRequest} has something. */
    public boolean hasRequest() {
        return phase == Phase.OPEN && uplink.canTake();
    }

    /** The peer's next request that is to be answered, in its order, or null. */
    public @Nullable BlockRange takeRequest() {
        return phase == Phase.OPEN ? uplink.take() : null;
    }

    /** A request that was taken cannot be answered, for want of something on our side. */
    public void cannotServe(BlockRange block) {
        if (phase == Phase.OPEN) {
            uplink.reject(block);
        }
    }

    /** A request that was taken should not have been made. */
    public Heard refuse(BlockRange block) {
        return phase == Phase.OPEN ? end(uplink.refuse(block)) : Heard.NOTHING;
    }

    /** The answer to a request went out. */
    public void blockSent(BlockRange block, long now) {
        payloadOut += block.length();
        sentAt = now;
    }

    // ------------------------------------------------------------------ sending

    /** Emits what is to be said, in order. */
    public void drain(Consumer<PeerMessage> out, long now) {
        if (phase != Phase.OPEN) {
            return;
        }
        Consumer<PeerMessage> telling = message -> {
            sentAt = now;
            keepAliveDue = false;
            out.accept(message);
        };
        drainGreeting(telling);
        uplink.drain(telling);
        if (interestWanted != interestTold) {
            interestTold = interestWanted;
            telling.accept(interestTold ? new PeerMessage.Interested() : new PeerMessage.NotInterested());
        }
        for (PeerMessage message = news.poll(); message != null; message = news.poll()) {
            telling.accept(message);
        }
        downlink.drain(telling, now);
        if (keepAliveDue) {
            telling.accept(new PeerMessage.KeepAlive());
        }
    }

    private void drainGreeting(Consumer<PeerMessage> telling) {
        PieceSet ours = greetWith;
        if (ours != null) {
            greetWith = null;
            if (fast() && ours.isFull()) {
                telling.accept(new PeerMessage.HaveAll());
            } else if (fast() && ours.isEmpty()) {
                telling.accept(new PeerMessage.HaveNone());
            } else if (!ours.isEmpty()) {
                telling.accept(new PeerMessage.Bitfield(ours));
            }
        }
        ExtensionHandshake ourselves = describeWith;
        if (ourselves != null) {
            describeWith = null;
            telling.accept(ourselves.message());
        }
    }

    // ------------------------------------------------------------------ time

    /** The next moment at which {@link #timeout} would do something. */
    public long deadline() {
        return switch (phase) {
            case DIALING, ENDED -> Long.MAX_VALUE;
            case GREETING -> sentAt + HANDSHAKE_LIMIT;
            case OPEN -> Math.min(downlink.deadline(), Math.min(sentAt + KEEP_ALIVE_AFTER, heardAt + SILENCE_LIMIT));
        };
    }

    /** Looks at the clock. */
    public Heard timeout(long now) {
        if (phase == Phase.GREETING && now - sentAt >= HANDSHAKE_LIMIT) {
            return end(Heard.ended(CloseReason.Kind.HANDSHAKE_TIMED_OUT));
        }
        if (phase != Phase.OPEN) {
            return Heard.NOTHING;
        }
        if (now - heardAt >= SILENCE_LIMIT) {
            return end(Heard.ended(CloseReason.Kind.SILENT));
        }
        if (now - sentAt >= KEEP_ALIVE_AFTER - KEEP_ALIVE_SLACK) {
            keepAliveDue = true;
        }
        return downlink.timeout(now);
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
        return theirs == null ? null : theirs.peerId();
    }

    /** Whether both sides know the fast extension (BEP 6); we always do. */
    public boolean fast() {
        return theirs != null && theirs.reserved().fast();
    }

    /** Whether both sides know the extension protocol (BEP 10); we always do. */
    public boolean extensions() {
        return theirs != null && theirs.reserved().extensions();
    }

    /** What the peer said about itself; null before. */
    public @Nullable ExtensionHandshake description() {
        return description.known();
    }

    /** The peer's pieces; only to look at. */
    public PieceSet pieces() {
        return pieces.pieces();
    }

    /** Whether it has every piece. */
    public boolean isSeed() {
        return pieces.pieces().isFull();
    }

    public boolean peerChokesUs() {
        return downlink.peerChokesUs();
    }

    public boolean peerInterested() {
        return peerInterested;
    }

    /** Whether the peer was told that we choke it. */
    public boolean weChokePeer() {
        return uplink.weChokePeer();
    }

    /** Whether we want to choke the peer, told or not. */
    public boolean wantsChoke() {
        return uplink.chokeWanted();
    }

    /** Whether we want pieces of it, told or not. */
    public boolean wantsInterest() {
        return interestWanted;
    }

    /** Whether it let us wait for payload for too long. */
    public boolean snubbed() {
        return downlink.snubbed();
    }

    /** How many more requests the peer should have now. */
    public int room(long now) {
        return phase == Phase.OPEN && interestWanted ? downlink.room(now) : 0;
    }

    public boolean mayRequest(int piece) {
        return downlink.mayRequest(piece);
    }

    /** The pieces that we may request while choked, or null for none. */
    public @Nullable PieceSet allowedFast() {
        return downlink.allowedFast();
    }

    public boolean isInFlight(BlockRange block) {
        return downlink.isInFlight(block);
    }

    /** For how long a peer that owes us blocks has sent nothing of any; 0 if it owes none. Nanoseconds. */
    public long silence(long now) {
        return downlink.silence(now);
    }

    /** The requests that the peer has not answered, the oldest first; a copy. */
    public List<BlockRange> requests() {
        return downlink.requests();
    }

    /** How many requests the peer has not answered. */
    public int inFlight() {
        return downlink.inFlight();
    }

    /** How many requests the peer should have at its speed. */
    public int pipelineLength() {
        return downlink.length();
    }

    /** How many of its requests wait for us. */
    public int queued() {
        return uplink.queued();
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
