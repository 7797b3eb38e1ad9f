package dev.spate.io.http;

import dev.spate.io.lane.LocalEnds;
import dev.spate.io.proxy.ProxySettings;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How requests are made.
 *
 * @param userAgent what we call ourselves, printable ASCII
 * @param proxy through whom; nothing ever goes around it, not even the look-up of a name
 * @param ends from which local addresses. A destination whose family has none cannot be reached
 * @param tls decides whom to trust; null for the JDK's own choice
 */
public record HttpSettings(
        String userAgent,
        ProxySettings proxy,
        LocalEnds ends,
        @Nullable SSLContext tls) {
    public HttpSettings {
        if (!userAgent.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw new IllegalArgumentException("not a user agent: " + userAgent);
        }
    }

    /** Straight to the destination, from any address. */
    public static HttpSettings direct(String userAgent) {
        return new HttpSettings(userAgent, new ProxySettings.Direct(), LocalEnds.any(), null);
    }

    /** The same but for the proxy. */
    public HttpSettings withProxy(ProxySettings newProxy) {
        return new HttpSettings(userAgent, newProxy, ends, tls);
    }

    /** The same but for the local addresses. */
    public HttpSettings withEnds(LocalEnds newEnds) {
        return new HttpSettings(userAgent, proxy, newEnds, tls);
    }
}
