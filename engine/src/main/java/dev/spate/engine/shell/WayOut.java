package dev.spate.engine.shell;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import dev.spate.io.proxy.ProxiedConnection;
import dev.spate.io.proxy.ProxyHandshake;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How this session leaves the machine: from which local addresses, and straight or through a proxy, then never in another way.
 *
 * @param proxy through whom
 * @param proxyAddress the proxy's own address, resolved; of no meaning where there is none
 * @param ends from where
 */
public record WayOut(ProxySettings proxy, InetSocketAddress proxyAddress, LocalEnds ends) {

    private static final InetSocketAddress NOBODY = new InetSocketAddress(0);

    /** Straight to others. */
    public static WayOut direct(LocalEnds ends) {
        return new WayOut(new ProxySettings.Direct(), NOBODY, ends);
    }

    /**
     * Begins to connect to a peer. Lane thread only.
     *
     * @param limit for the way to the peer or proxy, and for what is said with the proxy
     */
    TcpConnection connect(Lane lane, PeerAddress to, Duration limit, TcpHandler handler) {
        boolean isDirect = proxy instanceof ProxySettings.Direct;
        InetSocketAddress first = isDirect ? to.toSocketAddress() : proxyAddress;
        InetSocketAddress from;
        try {
            from = ends.towards(first.getAddress());
        } catch (IOException noWay) {
            return lane.notConnected(first, noWay, handler);
        }
        if (isDirect) {
            return lane.connect(first, from, limit, handler);
        }
        ProxyHandshake handshake = ProxyHandshake.connect(proxy, to.ip().getHostAddress(), to.port());
        return ProxiedConnection.connect(lane, first, from, limit, handshake, handler);
    }
}
