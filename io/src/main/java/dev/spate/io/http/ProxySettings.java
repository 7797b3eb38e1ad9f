package dev.spate.io.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Through whom connections are made. */
public sealed interface ProxySettings {

    /** Straight to the destination. */
    record Direct() implements ProxySettings {}

    /**
     * An HTTP proxy: {@code http} URLs are asked of it, {@code https} ones go through {@code CONNECT}. It looks names up.
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
        }
    }

    /** Who we are to the proxy, each part at most 255 bytes in UTF-8. */
    record Credentials(String user, String password) {
        public Credentials {
            Objects.requireNonNull(user);
            Objects.requireNonNull(password);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
