package dev.spate.io.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The client's side of a tunnel through an HTTP proxy: {@code CONNECT} (RFC 9110, section 9.3.6). */
public final class HttpConnectHandshake implements ProxyHandshake {

    /** Bytes of the answer's head; real ones have some hundred. */
    static final int MAX_HEAD = 16 * 1024;

    private static final InetSocketAddress NOTHING_TOLD = new InetSocketAddress(0);

    private final String target;
    private final ProxySettings.@Nullable Credentials credentials;
    private final StringBuilder head = new StringBuilder();

    /** A handshake that has not begun; {@code host} is a name or a numeric address. */
    public HttpConnectHandshake(String host, int port, ProxySettings.@Nullable Credentials credentials) {
        this.target = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        this.credentials = credentials;
    }

    /** The header line that lets us through the proxy, with its end; empty without credentials. */
    public static String authorization(ProxySettings.@Nullable Credentials credentials) {
        if (credentials == null) {
            return "";
        }
        byte[] both = (credentials.user() + ":" + credentials.password()).getBytes(StandardCharsets.UTF_8);
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(both) + "\r\n";
    }

    @Override
    public byte[] begin() {
        return ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization(credentials) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public Step received(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            char next = (char) Byte.toUnsignedInt(bytes.get());
            if (next == '\r') {
                continue;
            }
            head.append(next);
            if (next == '\n' && (head.length() == 1 || head.charAt(head.length() - 2) == '\n')) {
                Step step = judge();
                head.setLength(0);
                if (step != null) {
                    return step;
                }
            } else if (head.length() == MAX_HEAD) {
                return refused("the head of its answer is too large");
            }
        }
        return new Step.More();
    }

    /** Null for an interim answer: another one follows. */
    private @Nullable Step judge() {
        String status = head.substring(0, head.indexOf("\n"));
        if (!status.matches("HTTP/1\\.[0-9] [1-5][0-9][0-9]( .*)?")) {
            return refused("its answer is not HTTP");
        }
        return switch (status.charAt(9)) {
            case '1' -> null;
            case '2' -> new Step.Done(NOTHING_TOLD);
            default -> refused("status " + status.substring(9, 12));
        };
    }

    private static Step refused(String why) {
        return new Step.Refused("the HTTP proxy will not connect: " + why);
    }
}
