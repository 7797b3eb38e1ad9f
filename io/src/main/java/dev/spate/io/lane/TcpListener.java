package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A port on which a lane accepts connections. */
public final class TcpListener implements Selected, AutoCloseable {
    /** How long nothing is accepted after accepting has failed: descriptors are freed by others, and that takes its time. */
    public static final Duration PAUSE = Duration.ofMillis(500);

    /** So many are accepted before the lane's other sockets have their turn. */
    private static final int ACCEPTS_A_TURN = 32;

    private final Lane lane;
    private final ServerSocketChannel channel;
    private final InetSocketAddress localAddress;
    private final TcpAcceptor acceptor;
    private @Nullable SelectionKey key;
    private @Nullable LaneTimer pause;

    TcpListener(Lane lane, ServerSocketChannel channel, InetSocketAddress localAddress, TcpAcceptor acceptor) {
        this.lane = lane;
        this.channel = channel;
        this.localAddress = localAddress;
        this.acceptor = acceptor;
    }

    /** Where it listens, with the real port if port 0 was asked for. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** Accepts no more; connections made before live on. Any thread; the port is free again shortly after. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            Lane.LOG.log(System.Logger.Level.DEBUG, "closing the listener at " + localAddress, e);
        }
        // A closed channel keeps its port until the selector has let go of it.
        lane.wakeUp();
    }

    void register() {
        try {
            key = lane.register(channel, SelectionKey.OP_ACCEPT, this);
            pause = lane.timer(this::resume);
        } catch (IOException closedMeanwhile) {
            close();
        }
    }

    @Override
    public void ready(int ops) {
        for (int accepts = 0; accepts < ACCEPTS_A_TURN; accepts++) {
            SocketChannel accepted;
            try {
                accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
            } catch (IOException e) {
                if (channel.isOpen()) {
                    interest(0);
                    if (pause != null) {
                        pause.set(lane.now() + PAUSE.toNanos());
                    }
                    acceptor.acceptFailed(e);
                }
                return;
            }
            if (prepare(accepted)) {
                acceptor.accepted(accepted);
            }
        }
    }

    @Override
    public void abandon(@Nullable IOException cause) {
        if (cause == null) {
            close();
        }
    }

    private void resume() {
        interest(SelectionKey.OP_ACCEPT);
    }

    private void interest(int ops) {
        if (key != null && key.isValid()) {
            key.interestOps(ops);
        }
    }

    /** False if the connection died between the backlog and here. */
    private static boolean prepare(SocketChannel accepted) {
        try {
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return true;
        } catch (IOException e) {
            try {
                accepted.close();
            } catch (IOException closing) {
                Lane.LOG.log(System.Logger.Level.DEBUG, "closing a dead connection", closing);
            }
            return false;
        }
    }
}
