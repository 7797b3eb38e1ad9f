package dev.spate.core.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.DontHave;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.Holepunch;
import dev.spate.wire.peer.MetadataMessage;
import dev.spate.wire.peer.PeerExchange;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the messages of a peer mean, each after those before it: what it has and is, what it wants of us ({@link Uplink}) and
 * what it answers us ({@link Downlink}).
 *
 * <p>While the torrent is not known, words about pieces are kept ({@link Foretold}) until {@link #learn}.
 */
final class Hearing {
    private final Speech speech;
    private final TheirDescription description = new TheirDescription();
    private PeerTerms terms;
    private TheirPieces pieces;
    private Downlink downlink;
    private Uplink uplink;
    private boolean peerInterested;

    /** Collects until the torrent is known; null from then on. */
    private @Nullable Foretold foretold;

    private @Nullable Handshake theirs;

    Hearing(PeerTerms terms, Speech speech, long now) {
        this.terms = terms;
        this.speech = speech;
        this.pieces = new TheirPieces(terms.none(), terms.all());
        this.downlink = new Downlink(terms.layout().pieces(), now);
        this.uplink = new Uplink(terms.layout(), false);
        this.foretold = terms.known() ? null : new Foretold();
    }

    // ------------------------------------------------------------------ what is known of it

    TheirPieces pieces() {
        return pieces;
    }

    Downlink downlink() {
        return downlink;
    }

    Uplink uplink() {
        return uplink;
    }

    TheirDescription description() {
        return description;
    }

    boolean peerInterested() {
        return peerInterested;
    }

    /** The peer's handshake; null before it. */
    @Nullable
    Handshake theirs() {
        return theirs;
    }

    boolean fast() {
        return theirs != null && theirs.reserved().fast();
    }

    boolean extensions() {
        return theirs != null && theirs.reserved().extensions();
    }

    // ------------------------------------------------------------------ inputs

    Heard greeted(Handshake handshake) {
        if (!handshake.infoHash().equals(terms.infoHash())) {
            return Heard.ended(CloseReason.Kind.WRONG_INFO_HASH);
        }
        theirs = handshake;
        uplink = new Uplink(terms.layout(), fast());
        return new Heard.Opened();
    }

    /**
     * The torrent is known now. What was kept is heard as if it was said at this moment.
     *
     * @param open whether the handshakes are done and the connection has not ended, perhaps by what followed from the last word
     * @param heard told what follows
     */
    void learn(PeerTerms known, BooleanSupplier open, Consumer<Heard> heard, long now) {
        Foretold before = foretold;
        assert before != null && known.known() : "learned already";
        foretold = null;
        terms = known;
        pieces = new TheirPieces(known.none(), known.all());
        downlink = new Downlink(known.layout().pieces(), now);
        uplink = new Uplink(known.layout(), fast());
        if (!open.getAsBoolean()) {
            return;
        }
        acceptRequests();
        if (before.isTooMuch()) {
            heard.accept(Heard.ended(
                    CloseReason.Kind.NO_ROOM, "it said more about pieces than is kept before the torrent is known"));
            return;
        }
        for (PeerMessage message : before.messages()) {
            if (open.getAsBoolean()) {
                heard.accept(
                        message instanceof PeerMessage.Bitfield(PieceSet bits) ? fitted(bits) : message(message, now));
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

    /** The header of a block. */
    Heard block(BlockRange block) {
        if (foretold != null) {
            return downlink.stray();
        }
        pieces.begun();
        if (!exists(block.piece())) {
            return noSuchPiece("block", block.piece());
        }
        if (!terms.layout().contains(block)) {
            return Heard.ended(CloseReason.Kind.BLOCK_OUT_OF_RANGE, "block " + block);
        }
        return downlink.arriving(block);
    }

    Heard message(PeerMessage message, long now) {
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
                if (id == Peer.DONT_HAVE_ID) {
                    kept.keep(message);
                    yield Heard.NOTHING;
                }
                yield understand(message, now);
            }
            case PeerMessage.Request(BlockRange block) -> {
                if (fast()) {
                    speech.add(new PeerMessage.RejectRequest(block));
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
            case PeerMessage.SuggestPiece(int piece) -> {
                if (!fast()) {
                    yield noFast();
                }
                yield exists(piece) ? downlink.suggested(piece) : noSuchPiece("suggest piece", piece);
            }
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
            case Peer.PEX_ID -> read(PeerExchange.decode(payload), Heard.PeersTold::new);
            case Peer.METADATA_ID -> read(MetadataMessage.decode(payload), Heard.MetadataTold::new);
            case Peer.DONT_HAVE_ID ->
                read(DontHave.decode(payload, terms.layout().pieces()), said -> pieces.lost(said.piece()));
            case Peer.HOLEPUNCH_ID -> read(Holepunch.decode(payload), Heard.Holepunching::new);
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

    private Heard hashRequest(PeerMessage.HashSpan span) {
        // BEP 52: a request for hashes that we do not have is rejected.
        speech.add(new PeerMessage.HashReject(span));
        return uplink.refuseOther();
    }

    private boolean exists(int piece) {
        return piece < terms.layout().pieces();
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
}
