package dev.spate.engine.shell;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.TcpConnection;
import dev.spate.io.lane.TcpHandler;
import dev.spate.io.proxy.ProxiedConnection;
import dev.spate.io.proxy.ProxyHandshake;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.wire.PeerAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How connections to peers leave this machine: straight, or through a proxy and then never in another way. A value.
 *
 * @param proxy through whom
 * @param proxyAddress the proxy's own address, resolved; of no meaning where there is none
 */
public record WayOut(ProxySettings proxy, InetSocketAddress proxyAddress) {

    private static final InetSocketAddress NOBODY = new InetSocketAddress(0);

    /** Straight to peers. */
    public static WayOut direct() {
        return new WayOut(new ProxySettings.Direct(), NOBODY);
    }

    /**
     * Begins to connect to a peer. Lane thread only.
     *
     * @param limit for the way to the peer or proxy, and for what is said with the proxy
     */
    TcpConnection connect(Lane lane, PeerAddress to, Duration limit, TcpHandler handler) {
        if (proxy instanceof ProxySettings.Direct) {
            return lane.connect(to.toSocketAddress(), null, limit, handler);
        }
        ProxyHandshake handshake = ProxyHandshake.connect(proxy, to.ip().getHostAddress(), to.port());
        return ProxiedConnection.connect(lane, proxyAddress, null, limit, handshake, handler);
    }
}
