package dev.spate.cli;

import dev.spate.cli.talk.PeerTalk;
import dev.spate.cli.text.Quantities;
import dev.spate.engine.Version;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.PlainText;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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

    private final InetSocketAddress address;
    private final Digest infoHash;
    private final Optional<Integer> pieces;
    private final Duration timeout;
    private final Consumer<Step> report;

    // What the peer has said so far, in words, and how it was.
    private @Nullable String extensions;
    private @Nullable String has;
    private boolean unchoked;

    Ping(
            InetSocketAddress address,
            Digest infoHash,
            Optional<Integer> pieces,
            Duration timeout,
            Consumer<Step> report) {
        this.address = address;
        this.infoHash = infoHash;
        this.pieces = pieces;
        this.timeout = timeout;
        this.report = report;
    }

    /** Takes the steps; says whether the peer answered the handshake. */
    boolean run() {
        long begin = System.nanoTime();
        String step = "connect";
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
            report.accept(
                    new Step(step, since(begin), true, address.getAddress().getHostAddress()));
            step = "handshake";
            begin = System.nanoTime();
            try (PeerTalk talk = new PeerTalk(socket, pieces)) {
                Handshake theirs = shakeHands(talk);
                report.accept(new Step(
                        step, since(begin), true, "peer id " + theirs.peerId() + ", reserved " + theirs.reserved()));
                converse(talk, theirs.reserved());
                return true;
            }
        } catch (IOException e) {
            report.accept(new Step(step, since(begin), false, reason(e)));
            return false;
        }
    }

    private Handshake shakeHands(PeerTalk talk) throws IOException {
        talk.patience(timeout);
        PeerId id = PeerId.random(Version.PEER_ID_PREFIX, new SecureRandom());
        talk.send(new Handshake(Reserved.NONE.withFast().withExtensions(), infoHash, id));
        Handshake theirs = talk.handshake();
        if (!theirs.infoHash().equals(infoHash)) {
            throw new IOException("it answers for another swarm, " + theirs.infoHash());
        }
        return theirs;
    }

    private void converse(PeerTalk talk, Reserved theirs) {
        long begin = System.nanoTime();
        try {
            greet(talk, theirs);
        } catch (IOException e) {
            report.accept(new Step("pieces", since(begin), false, reason(e)));
            return;
        }
        boolean alive = true;
        if (theirs.extensions()) {
            alive = listen(talk, "extensions", begin, () -> extensions);
        } else {
            report.accept(new Step("extensions", Duration.ZERO, true, "does not speak the extension protocol"));
        }
        // A peer that has nothing may say nothing, so the unchoke, which comes later, is not waited for in vain.
        alive = alive && listen(talk, "pieces", begin, () -> has == null && unchoked ? "none" : has);
        if (alive) {
            listen(talk, "unchoke", begin, () -> unchoked ? "may request now" : null);
        }
    }

    private static void greet(PeerTalk talk, Reserved theirs) throws IOException {
        if (theirs.extensions()) {
            SortedMap<String, Integer> none = new TreeMap<>();
            talk.send(new ExtensionHandshake(none, Version.USER_AGENT, null, null, null, null, null, null, null)
                    .message());
        }
        if (theirs.fast()) {
            talk.send(new PeerMessage.HaveNone());
        }
        talk.send(new PeerMessage.Interested());
    }

    /** What has come of a step, in words; null until something has. */
    private interface Answer {
        @Nullable
        String text();
    }

    /** Hears the peer out until the step is over; says whether the connection still stands. */
    private boolean listen(PeerTalk talk, String step, long begin, Answer answer) {
        try {
            while (true) {
                String text = answer.text();
                if (text != null) {
                    report.accept(new Step(step, since(begin), true, text));
                    return true;
                }
                Duration left = timeout.minus(since(begin));
                if (!left.isPositive()) {
                    throw new SocketTimeoutException();
                }
                talk.patience(left);
                hear(talk.next());
            }
        } catch (SocketTimeoutException e) {
            report.accept(new Step(step, since(begin), false, reason(e)));
            return true;
        } catch (IOException e) {
            report.accept(new Step(step, since(begin), false, reason(e)));
            return false;
        }
    }

    private void hear(PeerTalk.Said said) {
        switch (said) {
            case PeerTalk.Said.RawBitfield(var count) -> has = count + " pieces";
            case PeerTalk.Said.Message(var message, var payload) -> hear(message);
        }
    }

    private void hear(PeerMessage message) {
        switch (message) {
            case PeerMessage.Bitfield(PieceSet set) ->
                has = set + " (" + Quantities.percent(set.count(), set.pieces()) + ")";
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

    private static String reason(IOException e) {
        return switch (e) {
            case SocketTimeoutException late -> "no answer in time";
            case EOFException closed -> "the peer closed the connection; it may not have this torrent, or be full";
            case ConnectException refused -> PlainText.of(String.valueOf(refused.getMessage()), 200);
            default -> PlainText.of(String.valueOf(e.getMessage()), 200);
        };
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
