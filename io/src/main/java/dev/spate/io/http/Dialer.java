package dev.spate.io.http;

import dev.spate.io.proxy.BlockingHandshake;
import dev.spate.io.proxy.HttpConnectHandshake;
import dev.spate.io.proxy.ProxyHandshake;
import dev.spate.io.proxy.ProxySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connection that a request goes over: straight, or through the proxy that is set, and with TLS where the URL wants it.
 *
 * <h2>Implementation note</h2>
 *
 * The JDK's {@code HttpClient} is not used: it ignores a SOCKS proxy and goes direct, it looks the name up again after the
 * address was judged, and it has no bound on the time of a body. Names are looked up once, and the connection goes to an address
 * that was judged.
 */
final class Dialer {
    /** How long one address of several may take. */
    private static final int CONNECT_MILLIS = 10_000;

    /**
     * A connection on which a request can be written.
     *
     * @param address the destination's; null behind a proxy, where it is not known
     * @param viaHttpProxy the request names its whole URL, for the proxy
     */
    record Dialed(Socket socket, @Nullable InetAddress address, boolean viaHttpProxy) {}

    private final HttpSettings settings;

    Dialer(HttpSettings settings) {
        this.settings = settings;
    }

    /**
     * Connects.
     *
     * @param allowed says which addresses may be used; asked for the destination's, as far as they are known here
     */
    Dialed dial(HttpUrl url, AddressFamily family, Predicate<InetAddress> allowed, Watch watch) throws IOException {
        return switch (settings.proxy()) {
            case ProxySettings.Direct() -> {
                List<InetAddress> addresses = destination(url, family, allowed, watch);
                Socket socket = connectToOne(addresses, url.host(), url.port(), watch);
                InetAddress address = socket.getInetAddress();
                yield new Dialed(url.isTls() ? encrypted(socket, url) : socket, address, false);
            }
            case ProxySettings.Http proxy -> {
                Socket socket = connectToProxy(proxy.host(), proxy.port(), watch);
                if (!url.isTls()) {
                    yield new Dialed(socket, null, true);
                }
                openTunnel(socket, handshake(proxy, url));
                yield new Dialed(encrypted(socket, url), null, false);
            }
            case ProxySettings.Socks5 proxy -> {
                Socket socket = connectToProxy(proxy.host(), proxy.port(), watch);
                openTunnel(socket, handshake(proxy, url));
                yield new Dialed(url.isTls() ? encrypted(socket, url) : socket, null, false);
            }
        };
    }

    /** The header that lets us through the HTTP proxy; empty if there is none. */
    String proxyAuthorization() {
        return settings.proxy() instanceof ProxySettings.Http proxy
                ? HttpConnectHandshake.authorization(proxy.credentials())
                : "";
    }

    private List<InetAddress> destination(
            HttpUrl url, AddressFamily family, Predicate<InetAddress> allowed, Watch watch) throws IOException {
        List<InetAddress> all = lookUp(url.host(), watch);
        List<InetAddress> usable = all.stream().filter(family::contains).toList();
        if (usable.isEmpty()) {
            throw new HttpFailure(HttpFailure.Reason.NO_SUCH_FAMILY, url.host() + " has no " + family + " address");
        }
        List<InetAddress> judged = usable.stream().filter(allowed).toList();
        if (judged.isEmpty()) {
            throw new HttpFailure(
                    HttpFailure.Reason.REDIRECT, "a public server redirects to the private address of " + url.host());
        }
        return judged;
    }

    private Socket connectToProxy(String host, int port, Watch watch) throws IOException {
        try {
            return connectToOne(lookUp(host, watch), host, port, watch);
        } catch (HttpFailure e) {
            throw new HttpFailure(HttpFailure.Reason.PROXY, "the proxy cannot be reached: " + e.getMessage(), e);
        }
    }

    /** The resolver takes its own time and cannot be interrupted; it is left behind when the request's time is up. */
    private static List<InetAddress> lookUp(String host, Watch watch) throws IOException {
        var found = new CompletableFuture<InetAddress[]>();
        Thread.ofVirtual().name("http-lookup").start(() -> {
            try {
                found.complete(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        try {
            return List.of(found.get(Math.max(0, watch.leftNanos()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw new HttpFailure(HttpFailure.Reason.NAME_UNKNOWN, "the name " + host + " has no address", e);
        } catch (TimeoutException e) {
            throw new HttpFailure(HttpFailure.Reason.TIMED_OUT, "the name " + host + " was not found in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpFailure(HttpFailure.Reason.CLOSED, "interrupted", e);
        }
    }

    private Socket connectToOne(List<InetAddress> addresses, String host, int port, Watch watch) throws IOException {
        IOException last = null;
        for (InetAddress address : addresses) {
            // NO_PROXY: otherwise the JDK's own proxy settings would take part.
            var socket = new Socket(Proxy.NO_PROXY);
            try {
                watch.guard(socket);
                bind(socket, address);
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), Math.min(CONNECT_MILLIS, watch.leftMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                if (watch.isExpired() || watch.isCancelled()) {
                    throw e;
                }
                last = e;
            }
        }
        throw new HttpFailure(
                HttpFailure.Reason.UNREACHABLE,
                host + " cannot be reached" + (last == null ? "" : ": " + last.getMessage()),
                last);
    }

    private void bind(Socket socket, InetAddress destination) throws IOException {
        InetSocketAddress from = settings.ends().towards(destination);
        if (from != null) {
            socket.bind(from);
        }
    }

    /** Says to the proxy what is to be said; afterwards the socket leads to the URL's host. */
    private static void openTunnel(Socket socket, ProxyHandshake handshake) throws IOException {
        ProxyHandshake.Step end = BlockingHandshake.speak(handshake, socket.getInputStream(), socket.getOutputStream());
        if (end instanceof ProxyHandshake.Step.Refused(var reason)) {
            throw new HttpFailure(HttpFailure.Reason.PROXY, reason);
        }
    }

    private static ProxyHandshake handshake(ProxySettings proxy, HttpUrl url) throws HttpFailure {
        try {
            return ProxyHandshake.connect(proxy, url.host(), url.port());
        } catch (IllegalArgumentException e) {
            throw new HttpFailure(HttpFailure.Reason.PROXY, String.valueOf(e.getMessage()), e);
        }
    }

    static String basic(String userAndPassword) {
        return Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    private SSLSocket encrypted(Socket plain, HttpUrl url) throws IOException {
        var socket = (SSLSocket) tls().getSocketFactory().createSocket(plain, url.host(), url.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private SSLContext tls() throws HttpFailure {
        SSLContext given = settings.tls();
        try {
            return given != null ? given : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new HttpFailure(HttpFailure.Reason.TLS, "this Java has no TLS", e);
        }
    }
}
