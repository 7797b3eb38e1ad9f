package dev.spate.engine.talk;

import dev.spate.engine.probe.ProbeOptions;
import dev.spate.engine.probe.ProbeReason;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.engine.probe.ProbeStage;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with one peer, from the first word to a piece that is held against its hash. Blocks; for one thread.
 *
 * <pre>
 *   CONNECTED -- handshake --> GREETED -- a piece that it has --> PIECES -- we are interested, it unchokes --> UNCHOKED
 *                                                                                        a right piece --> SERVED
 * </pre>
 *
 * <p>Each step has its time, and what the peer says may come in any order: a step is over when what it waits for has been said,
 * before it began or since. The first thing that is wrong ends the conversation and is the reason in its result; that the peer does not have
 * everything is a reason only if nothing else is wrong.
 */
final class PeerConversation {

    /** A peer may say a have for each piece, and so many messages beside. */
    static final int MAX_MESSAGES = 10_000;

    private final PeerAddress peer;
    private final Metainfo metainfo;
    private final PeerProbe.Names names;
    private final MessageChannel channel;
    private final ProbeOptions options;
    private final RandomGenerator random;
    private final PieceMemory memory;

    // What it said so far, and how far it came.
    private final Claims claims;
    private ProbeStage stage = ProbeStage.CONNECTED;
    private Reserved theirs = Reserved.NONE;
    private String client = "";
    private boolean uploadOnly;
    private boolean peerChokesUs = true;
    private long unchokedAt;
    private @Nullable Duration timeToUnchoke;
    private @Nullable WantedPiece wanted;
    private boolean rejected;
    private int messages;

    PeerConversation(
            PeerAddress peer,
            Metainfo metainfo,
            PeerProbe.Names names,
            MessageChannel channel,
            ProbeOptions options,
            RandomGenerator random,
            PieceMemory memory) {
        this.peer = peer;
        this.metainfo = metainfo;
        this.names = names;
        this.channel = channel;
        this.options = options;
        this.random = random;
        this.memory = memory;
        this.claims = new Claims(metainfo.layout().pieces());
    }

    /** What is to be said of a peer with which there is no conversation. */
    static ProbeResult never(PeerAddress peer, Metainfo metainfo, Verdict why) {
        return new ProbeResult(
                peer,
                ProbeStage.NOTHING,
                Optional.of(why.reason()),
                why.detail(),
                "",
                0,
                metainfo.layout().pieces(),
                false,
                Optional.empty());
    }

    /** Holds it. */
    ProbeResult hold() {
        Verdict verdict = shakeHands();
        if (verdict == null) {
            verdict = learnPieces();
        }
        if (verdict == null) {
            verdict = waitForUnchoke();
        }
        if (verdict == null && options.verify()) {
            verdict = verifyOne();
        }
        PieceSet pieces = claims.pieces();
        if (verdict == null && !pieces.isFull()) {
            verdict = Verdict.of(ProbeReason.INCOMPLETE);
        }
        return new ProbeResult(
                peer,
                stage,
                Optional.ofNullable(verdict).map(Verdict::reason),
                verdict == null ? "" : verdict.detail(),
                client,
                pieces.count(),
                pieces.pieces(),
                uploadOnly,
                Optional.ofNullable(timeToUnchoke));
    }

    // ------------------------------------------------------------------ the steps

    private @Nullable Verdict shakeHands() {
        channel.send(new Handshake(
                Reserved.NONE.withFast().withExtensions(), metainfo.infoHash().onTheWire(), names.us()));
        return switch (channel.handshake(after(options.handshakeLimit()))) {
            case MessageChannel.Heard.Silence<Handshake>() -> Verdict.of(ProbeReason.HANDSHAKE_TIMED_OUT);
            case MessageChannel.Heard.Ended<Handshake>(var how) -> new Verdict(ProbeReason.CLOSED, how);
            case MessageChannel.Heard.Nonsense<Handshake>(var reason) ->
                new Verdict(ProbeReason.NOT_BITTORRENT, reason);
            case MessageChannel.Heard.Said<Handshake>(var handshake) -> greeted(handshake);
        };
    }

