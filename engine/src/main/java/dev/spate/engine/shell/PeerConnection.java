package dev.spate.engine.shell;

import dev.spate.core.peer.CloseReason;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.lane.Outbox;
import dev.spate.io.lane.ReadBound;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One peer's socket: what it sends becomes inputs of the swarm, and the swarm's effects become what is sent. Confined to its
 * lane.
 */
final class PeerConnection implements TcpHandler, MessageReader.Sink {
    private final SwarmRunner runner;
    private final int peer;
    private final PeerAddress remote;
    private final MessageReader reader;
    private final MessageWriter writer = new MessageWriter();
    private @Nullable TcpConnection socket;
    private @Nullable PeerThrottle throttle;
    private @Nullable ReadBound readBound;
    private @Nullable CloseReason reason;
    private boolean closed;
    private boolean blocksReady;
    private int loading;

    /** @param handshakeDone whether the peer's handshake was read already, as for incoming connections */
    PeerConnection(SwarmRunner runner, int peer, PeerAddress remote, boolean handshakeDone) {
        this.runner = runner;
        this.peer = peer;
        this.remote = remote;
        this.reader = new MessageReader(runner.decoder(), handshakeDone);
    }

    int peer() {
        return peer;
    }

    /** Where the peer is. */
    PeerAddress remote() {
        return remote;
    }

    /** Whether it leaves from one of these local addresses. */
    boolean isAt(LocalEnds ends) {
        InetSocketAddress local = socket == null ? null : socket.localAddress();
        return ends.isAny() || (local != null && ends.contain(local.getAddress()));
    }

    void attach(TcpConnection tcp) {
        socket = tcp;
        if (readBound != null) {
            tcp.boundReading(readBound);
        }
    }

    // ------------------------------------------------------------------ what the socket says

    @Override
    public void connected(TcpConnection connection) {
        runner.gathering().dialed(peer, runner.now());
        runner.drain();
    }

    @Override
    public void received(TcpConnection connection, ByteBuffer data) {
        reader.read(data, this);
        runner.drain();
    }

    @Override
    public boolean gather(TcpConnection connection, Outbox out) {
        if (throttle != null) {
            return gatherWithin(throttle, out);
        }
        boolean all = gatherUpTo(out, Integer.MAX_VALUE);
        runner.drainLater();
        return !all || blocksReady;
    }

    /** Gathers messages, and blocks of so many bytes and the rest of the last; returns whether nothing had to stay in the writer. */
    private boolean gatherUpTo(Outbox out, int blockBytes) {
        long before = writer.blockBytesMoved();
        boolean all = writer.moveTo(out, blockBytes, this::sent);
        if (all && blocksReady && blockBytes > 0) {
            int left = blockBytes - (int) (writer.blockBytesMoved() - before);
            blocksReady = runner.uploads().load(this, Math.min(left, out.room()));
            all = writer.moveTo(out, left, this::sent);
        }
        return all;
    }

    private boolean gatherWithin(PeerThrottle limit, Outbox out) {
        boolean hasBlocks = blocksReady || writer.blockBytes() > 0;
        long before = writer.bytesMoved();
        boolean all = gatherUpTo(out, hasBlocks ? limit.mostUp(out.room()) : 0);
        limit.gathered(writer.bytesMoved() - before, all && !blocksReady);
        runner.drainLater();
        // While it waits for its limits, it is they who ask again.
        return (!all || blocksReady) && !limit.isUpWaiting();
    }

    private void sent(BlockRange block) {
        runner.swarm().blockSent(peer, block, runner.now());
    }

    @Override
    public void closed(TcpConnection connection, @Nullable IOException cause) {
        closed = true;
        readBound = null;
        writer.clear();
        runner.gone(this, reason != null ? reason : CloseReason.ofFailure(cause));
    }

    // ------------------------------------------------------------------ what the stream says

    @Override
    public void handshake(Handshake handshake) {
        runner.gathering().handshakeReceived(peer, handshake, runner.now());
        // The answer may be to close, and then nothing that follows is to be read.
        runner.drain();
    }

    @Override
    public void message(PeerMessage message) {
        runner.gathering().messageReceived(peer, message, runner.now());
    }

    @Override
    public boolean blockBegins(BlockRange block) {
        return runner.gathering().blockArriving(peer, block, runner.now()).isWanted();
    }

    @Override
    public void payload(int begin, ByteBuffer part, BlockRange block) {
        int bytes = part.remaining();
        runner.downloads().put(block, begin, part);
        runner.swarm().payloadReceived(peer, bytes, runner.now());
    }

    @Override
    public void dropped(int bytes) {
        runner.gathering().payloadReceived(peer, bytes, runner.now());
    }

    @Override
    public void blockEnds(BlockRange block) {
        runner.downloads().end(this, block);
    }

    @Override
    public void malformed(String why) {
        close(CloseReason.malformed(why));
    }

    /** Whether the connection is over, or about to be. */
    @Override
    public boolean closed() {
        return closed || reason != null;
    }

    // ------------------------------------------------------------------ what the swarm says

    /** Messages can be told apart by the number of pieces from now on. */
    void torrentKnown(PeerMessageDecoder decoder) {
        reader.decodeWith(decoder);
    }

    void send(Handshake handshake) {
        writer.send(handshake);
        wantWrite();
    }

    void send(PeerMessage message) {
        writer.send(message);
        wantWrite();
    }

    void blocksReady() {
        blocksReady = true;
        wantWrite();
    }

    void dropArriving() {
        reader.dropBlock();
    }

    void close(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
        if (socket != null) {
            socket.close();
        }
    }

    // ------------------------------------------------------------------ what the disk says

    MessageWriter writer() {
        return writer;
    }

    /** Bytes that were asked of a worker and have not come yet. */
    int loading() {
        return loading;
    }

    void loadingStarted(int bytes) {
        loading += bytes;
    }

    void loadingEnded(int bytes) {
        loading -= bytes;
        wantWrite();
    }

    void pauseReading() {
        if (socket != null && !closed()) {
            socket.pauseReading();
        }
    }

    void resumeReading() {
        if (socket != null && !closed()) {
            socket.resumeReading();
        }
    }

    // ------------------------------------------------------------------ what the limits say

    /** From now on blocks are gathered only as {@code limits} allow. */
    void throttle(PeerThrottle limits) {
        throttle = limits;
    }

    void boundReading(@Nullable ReadBound bound) {
        readBound = bound;
        if (socket != null && !closed()) {
            socket.boundReading(bound);
        }
    }

    void readAgain() {
        if (socket != null && !closed()) {
            socket.readAgain();
        }
    }

    void mayWrite() {
        wantWrite();
    }

    private void wantWrite() {
        if (socket != null && !closed()) {
            socket.wantWrite();
        }
    }
}
