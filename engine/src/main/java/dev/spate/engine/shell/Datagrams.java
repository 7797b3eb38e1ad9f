package dev.spate.engine.shell;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.UdpSocket;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.io.proxy.Socks5Relay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** How datagrams leave this machine and come back: by a socket of our own, or through a SOCKS5 proxy. Confined to its lane. */
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
            case ProxySettings.Direct() ->
                new Own(lane.openUdp(
                        new InetSocketAddress(0), (socket, from, datagram) -> handler.received(from, datagram)));
            case ProxySettings.Http http -> throw new IOException("an HTTP proxy carries no UDP");
            case ProxySettings.Socks5 socks ->
                new Relayed(new Socks5Relay(lane, way.proxyAddress(), socks, null, handler));
        };
    }

    /** A socket of our own. */
    record Own(UdpSocket socket) implements Datagrams {
        @Override
        public boolean takesNames() {
            return false;
        }

        @Override
        public void send(ByteBuffer datagram, InetSocketAddress to) {
            // One that the system does not take is like one that gets lost.
            socket.send(datagram, to);
        }

        @Override
        public void close() {
            socket.close();
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
