package dev.spate.io.proxy;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.lane.Outbox;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a handler while a connection is made through a proxy: the handler hears {@code connected} when the proxy has
 * agreed, or {@code closed} with the reason, just as it would of a connection of its own. Confined to its lane.
 */
public final class ProxiedConnection implements TcpHandler {

    /** Told in place of a handler when an association stands; see {@link Socks5Relay}. */
    interface Agreed {
        void agreed(TcpConnection connection, InetSocketAddress bound);
    }

    private final ProxyHandshake handshake;
    private final TcpHandler next;
    private final Agreed agreed;
    private final Duration limit;
    private final LaneTimer timer;
    private final ArrayDeque<ByteBuffer> toSend = new ArrayDeque<>();
    private @Nullable TcpConnection connection;
    private @Nullable IOException trouble;

    private ProxiedConnection(Lane lane, ProxyHandshake handshake, Duration limit, TcpHandler next, Agreed agreed) {
        this.handshake = handshake;
        this.next = next;
        this.agreed = agreed;
        this.limit = limit;
        this.timer = lane.timer(this::timedOut);
    }

    /**
     * Begins to connect. Lane thread only.
     *
     * @param proxy its resolved address
     * @param from the local address to use, or null
     * @param limit for the way to the proxy, and again for what is said with it
     * @param next takes over as soon as the proxy has agreed
     */
    public static TcpConnection connect(
            Lane lane,
            InetSocketAddress proxy,
            @Nullable InetSocketAddress from,
            Duration limit,
            ProxyHandshake handshake,
            TcpHandler next) {
        return connect(lane, proxy, from, limit, handshake, next, (connection, bound) -> next.connected(connection));
    }

    static TcpConnection connect(
            Lane lane,
            InetSocketAddress proxy,
            @Nullable InetSocketAddress from,
            Duration limit,
            ProxyHandshake handshake,
            TcpHandler next,
            Agreed agreed) {
        return lane.connect(proxy, from, limit, new ProxiedConnection(lane, handshake, limit, next, agreed));
    }

    @Override
    public void connected(TcpConnection tcp) {
        connection = tcp;
        timer.set(tcp.lane().now() + limit.toNanos());
        send(tcp, ByteBuffer.wrap(handshake.begin()));
    }

    @Override
    public void received(TcpConnection tcp, ByteBuffer data) {
        while (true) {
            switch (handshake.received(data)) {
                case ProxyHandshake.Step.Send(var bytes) -> send(tcp, bytes);
                case ProxyHandshake.Step.More() -> {
                    return;
                }
                case ProxyHandshake.Step.Done(var bound) -> {
                    timer.cancel();
                    tcp.handOver(next);
                    agreed.agreed(tcp, bound);
                    return;
                }
                case ProxyHandshake.Step.Refused(var reason) -> {
                    fail(tcp, new IOException(reason));
                    return;
                }
            }
        }
    }

    private void send(TcpConnection tcp, ByteBuffer bytes) {
        toSend.add(bytes);
        tcp.wantWrite();
    }

    private void fail(TcpConnection tcp, IOException why) {
        trouble = why;
        tcp.close();
    }

    private void timedOut() {
        if (connection != null) {
            fail(connection, new SocketTimeoutException("the proxy does not answer"));
        }
    }

    @Override
    public boolean gather(TcpConnection tcp, Outbox out) {
        for (ByteBuffer bytes = toSend.poll(); bytes != null; bytes = toSend.poll()) {
            out.small(bytes.remaining()).put(bytes);
        }
        return false;
    }

    @Override
    public void closed(TcpConnection tcp, @Nullable IOException cause) {
        timer.cancel();
        IOException known = trouble;
        if (known == null && cause != null) {
            known = new IOException(
                    (connection == null ? "the proxy cannot be reached: " : "the proxy gave up: ") + cause.getMessage(),
                    cause);
        }
        next.closed(tcp, known);
    }
}