    private @Nullable Verdict greeted(Handshake handshake) {
        if (!handshake.infoHash().equals(metainfo.infoHash().onTheWire())) {
            return new Verdict(ProbeReason.WRONG_INFO_HASH, handshake.infoHash().toString());
        }
        client = handshake.peerId().toString();
        if (handshake.peerId().equals(names.us()) || handshake.peerId().equals(names.session())) {
            return Verdict.of(ProbeReason.OURSELVES);
        }
        theirs = handshake.reserved();
        stage = ProbeStage.GREETED;
        if (theirs.extensions()) {
            channel.send(
                    new ExtensionHandshake(new TreeMap<>(), names.client(), null, null, null, null, null, null, null)
                            .message());
        }
        if (theirs.fast()) {
            channel.send(new PeerMessage.HaveNone());
        }
        return null;
    }

    private @Nullable Verdict learnPieces() {
        Verdict trouble =
                hearUntil(() -> !claims.pieces().isEmpty(), after(options.handshakeLimit()), ProbeReason.SILENT);
        if (trouble != null && trouble.reason() == ProbeReason.SILENT && claims.begun()) {
            return Verdict.of(ProbeReason.NOTHING_THERE);
        }
        if (trouble == null) {
            stage = ProbeStage.PIECES;
        }
        return trouble;
    }

    private @Nullable Verdict waitForUnchoke() {
        long interestedAt = channel.now();
        channel.send(new PeerMessage.Interested());
        Verdict trouble = hearUntil(() -> !peerChokesUs, after(options.unchokeLimit()), ProbeReason.CHOKED);
        if (trouble == null) {
            stage = ProbeStage.UNCHOKED;
            // It may have unchoked us before it knew that we are interested.
            timeToUnchoke = Duration.ofNanos(Math.max(0, unchokedAt - interestedAt));
        }
        return trouble;
    }

    private @Nullable Verdict verifyOne() {
        int piece = anyPiece();
        if (piece < 0) {
            return null;
        }
        int length = metainfo.layout().length(piece);
        memory.take(length);
        try {
            return verify(new WantedPiece(metainfo.layout(), piece));
        } finally {
            wanted = null;
            memory.give(length);
        }
    }

    /** A piece that it has and that is short enough, each with the same chance; -1 if there is none. */
    private int anyPiece() {
        PieceLayout layout = metainfo.layout();
        PieceSet pieces = claims.pieces();
        if (layout.pieceLength() > ProbeOptions.MOST_VERIFIED) {
            int last = layout.pieces() - 1;
            return pieces.contains(last) && layout.length(last) <= ProbeOptions.MOST_VERIFIED ? last : -1;
        }
        int chosen = pieces.next(0);
        for (int left = random.nextInt(pieces.count()); left > 0; left--) {
            chosen = pieces.next(chosen + 1);
        }
        return chosen;
    }

    private @Nullable Verdict verify(WantedPiece piece) {
        wanted = piece;
        ask(piece);
        Verdict trouble =
                hearUntil(() -> piece.isWhole() || rejected, after(options.serveLimit()), ProbeReason.STALLED);
        if (trouble != null) {
            boolean late = trouble.reason() == ProbeReason.STALLED;
            return !late
                    ? trouble
                    : new Verdict(peerChokesUs ? ProbeReason.CHOKED_AGAIN : ProbeReason.STALLED, piece.toString());
        }
        if (!piece.isWhole()) {
            return new Verdict(ProbeReason.REJECTS, piece.toString());
        }
        if (!metainfo.pieceHashMatches(piece.piece(), piece.sha1())) {
            return new Verdict(ProbeReason.CORRUPT, "piece " + piece.piece());
        }
        stage = ProbeStage.SERVED;
        return null;
    }

    private void ask(WantedPiece piece) {
        if (!peerChokesUs) {
            piece.requests().forEach(block -> channel.send(new PeerMessage.Request(block)));
        }
    }

    private long after(Duration limit) {
        return channel.now() + limit.toNanos();
    }

    // ------------------------------------------------------------------ listening

