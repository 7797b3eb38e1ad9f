package dev.spate.engine.shell;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.lane.UdpSocket;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.io.proxy.Socks5Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How datagrams leave this machine and come back: by sockets of our own, or through a SOCKS5 proxy. Confined to its lane. */
sealed interface Datagrams extends AutoCloseable {

    /** Whether it takes names as destinations, and nothing is to be looked up here. */
    boolean takesNames();

    /** Sends one datagram, or drops it. */
    void send(ByteBuffer datagram, InetSocketAddress to);

    @Override
    void close();

    /**
     * Opens a way.
     *
     * @param way as for connections; not through an HTTP proxy, which carries no datagrams
     * @throws IOException if there is no socket to be had
     */
    static Datagrams open(Lane lane, WayOut way, Socks5Relay.Handler handler) throws IOException {
        return switch (way.proxy()) {
            case ProxySettings.Direct() -> own(lane, way.ends(), handler);
            case ProxySettings.Http http -> throw new IOException("an HTTP proxy carries no UDP");
            case ProxySettings.Socks5 socks ->
                new Relayed(new Socks5Relay(
                        lane,
                        way.proxyAddress(),
                        socks,
                        way.ends().towards(way.proxyAddress().getAddress()),
                        handler));
        };
    }

    private static Own own(Lane lane, LocalEnds ends, Socks5Relay.Handler handler) throws IOException {
        List<InetAddress> locals = ends.isAny() ? List.of(new InetSocketAddress(0).getAddress()) : ends.list();
        var own = new Own(new ArrayList<>());
        try {
            for (InetAddress local : locals) {
                own.sockets.add(lane.openUdp(
                        new InetSocketAddress(local, 0), (socket, from, datagram) -> handler.received(from, datagram)));
            }
        } catch (IOException e) {
            own.close();
            throw e;
        }
        if (own.sockets.isEmpty()) {
            throw new IOException("the network interface that was bound to has no address now");
        }
        return own;
    }

    /** Sockets of our own: one for all, or one for each local address. */
    record Own(List<UdpSocket> sockets) implements Datagrams {
        @Override
        public boolean takesNames() {
            return false;
        }

        @Override
        public void send(ByteBuffer datagram, InetSocketAddress to) {
            for (UdpSocket socket : sockets) {
                InetAddress local = socket.localAddress().getAddress();
                if (local.isAnyLocalAddress()
                        || local.getClass().equals(to.getAddress().getClass())) {
                    // One that the system does not take is like one that gets lost.
                    socket.send(datagram, to);
                    return;
                }
            }
        }

        @Override
        public void close() {
            sockets.forEach(UdpSocket::close);
        }
    }

    /** Through a proxy. */
    record Relayed(Socks5Relay relay) implements Datagrams {
        @Override
        public boolean takesNames() {
            return true;
        }

        @Override
        public void send(ByteBuffer datagram, InetSocketAddress to) {
            relay.send(datagram, to);
        }

        @Override
        public void close() {
            relay.close();
        }
    }
}
