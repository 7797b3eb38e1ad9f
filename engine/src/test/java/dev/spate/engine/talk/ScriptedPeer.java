package dev.spate.engine.talk;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/** A peer that is a script: what it says and when, without sockets and threads, on a clock that goes on when somebody waits for it. */
final class ScriptedPeer implements MessageChannel {

    private record Line(long at, Heard<Spoken> heard) {}

    private final Deque<Line> lines = new ArrayDeque<>();
    private final List<PeerMessage> heard = new ArrayList<>();
    private Heard<Handshake> handshake = new Heard.Silence<>();
    private BiConsumer<ScriptedPeer, PeerMessage> reaction = (peer, message) -> {};
    private long now = 1_000_000;
    private long writing = now;
    private boolean left;
    private boolean closed;

    // ------------------------------------------------------------------ the script

    /** Answers the handshake, of this torrent. */
    ScriptedPeer greets(Digest infoHash, Reserved reserved, String id) {
        handshake =
                new Heard.Said<>(new Handshake(reserved, infoHash, PeerId.of(id.getBytes(StandardCharsets.US_ASCII))));
        return this;
    }

    ScriptedPeer greetsWith(Heard<Handshake> other) {
        handshake = other;
        return this;
    }

    /** Lets time pass before it says the next thing. */
    ScriptedPeer waits(Duration time) {
        writing = Math.max(writing, now) + time.toNanos();
        return this;
    }

    ScriptedPeer says(PeerMessage... messages) {
        for (PeerMessage message : messages) {
            line(new Heard.Said<>(new Spoken(message, ByteBuffer.allocate(0))));
        }
        return this;
    }

    ScriptedPeer says(PeerMessage.Piece piece, byte[] payload) {
        return line(new Heard.Said<>(new Spoken(piece, ByteBuffer.wrap(payload))));
    }

    ScriptedPeer saysNonsense(String reason) {
        return line(new Heard.Nonsense<>(reason));
    }

    ScriptedPeer hangsUp() {
        return line(new Heard.Ended<>("the peer closed the connection"));
    }

    /** What it does whenever it is told something. */
    ScriptedPeer reacts(BiConsumer<ScriptedPeer, PeerMessage> how) {
        reaction = how;
        return this;
    }

    private ScriptedPeer line(Heard<Spoken> what) {
        writing = Math.max(writing, now);
        lines.add(new Line(writing, what));
        return this;
    }

    // ------------------------------------------------------------------ what came of it

    List<PeerMessage> heard() {
        return heard;
    }

    boolean wasLeft() {
        return left;
    }

    boolean isClosed() {
        return closed;
    }

    // ------------------------------------------------------------------ the channel

    @Override
    public long now() {
        return now;
    }

    @Override
    public void send(Handshake ours) {}

    @Override
    public void send(PeerMessage message, byte[] payload) {
        heard.add(message);
        reaction.accept(this, message);
    }

    @Override
    public Heard<Handshake> handshake(long deadline) {
        if (handshake instanceof Heard.Silence<Handshake>) {
            now = deadline;
        }
        return handshake;
    }

    @Override
    public Heard<Spoken> next(long deadline) {
        Line next = lines.peek();
        if (next == null || next.at() - deadline > 0) {
            now = Math.max(now, deadline);
            return new Heard.Silence<>();
        }
        now = Math.max(now, next.at());
        lines.remove();
        return next.heard();
    }

    @Override
    public void leave(long deadline) {
        left = true;
        close();
    }

    @Override
    public void close() {
        closed = true;
    }
}
