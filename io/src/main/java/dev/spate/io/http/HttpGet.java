package dev.spate.io.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks HTTP servers for small things: announces, torrent files. Each request has its own connection, and bounds on time,
 * size and redirects which no server can stretch. Safe on any thread; requests block, so they belong on virtual threads.
 *
 * <p>A public server that redirects to a private address is not followed: it would make us knock at doors of our own network
 * on a stranger's behalf. Behind a proxy, where addresses are not known, this holds for addresses written as such and for
 * names that say of themselves that they are local.
 */
public final class HttpGet implements AutoCloseable {
    /** IPv6, or what some resolvers take for IPv4: the last part is a number, also in hexadecimal. */
    private static final Pattern ADDRESS = Pattern.compile(".*:.*|(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");

    private final HttpSettings settings;
    private final Dialer dialer;
    private final Set<Watch> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Makes requests as {@code settings} say; opens nothing yet. */
    public HttpGet(HttpSettings settings) {
        this.settings = settings;
        this.dialer = new Dialer(settings);
    }

    /** As {@link #get(String, HttpLimits, AddressFamily)}, over any address of the host. */
    public HttpAnswer get(String url, HttpLimits limits) throws HttpFailure {
        return get(url, limits, AddressFamily.ANY);
    }

    /**
     * Asks for {@code url} and waits for the answer, which may have any status.
     *
     * @param url {@code http} or {@code https}; characters that cannot stand in a request are encoded, the rest is sent as is
     * @param family which of the host's addresses may be used; behind a proxy the proxy chooses
     * @throws HttpFailure if there is no answer within the limits
     */
    public HttpAnswer get(String url, HttpLimits limits, AddressFamily family) throws HttpFailure {
        HttpUrl first = HttpUrl.parse(url)
                .orElseThrow(() -> new HttpFailure(HttpFailure.Reason.BAD_URL, "this is not an http or https URL"));
        try (var watch = new Watch(limits.time())) {
            running.add(watch);
            try {
                if (closed) {
                    throw new HttpFailure(HttpFailure.Reason.CLOSED, "closed");
                }
                return follow(first, limits, family, watch);
            } catch (IOException e) {
                throw failure(e, first, watch);
            } finally {
                running.remove(watch);
            }
        }
    }

    /** Ends all running requests, which fail. */
    public void cancelRunning() {
        running.forEach(Watch::cancel);
    }

    /** Ends all running requests, which fail, and refuses later ones. */
    @Override
    public void close() {
        closed = true;
        cancelRunning();
    }

    /**
     * The rule for redirects, on its own: what the public may send us to.
     *
     * @param from where the redirect came from
     */
    static boolean mayRedirect(InetAddress from, InetAddress to) {
        return AddressScope.isPublic(to) || !AddressScope.isPublic(from);
    }

    private HttpAnswer follow(HttpUrl first, HttpLimits limits, AddressFamily family, Watch watch) throws IOException {
        HttpUrl url = first;
        Predicate<InetAddress> allowed = any -> true;
        for (int redirects = 0; ; redirects++) {
            Dialer.Dialed dialed = dialer.dial(url, family, allowed, watch);
            try (Socket socket = dialed.socket()) {
                send(socket, url, dialed.viaHttpProxy());
                var in = new BufferedInputStream(socket.getInputStream());
                AnswerHead head = AnswerHead.read(in);
                String location = redirect(head);
                if (location == null) {
                    byte[] body = AnswerBody.read(head, in, limits.maxBytes());
                    return new HttpAnswer(url.toString(), head, body);
                }
                if (redirects == limits.maxRedirects()) {
                    throw new HttpFailure(
                            HttpFailure.Reason.REDIRECT,
                            first.host() + " redirects more than " + limits.maxRedirects() + " times");
                }
                HttpUrl next = url.resolve(location)
                        .orElseThrow(() -> new HttpFailure(
                                HttpFailure.Reason.REDIRECT, first.host() + " redirects to what is not a URL"));
                InetAddress from = dialed.address();
                if (from != null) {
                    allowed = to -> mayRedirect(from, to);
                } else {
                    requirePublicLooks(url, next);
                }
                url = next;
            }
        }
    }

    private void send(Socket socket, HttpUrl url, boolean viaHttpProxy) throws IOException {
        var request = new StringBuilder("GET ")
                .append(viaHttpProxy ? url.toString() : url.target())
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.authority())
                .append("\r\nUser-Agent: ")
                .append(settings.userAgent())
                .append("\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nConnection: close\r\n");
        if (viaHttpProxy) {
            request.append(dialer.proxyAuthorization());
        }
        if (url.userInfo() != null) {
            request.append("Authorization: Basic ")
                    .append(Dialer.basic(url.userInfo()))
                    .append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static @Nullable String redirect(AnswerHead head) {
        return switch (head.status()) {
            case 301, 302, 303, 307, 308 -> head.header("Location").orElse(null);
            default -> null;
        };
    }

    private static void requirePublicLooks(HttpUrl from, HttpUrl to) throws HttpFailure {
        if (looksPrivate(to.host()) && !looksPrivate(from.host())) {
            throw new HttpFailure(
                    HttpFailure.Reason.REDIRECT, from.host() + " redirects to the private address " + to.host());
        }
    }

    /** Looks nothing up. */
    private static boolean looksPrivate(String host) {
        if (!ADDRESS.matcher(host).matches()) {
            return AddressScope.isPrivateName(host);
        }
        try {
            return !AddressScope.isPublic(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException notAnAddress) {
            return true;
        }
    }

    /** What an error in the middle means, given what else has happened. */
    private static HttpFailure failure(IOException e, HttpUrl url, Watch watch) {
        if (watch.isCancelled() || Thread.currentThread().isInterrupted()) {
            return new HttpFailure(HttpFailure.Reason.CLOSED, "closed", e);
        }
        if (watch.isExpired()) {
            return new HttpFailure(HttpFailure.Reason.TIMED_OUT, url.host() + " did not answer in time", e);
        }
        if (e instanceof HttpFailure known) {
            return known;
        }
        if (e instanceof SSLException) {
            return new HttpFailure(HttpFailure.Reason.TLS, url.host() + " cannot be trusted: " + e.getMessage(), e);
        }
        return new HttpFailure(HttpFailure.Reason.BAD_ANSWER, url.host() + " broke off: " + e.getMessage(), e);
    }
}