    /**
     * Hears the peer out until something holds.
     *
     * @param late the reason if it does not in time
     * @return what was in the way, or null
     */
    private @Nullable Verdict hearUntil(BooleanSupplier goal, long deadline, ProbeReason late) {
        while (!goal.getAsBoolean()) {
            Verdict trouble = switch (channel.next(deadline)) {
                case MessageChannel.Heard.Silence<MessageChannel.Spoken>() -> Verdict.of(late);
                case MessageChannel.Heard.Ended<MessageChannel.Spoken>(var how) -> new Verdict(ProbeReason.CLOSED, how);
                case MessageChannel.Heard.Nonsense<MessageChannel.Spoken>(var reason) ->
                    new Verdict(ProbeReason.MALFORMED, reason);
                case MessageChannel.Heard.Said<MessageChannel.Spoken>(var spoken) ->
                    heard(spoken.message(), spoken.payload());
            };
            if (trouble != null) {
                return trouble;
            }
            if (channel.now() - deadline >= 0 && !goal.getAsBoolean()) {
                // Whoever always has a word to say must not hold us up.
                return Verdict.of(late);
            }
        }
        return null;
    }

    private @Nullable Verdict heard(PeerMessage message, ByteBuffer payload) {
        if (messages++ == MAX_MESSAGES + metainfo.layout().pieces()) {
            return Verdict.of(ProbeReason.TALKS_WITHOUT_END);
        }
        return switch (message) {
            case PeerMessage.Bitfield(PieceSet bits) -> claims.bitfield(bits);
            case PeerMessage.HaveAll() -> claims.whole(true, theirs.fast());
            case PeerMessage.HaveNone() -> claims.whole(false, theirs.fast());
            case PeerMessage.Have(int piece) -> claims.have(piece);
            case PeerMessage.Extended(int id, ByteBuffer content) ->
                id == ExtensionHandshake.ID ? described(content) : null;
            case PeerMessage.Choke() -> {
                choked();
                yield null;
            }
            case PeerMessage.Unchoke() -> {
                unchoked();
                yield null;
            }
            case PeerMessage.Piece(BlockRange block) -> {
                arrived(block, payload);
                yield null;
            }
            case PeerMessage.RejectRequest(BlockRange block) -> {
                // Whoever chokes rejects what he was asked for before (BEP 6).
                rejected |= !peerChokesUs && wanted != null && wanted.isAwaited(block);
                yield null;
            }
            // The rest says nothing about these steps.
            case PeerMessage.KeepAlive _,
                    PeerMessage.Interested _,
                    PeerMessage.NotInterested _,
                    PeerMessage.Request _,
                    PeerMessage.Cancel _,
                    PeerMessage.Port _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.AllowedFast _,
                    PeerMessage.HashRequest _,
                    PeerMessage.Hashes _,
                    PeerMessage.HashReject _,
                    PeerMessage.Unknown _ -> null;
        };
    }

    private @Nullable Verdict described(ByteBuffer content) {
        return switch (ExtensionHandshake.decode(content)) {
            case Decoding.Decoded<ExtensionHandshake>(var said) -> {
                client = said.client() == null ? client : said.client();
                uploadOnly = said.uploadOnly() == null ? uploadOnly : said.uploadOnly();
                yield null;
            }
            case Decoding.Malformed<ExtensionHandshake> malformed ->
                new Verdict(ProbeReason.MALFORMED, "extension handshake: " + malformed.reason());
            case Decoding.NeedMore<ExtensionHandshake> _ ->
                new Verdict(ProbeReason.MALFORMED, "extension handshake: it ends early");
        };
    }

    private void choked() {
        peerChokesUs = true;
        if (wanted != null) {
            wanted.choked();
        }
    }

    private void unchoked() {
        if (peerChokesUs) {
            peerChokesUs = false;
            unchokedAt = channel.now();
            if (wanted != null) {
                ask(wanted);
            }
        }
    }

    private void arrived(BlockRange block, ByteBuffer payload) {
        if (wanted != null && wanted.isAwaited(block)) {
            wanted.arrived(block, payload);
            ask(wanted);
        }
    }
}
