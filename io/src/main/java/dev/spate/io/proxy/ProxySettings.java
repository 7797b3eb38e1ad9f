package dev.spate.io.proxy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Through whom connections are made. */
public sealed interface ProxySettings {

    /** Straight to the destination. */
    record Direct() implements ProxySettings {}

    /**
     * An HTTP proxy: {@code http} URLs are asked of it, everything else goes through {@code CONNECT}. It looks names up.
     *
     * @param credentials for Basic authorization; null for none
     */
    record Http(String host, int port, @Nullable Credentials credentials) implements ProxySettings {
        public Http {
            requirePort(port);
        }
    }

    /**
     * A SOCKS5 proxy (RFC 1928). It looks names up.
     *
     * @param credentials for RFC 1929; null for none
     */
    record Socks5(String host, int port, @Nullable Credentials credentials) implements ProxySettings {
        public Socks5 {
            requirePort(port);
            if (credentials != null && credentials.user().isEmpty()) {
                throw new IllegalArgumentException("the user name for a SOCKS5 proxy has at least one byte");
            }
        }
    }

    /** Who we are to the proxy, each part at most 255 bytes in UTF-8. */
    record Credentials(String user, String password) {
        public Credentials {
            if (length(user) > 255 || length(password) > 255) {
                throw new IllegalArgumentException("user name and password of a proxy have at most 255 bytes");
            }
        }

        private static int length(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    /**
     * What a proxy's address means, written {@code socks5://user:password@host:port} or {@code http://host:port}.
     *
     * @throws IllegalArgumentException if it is none that Spate speaks with; the message has no password
     */
    static ProxySettings of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || uri.getPort() < 1 || uri.getPort() > 65535) {
            throw new IllegalArgumentException(
                    "a proxy is written socks5://HOST:PORT or http://HOST:PORT, not " + scheme + "://" + host);
        }
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        Credentials credentials = credentials(uri.getUserInfo());
        return switch (scheme) {
            case "http" -> new Http(name, uri.getPort(), credentials);
            case "socks5", "socks5h" -> new Socks5(name, uri.getPort(), credentials);
            default ->
                throw new IllegalArgumentException(
                        "a proxy is written socks5://HOST:PORT or http://HOST:PORT, not " + scheme + "://");
        };
    }

    private static @Nullable Credentials credentials(@Nullable String userInfo) {
        if (userInfo == null) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Credentials(userInfo, "")
                : new Credentials(userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
