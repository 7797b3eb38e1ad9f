package dev.spate.engine.talk;

import dev.spate.engine.shell.WayOut;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.proxy.BlockingHandshake;
import dev.spate.io.proxy.ProxyHandshake;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

/** Connects to peers, by the way on which a session leaves the machine and by no other. Blocks; for any thread. */
public final class PeerDialer implements Dial {
    private final WayOut way;

    /** By this way. */
    public PeerDialer(WayOut way) {
        this.way = way;
    }

    /** Straight to peers, from any local address. */
    public static PeerDialer direct() {
        return new PeerDialer(WayOut.direct(LocalEnds.any()));
    }

    @Override
    public Dialed dial(PeerAddress peer, Duration limit) {
        boolean isDirect = way.proxy() instanceof ProxySettings.Direct;
        InetSocketAddress first = isDirect ? peer.toSocketAddress() : way.proxyAddress();
        int millis = Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
        // NO_PROXY: otherwise the JDK's own proxy settings would take part.
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            InetSocketAddress from = way.ends().towards(first.getAddress());
            if (from != null) {
                socket.bind(from);
            }
            socket.connect(first, millis);
            if (!isDirect) {
                socket.setSoTimeout(millis);
                ProxyHandshake handshake =
                        ProxyHandshake.connect(way.proxy(), peer.ip().getHostAddress(), peer.port());
                if (BlockingHandshake.speak(handshake, socket.getInputStream(), socket.getOutputStream())
                        instanceof ProxyHandshake.Step.Refused(var reason)) {
                    close(socket);
                    return new Dialed.Failed(Dialed.Obstacle.PROXY, reason);
                }
            }
            return new Dialed.Connected(new StreamChannel(socket));
        } catch (IOException e) {
            close(socket);
            return failed(e, isDirect);
        }
    }

    private static Dialed failed(IOException e, boolean isDirect) {
        String reason = String.valueOf(e.getMessage());
        if (!isDirect) {
            return new Dialed.Failed(Dialed.Obstacle.PROXY, reason);
        }
        // The JDK passes on the operating system's words and nothing else.
        return switch (e) {
            case SocketTimeoutException late -> new Dialed.Failed(Dialed.Obstacle.TIMED_OUT, reason);
            case ConnectException no
            when reason.toLowerCase(Locale.ROOT).contains("refused") ->
                new Dialed.Failed(Dialed.Obstacle.REFUSED, reason);
            default -> new Dialed.Failed(Dialed.Obstacle.UNREACHABLE, reason);
        };
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was never connected, or is of no use.
            assert socket.isClosed() : e;
        }
    }
}
