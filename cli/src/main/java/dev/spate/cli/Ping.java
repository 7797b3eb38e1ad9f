package dev.spate.cli;

import dev.spate.cli.text.Quantities;
import dev.spate.engine.Version;
import dev.spate.engine.talk.Dial;
import dev.spate.engine.talk.MessageChannel;
import dev.spate.engine.talk.PeerDialer;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.PlainText;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a first conversation with a peer, each with its time. What the peer says may come in any order, so a step is
 * over when its message has come or when its time is.
 */
final class Ping {

    /**
     * A step that is over.
     *
     * @param time since the step began
     * @param ok whether it came to what it should
     * @param text what it came to, or why it failed
     */
    record Step(String name, Duration time, boolean ok, String text) {}

    private static final String LATE = "no answer in time";

    private final PeerAddress address;
    private final Digest infoHash;
    private final Optional<Integer> pieces;
    private final Duration timeout;
    private final Consumer<Step> report;

    // What the peer has said so far, in words, and how it was.
    private @Nullable String extensions;
    private @Nullable String has;
    private boolean unchoked;

    Ping(PeerAddress address, Digest infoHash, Optional<Integer> pieces, Duration timeout, Consumer<Step> report) {
        this.address = address;
        this.infoHash = infoHash;
        this.pieces = pieces;
        this.timeout = timeout;
        this.report = report;
    }

    /** Takes the steps; says whether the peer answered the handshake. */
    boolean run() {
        long begin = System.nanoTime();
        switch (PeerDialer.direct().dial(address, timeout)) {
            case Dial.Dialed.Failed(var obstacle, var reason) -> {
                report.accept(new Step(
                        "connect",
                        since(begin),
                        false,
                        obstacle == Dial.Dialed.Obstacle.TIMED_OUT ? LATE : PlainText.of(reason, 200)));
                return false;
            }
            case Dial.Dialed.Connected(var channel) -> {
                report.accept(
                        new Step("connect", since(begin), true, address.ip().getHostAddress()));
                try (channel) {
                    return talk(channel);
                }
            }
        }
    }

    private boolean talk(MessageChannel channel) {
        long begin = channel.now();
        PeerId id = PeerId.random(Version.PEER_ID_PREFIX, new SecureRandom());
        channel.send(new Handshake(Reserved.NONE.withFast().withExtensions(), infoHash, id));
        MessageChannel.Heard<Handshake> heard = channel.handshake(begin + timeout.toNanos());
        if (!(heard instanceof MessageChannel.Heard.Said<Handshake>(Handshake theirs))) {
            report.accept(new Step("handshake", since(begin), false, trouble(heard)));
            return false;
        }
        if (!theirs.infoHash().equals(infoHash)) {
            report.accept(
                    new Step("handshake", since(begin), false, "it answers for another swarm, " + theirs.infoHash()));
            return false;
        }
        report.accept(new Step(
                "handshake", since(begin), true, "peer id " + theirs.peerId() + ", reserved " + theirs.reserved()));
        converse(channel, theirs.reserved());
        return true;
    }

    private void converse(MessageChannel channel, Reserved theirs) {
        long begin = channel.now();
        greet(channel, theirs);
        boolean alive = true;
        if (theirs.extensions()) {
            alive = listen(channel, "extensions", begin, () -> extensions);
        } else {
            report.accept(new Step("extensions", Duration.ZERO, true, "does not speak the extension protocol"));
        }
        // A peer that has nothing may say nothing, so the unchoke, which comes later, is not waited for in vain.
        alive = alive && listen(channel, "pieces", begin, () -> has == null && unchoked ? "none" : has);
        if (alive) {
            listen(channel, "unchoke", begin, () -> unchoked ? "may request now" : null);
        }
    }

    private static void greet(MessageChannel channel, Reserved theirs) {
        if (theirs.extensions()) {
            SortedMap<String, Integer> none = new TreeMap<>();
            channel.send(new ExtensionHandshake(none, Version.USER_AGENT, null, null, null, null, null, null, null)
                    .message());
        }
        if (theirs.fast()) {
            channel.send(new PeerMessage.HaveNone());
        }
        channel.send(new PeerMessage.Interested());
    }

    /** What has come of a step, in words; null until something has. */
    private interface Answer {
        @Nullable
        String text();
    }

    /** Hears the peer out until the step is over; says whether the connection still stands. */
    private boolean listen(MessageChannel channel, String step, long begin, Answer answer) {
        while (true) {
            String text = answer.text();
            if (text != null) {
                report.accept(new Step(step, since(begin), true, text));
                return true;
            }
            MessageChannel.Heard<MessageChannel.Spoken> heard = channel.next(begin + timeout.toNanos());
            if (heard instanceof MessageChannel.Heard.Said<MessageChannel.Spoken>(var spoken)) {
                hear(spoken.message());
            } else {
                report.accept(new Step(step, since(begin), false, trouble(heard)));
                return heard instanceof MessageChannel.Heard.Silence<MessageChannel.Spoken>;
            }
        }
    }

    private void hear(PeerMessage message) {
        switch (message) {
            case PeerMessage.Bitfield(PieceSet bits) -> has = told(bits);
            case PeerMessage.HaveAll all -> has = "all";
            case PeerMessage.HaveNone none -> has = "none";
            case PeerMessage.Unchoke unchoke -> unchoked = true;
            case PeerMessage.Choke choke -> unchoked = false;
            case PeerMessage.Extended extended -> {
                if (extended.id() == ExtensionHandshake.ID) {
                    extensions = told(extended);
                }
            }
            default -> {
                // The rest says nothing about these steps.
            }
        }
    }

    private String told(PieceSet bits) {
        if (pieces.isEmpty()) {
            return bits.count() + " pieces";
        }
        // The channel knows no torrent; now it is held against ours.
        return switch (PieceSet.ofBitfield(bits.toBitfield(), pieces.get())) {
            case Decoding.Decoded<PieceSet>(var set) ->
                set + " (" + Quantities.percent(set.count(), set.pieces()) + ")";
            case Decoding.Malformed<PieceSet> malformed -> "broken: " + malformed.reason();
            case Decoding.NeedMore<PieceSet> more -> throw new AssertionError("a bitfield is whole or wrong: " + more);
        };
    }

    private static String told(PeerMessage.Extended extended) {
        return switch (ExtensionHandshake.decode(extended.payload())) {
            case Decoding.Decoded<ExtensionHandshake>(var handshake) ->
                (handshake.client() == null ? "client not named" : handshake.client())
                        + (handshake.maxRequests() == null ? "" : ", queue of " + handshake.maxRequests())
                        + (handshake.extensions().isEmpty()
                                ? ""
                                : ", "
                                        + PlainText.of(
                                                String.join(
                                                        " ",
                                                        handshake.extensions().keySet()),
                                                300));
            case Decoding.Malformed<ExtensionHandshake> malformed -> "broken: " + malformed;
            case Decoding.NeedMore<ExtensionHandshake> more -> "broken: it ends early";
        };
    }

    private static String trouble(MessageChannel.Heard<?> heard) {
        return switch (heard) {
            case MessageChannel.Heard.Said<?>(var word) -> throw new AssertionError("that is no trouble: " + word);
            case MessageChannel.Heard.Silence<?>() -> LATE;
            case MessageChannel.Heard.Nonsense<?>(var reason) -> PlainText.of(reason, 200);
            case MessageChannel.Heard.Ended<?>(var how) ->
                PlainText.of(how, 200) + "; it may not have this torrent, or be full";
        };
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
