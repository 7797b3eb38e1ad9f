package dev.spate.io.lane;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection on a lane, from the first attempt to reach the other side until its handler was told that it is closed.
 * Lane thread only. It holds no buffer while nothing waits to be sent.
 *
 * <h2>Implementation note</h2>
 *
 * <pre>
 *   CONNECTING --connected--> OPEN --detach--> DETACHED
 *        \                     |
 *         `------- close, failure, end of their stream -------> DOOMED --end of the turn--> CLOSED
 * </pre>
 *
 * Changes of the selector's interest cost a system call each, so they are made late: reading is switched off when bytes
 * come while it is paused, writing when the socket takes bytes and there are none.
 */
public final class TcpConnection implements Selected {
    /** So many full receive buffers are read from one socket before the others have their turn. */
    private static final int READS_A_TURN = 4;

    private enum State {
        CONNECTING,
        OPEN,
        DOOMED,
        DETACHED,
        CLOSED
    }

    private final Lane lane;
    /** Null if the system had no socket left; then it was never open. */
    private final @Nullable SocketChannel channel;

    private final InetSocketAddress remoteAddress;
    private TcpHandler handler;
    private State state;
    private @Nullable SelectionKey key;
    private @Nullable LaneTimer connectTimer;
    private @Nullable IOException cause;
    private @Nullable Outbox outbox;
    private @Nullable Object attachment;
    private long bytesIn;
    private long bytesOut;
    private boolean readingPaused;
    private @Nullable ReadBound readBound;
    /** The bound allowed nothing. */
    private boolean readingBounded;
    /** The handler has something to send. */
    private boolean wantsGather;
    /** The socket took less than it was given; the selector tells when it takes more. */
    private boolean socketFull;
    /** Nothing more is gathered; when all is with the socket, our half of the connection is closed. */
    private boolean endsOutput;
    /** In the lane's list of those that write at the end of this turn. */
    private boolean queued;
    /** The handler is looking at the lane's receive buffer. */
    private boolean receiving;
    /** To another handler, since the present call to {@code received} began. */
    private boolean handedOver;

    TcpConnection(
            Lane lane,
            @Nullable SocketChannel channel,
            InetSocketAddress remoteAddress,
            TcpHandler handler,
            boolean open) {
        this.lane = lane;
        this.channel = channel;
        this.remoteAddress = remoteAddress;
        this.handler = handler;
        this.state = open ? State.OPEN : State.CONNECTING;
    }

    /** Asks for {@link TcpHandler#gather} at the end of this turn, or as soon as the socket takes bytes. */
    public void wantWrite() {
        assert lane.isCurrent();
        wantsGather = true;
        if (state == State.OPEN && !socketFull) {
            queue();
        }
    }

    /** {@link TcpHandler#received} is not called any more until {@link #resumeReading}; what the other side sends piles up in the kernel and then at the sender. */
    public void pauseReading() {
        assert lane.isCurrent();
        readingPaused = true;
    }

    /** Takes back {@link #pauseReading}. */
    public void resumeReading() {
        assert lane.isCurrent();
        readingPaused = false;
        listen();
    }

    /**
     * Lets {@code bound} say how much is read from now on; null lets everything be read, as at first. Reading goes on, whatever an
     * earlier bound said.
     */
    public void boundReading(@Nullable ReadBound bound) {
        assert lane.isCurrent();
        readBound = bound;
        readAgain();
    }

    /** The bound, which allowed nothing, is to be asked again. */
    public void readAgain() {
        assert lane.isCurrent();
        if (readingBounded) {
            readingBounded = false;
            listen();
        }
    }

    private void listen() {
        if (state == State.OPEN && !readingPaused && !readingBounded) {
            interest(SelectionKey.OP_READ, true);
        }
    }

    /** Whether reading is paused. */
    public boolean isReadingPaused() {
        return readingPaused;
    }

    /**
     * Ends the connection; what was not sent is dropped. The handler hears nothing more but {@link TcpHandler#closed}, later in
     * this turn. Does nothing if it was closed before.
     */
    public void close() {
        assert lane.isCurrent();
        doom(null);
    }

    /**
     * Sends what the handler still has to send ({@link TcpHandler#gather} is called until it has no more), then closes our half of the
     * connection: the other side sees the end of our stream. Reading goes on until it ends its own, or {@link #close}.
     */
    public void endOutput() {
        assert lane.isCurrent();
        endsOutput = true;
        wantWrite();
    }

    /**
     * Another handler takes over. Called within {@link TcpHandler#received}, the unread rest of the data goes to the new
     * handler as soon as the old one returns. {@link TcpHandler#connected} is not called again.
     */
    public void handOver(TcpHandler next) {
        assert lane.isCurrent();
        handler = next;
        handedOver = true;
    }

    /**
     * Takes the connection from its lane so that another one can {@linkplain Lane#adopt(Detached, TcpHandler) adopt} it. The
     * handler hears nothing more of it. Called within {@link TcpHandler#received}, the unread rest of the data goes along.
     *
     * @throws IllegalStateException if it is not open, or bytes wait to be sent
     */
    public Detached detach() {
        assert lane.isCurrent();
        if (state != State.OPEN || (outbox != null && !outbox.isEmpty())) {
            throw new IllegalStateException("cannot detach: " + state + (outbox == null ? "" : ", unsent bytes"));
        }
        state = State.DETACHED;
        if (key != null) {
            key.cancel();
        }
        lane.cancelledKey();
        ByteBuffer unread = ByteBuffer.allocate(receiving ? lane.receiveBuffer().remaining() : 0);
        if (receiving) {
            unread.put(lane.receiveBuffer()).flip();
        }
        return new Detached(socket(), unread);
    }

    /** Whether bytes can be sent and received. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** The lane that owns this connection. */
    public Lane lane() {
        return lane;
    }

    /** Whom it leads to, or was to lead to. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Our end of it; null before it is connected and after it was closed. */
    public @Nullable InetSocketAddress localAddress() {
        try {
            return channel == null ? null : (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException closed) {
            return null;
        }
    }

    /** Bytes received so far. */
    public long bytesIn() {
        return bytesIn;
    }

    /** Bytes that the socket has taken so far. */
    public long bytesOut() {
        return bytesOut;
    }

    /** Bytes gathered and not yet taken by the socket. */
    public int bytesPending() {
        return outbox == null ? 0 : outbox.pending();
    }

    /** Whatever the owner put there. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Keeps an object of the owner's with this connection. */
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    @Override
    public String toString() {
        return remoteAddress + " (" + state + ")";
    }

    void registered(SelectionKey newKey) {
        key = newKey;
    }

    void connectWithin(LaneTimer timer) {
        connectTimer = timer;
    }

    void connectTimedOut() {
        doom(new SocketTimeoutException("no answer from " + remoteAddress));
    }

    @Override
    public void ready(int ops) {
        if ((ops & SelectionKey.OP_CONNECT) != 0 && state == State.CONNECTING) {
            finishConnect();
        }
        if ((ops & SelectionKey.OP_WRITE) != 0 && state == State.OPEN) {
            socketFull = false;
            queue();
        }
        if ((ops & SelectionKey.OP_READ) != 0 && state == State.OPEN) {
            read();
        }
    }

    @Override
    public void abandon(@Nullable IOException why) {
        doom(why);
    }

    /** Gathers and writes once; at the end of a turn. */
    void flush() {
        queued = false;
        if (state != State.OPEN || socketFull) {
            return;
        }
        Outbox out = outbox;
        if (out == null) {
            if (!wantsGather) {
                interest(SelectionKey.OP_WRITE, false);
                return;
            }
            out = lane.takeOutbox();
            if (out == null) {
                doom(new IOException("no memory left for messages"));
                return;
            }
            outbox = out;
        }
        if (wantsGather && out.room() > 0) {
            wantsGather = false;
            boolean more = handler.gather(this, out);
            // With nothing to write there is no event that would ask again but the handler's own.
            wantsGather |= more && !out.isEmpty();
        }
        if (state != State.OPEN) {
            return;
        }
        if (!out.isEmpty()) {
            try {
                bytesOut += out.write(socket());
            } catch (IOException e) {
                doom(e);
                return;
            }
        }
        if (!out.isEmpty()) {
            socketFull = true;
            interest(SelectionKey.OP_WRITE, true);
            return;
        }
        outbox = null;
        lane.giveBack(out);
        if (wantsGather) {
            queue();
        } else if (endsOutput) {
            shutOutput();
        }
    }

    private void shutOutput() {
        endsOutput = false;
        interest(SelectionKey.OP_WRITE, false);
        try {
            socket().shutdownOutput();
        } catch (IOException e) {
            doom(e);
        }
    }

    /** Closes the socket and tells the handler; at the end of a turn, once, for a doomed connection. */
    void finish() {
        assert state == State.DOOMED;
        state = State.CLOSED;
        try {
            closeSocket();
            dropUnsent();
        } finally {
            handler.closed(this, cause);
        }
    }

    private void closeSocket() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The descriptor is gone whatever close says, and nobody waits for what was not sent.
            cause = cause == null ? e : cause;
        }
    }

    private void dropUnsent() {
        Outbox unsent = outbox;
        if (unsent != null) {
            outbox = null;
            unsent.discard();
            lane.giveBack(unsent);
        }
    }

    void deliver(ByteBuffer data) {
        receiving = true;
        try {
            do {
                handedOver = false;
                handler.received(this, data);
            } while (handedOver && state == State.OPEN && data.hasRemaining());
        } finally {
            receiving = false;
        }
    }

    void doom(@Nullable IOException why) {
        if (state != State.CONNECTING && state != State.OPEN) {
            return;
        }
        state = State.DOOMED;
        cause = why;
        stopConnectTimer();
        lane.doomed(this);
    }

    private void finishConnect() {
        try {
            socket().finishConnect();
            SendBuffer.tune(socket());
        } catch (IOException e) {
            doom(e);
            return;
        }
        stopConnectTimer();
        state = State.OPEN;
        if (key != null) {
            key.interestOps(SelectionKey.OP_READ);
        }
        handler.connected(this);
        if (wantsGather && state == State.OPEN) {
            queue();
        }
    }

    private void read() {
        if (readingPaused) {
            interest(SelectionKey.OP_READ, false);
            return;
        }
        ByteBuffer buffer = lane.receiveBuffer();
        for (int reads = 0; reads < READS_A_TURN; reads++) {
            buffer.clear();
            ReadBound bound = readBound;
            if (bound != null) {
                buffer.limit(bound.most(buffer.capacity()));
                if (!buffer.hasRemaining()) {
                    readingBounded = true;
                    interest(SelectionKey.OP_READ, false);
                    return;
                }
            }
            int most = buffer.remaining();
            int count;
            try {
                count = socket().read(buffer);
            } catch (IOException e) {
                doom(e);
                return;
            }
            if (count < 0) {
                doom(new EOFException("the other side closed the connection"));
                return;
            }
            if (bound != null) {
                bound.took(count, count < most);
            }
            if (count == 0) {
                return;
            }
            bytesIn += count;
            deliver(buffer.flip());
            // A short read has emptied the socket; asking again would only cost a call.
            if (count < most || state != State.OPEN || readingPaused) {
                return;
            }
        }
    }

    private SocketChannel socket() {
        if (channel == null) {
            throw new IllegalStateException("there is no socket");
        }
        return channel;
    }

    private void queue() {
        if (!queued) {
            queued = true;
            lane.queueWriter(this);
        }
    }

    private void interest(int op, boolean wanted) {
        if (key == null || !key.isValid()) {
            return;
        }
        int ops = key.interestOps();
        int changed = wanted ? ops | op : ops & ~op;
        if (changed != ops) {
            key.interestOps(changed);
        }
    }

    private void stopConnectTimer() {
        if (connectTimer != null) {
            connectTimer.cancel();
            connectTimer = null;
        }
    }
}
