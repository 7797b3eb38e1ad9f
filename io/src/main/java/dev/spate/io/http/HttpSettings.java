package dev.spate.io.http;

import dev.spate.io.proxy.ProxySettings;
import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How requests are made.
 *
 * @param userAgent what we call ourselves, printable ASCII
 * @param proxy through whom; nothing ever goes around it, not even the look-up of a name
 * @param localAddresses addresses to leave from; empty leaves the choice to the system. A destination whose family has no
 *     address here cannot be reached
 * @param tls decides whom to trust; null for the JDK's own choice
 */
public record HttpSettings(
        String userAgent,
        ProxySettings proxy,
        List<InetAddress> localAddresses,
        @Nullable SSLContext tls) {
    public HttpSettings {
        if (!userAgent.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw new IllegalArgumentException("not a user agent: " + userAgent);
        }
        localAddresses = List.copyOf(localAddresses);
    }

    /** Straight to the destination, from any address. */
    public static HttpSettings direct(String userAgent) {
        return new HttpSettings(userAgent, new ProxySettings.Direct(), List.of(), null);
    }

    /** The same but for the proxy. */
    public HttpSettings withProxy(ProxySettings newProxy) {
        return new HttpSettings(userAgent, newProxy, localAddresses, tls);
    }
}
