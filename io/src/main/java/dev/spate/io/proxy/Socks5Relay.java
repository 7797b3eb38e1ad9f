package dev.spate.io.proxy;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.Outbox;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import dev.spate.io.lane.UdpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A place for datagrams at a SOCKS5 proxy (RFC 1928, {@code UDP ASSOCIATE}). It lives as long as the connection to the proxy does
 * over which it was asked for; datagrams that come before it stands wait, a few of them. Confined to its lane.
 */
public final class Socks5Relay implements AutoCloseable {

    /** Who is told what comes. */
    public interface Handler {
        /**
         * A datagram came.
         *
         * @param from as the proxy tells it; a name where it tells a name
         * @param payload valid during this call only
         */
        void received(InetSocketAddress from, ByteBuffer payload);

        /** The place is gone, or was never had; called once, unless we closed it. */
        void lost(IOException cause);
    }

    /** Datagrams that wait for the association. */
    static final int MAX_WAITING = 64;

    /** As much as an Ethernet packet holds is what we send; more cannot be. */
    private static final int MAX_DATAGRAM = 2048;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private record Waiting(ByteBuffer payload, InetSocketAddress to) {}

    private final Lane lane;
    private final InetSocketAddress proxy;
    private final Handler handler;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final TcpConnection control;
    private @Nullable UdpSocket socket;
    private @Nullable InetSocketAddress relay;
    private boolean closed;

    /**
     * Begins to ask for a place. Lane thread only.
     *
     * @param proxy its resolved address
     * @param from the local address to use, with port 0, or null
     */
    public Socks5Relay(
            Lane lane,
            InetSocketAddress proxy,
            ProxySettings.Socks5 settings,
            @Nullable InetSocketAddress from,
            Handler handler) {
        this.lane = lane;
        this.proxy = proxy;
        this.handler = handler;
        // We do not know from which address the proxy will see our datagrams come; RFC 1928, section 4: then all zeros.
        var handshake =
                new Socks5Handshake(Socks5Handshake.Command.UDP_ASSOCIATE, "0.0.0.0", 0, settings.credentials());
        this.control = ProxiedConnection.connect(lane, proxy, from, LIMIT, handshake, new Control(), this::stands);
    }

    /**
     * Sends one datagram, or drops it.
     *
     * @param to a name, or a resolved address
     */
    public void send(ByteBuffer payload, InetSocketAddress to) {
        UdpSocket open = socket;
        InetSocketAddress via = relay;
        if (closed) {
            return;
        }
        if (open == null || via == null) {
            if (waiting.size() < MAX_WAITING) {
                ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
                waiting.add(new Waiting(copy.put(payload).flip(), to));
            }
            return;
        }
        datagram.clear();
        Socks5Datagram.writeHead(to, datagram);
        if (payload.remaining() <= datagram.remaining()) {
            open.send(datagram.put(payload).flip(), via);
        }
    }

    private void stands(TcpConnection connection, InetSocketAddress bound) {
        boolean isSaid = !bound.isUnresolved() && !bound.getAddress().isAnyLocalAddress();
        InetSocketAddress via =
                new InetSocketAddress(isSaid ? bound.getAddress() : proxy.getAddress(), bound.getPort());
        InetSocketAddress local = connection.localAddress();
        try {
            if (local == null) {
                throw new IOException("the connection is over");
            }
            // From the same address as the connection: proxies take datagrams of nobody else.
            socket = lane.openUdp(new InetSocketAddress(local.getAddress(), 0), this::received);
        } catch (IOException e) {
            lost(new IOException("no UDP socket can be opened: " + e.getMessage(), e));
            return;
        }
        relay = via;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            send(next.payload, next.to);
        }
    }

    private void received(UdpSocket at, InetSocketAddress sender, ByteBuffer bytes) {
        if (sender.equals(relay)) {
            InetSocketAddress origin = Socks5Datagram.readHead(bytes);
            if (origin != null) {
                handler.received(origin, bytes);
            }
        }
    }

    private void lost(IOException cause) {
        if (!closed) {
            close();
            handler.lost(cause);
        }
    }

    /** Gives the place up. Lane thread only. */
    @Override
    public void close() {
        closed = true;
        waiting.clear();
        control.close();
        if (socket != null) {
            socket.close();
        }
    }

    /** The connection on which nothing more is said: its end is the end of the place. */
    private final class Control implements TcpHandler {
        @Override
        public void connected(TcpConnection connection) {}

        @Override
        public void received(TcpConnection connection, ByteBuffer data) {}

        @Override
        public boolean gather(TcpConnection connection, Outbox out) {
            return false;
        }

        @Override
        public void closed(TcpConnection connection, @Nullable IOException cause) {
            lost(cause == null ? new IOException("the proxy closed the connection") : cause);
        }
    }
}
