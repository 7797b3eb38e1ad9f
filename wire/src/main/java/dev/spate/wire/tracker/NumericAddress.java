package dev.spate.wire.tracker;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads addresses that are written as numbers, without ever looking a name up. */
final class NumericAddress {

    // The JDK also reads forms such as "127.1" and zones such as "%eth0"; neither belongs into an answer.
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private NumericAddress() {}

    /** The address, or null if the text is none, such as a name. */
    static @Nullable InetAddress parse(String text) {
        try {
            if (IPV4.matcher(text).matches()) {
                return Inet4Address.ofLiteral(text);
            }
            return text.indexOf(':') >= 0 && IPV6.matcher(text).matches() ? Inet6Address.ofLiteral(text) : null;
        } catch (IllegalArgumentException e) {
            return null; // looked like an address, but has a number too large, or is too short
        }
    }
}
