package dev.spate.io.http;

import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@code http} or {@code https} URL, read leniently: tracker URLs in the wild contain what RFC 3986 forbids. Characters that
 * would break the request are percent-encoded, what is percent-encoded already stays as it is, byte for byte.
 *
 * @param host lower case, without the brackets of an IPv6 address
 * @param port 1 to 65535
 * @param userInfo {@code user:password} as written; null if there is none
 * @param target path and query, beginning with a slash
 */
record HttpUrl(
        boolean isTls, String host, int port, @Nullable String userInfo, String target) {
    private static final String FORBIDDEN = "\"<>\\^`{|}";

    static Optional<HttpUrl> parse(String text) {
        String url = text.strip();
        int colon = url.indexOf("://");
        if (colon < 0) {
            return Optional.empty();
        }
        String scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.empty();
        }
        boolean isTls = scheme.equals("https");
        int fragment = url.indexOf('#');
        String rest = url.substring(colon + 3, fragment < 0 ? url.length() : Math.max(colon + 3, fragment));
        int end = endOfAuthority(rest);
        String authority = rest.substring(0, end);
        String target = encode(rest.substring(end));
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? null : authority.substring(0, at);
        return withHost(isTls, authority.substring(at + 1), userInfo, target.startsWith("/") ? target : "/" + target);
    }

    /** Where a {@code Location} header leads that stood in the answer to this URL. */
    Optional<HttpUrl> resolve(String location) {
        String absolute = location.strip();
        if (absolute.startsWith("//")) {
            absolute = scheme() + ":" + absolute;
        }
        if (absolute.matches("(?i)[a-z][a-z0-9+.-]*:.*")) {
            return parse(absolute);
        }
        try {
            URI base = URI.create(scheme() + "://" + authority() + target);
            return parse(base.resolve(encode(absolute)).toString());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String scheme() {
        return isTls ? "https" : "http";
    }

    /** Host and port as the {@code Host} header has them. */
    String authority() {
        return port == (isTls ? 443 : 80) ? hostText() : hostAndPort();
    }

    String hostAndPort() {
        return hostText() + ":" + port;
    }

    @Override
    public String toString() {
        return scheme() + "://" + authority() + target;
    }

    private String hostText() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static int endOfAuthority(String rest) {
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        return end;
    }

    private static Optional<HttpUrl> withHost(
            boolean isTls, String hostAndPort, @Nullable String userInfo, String target) {
        String host;
        String port;
        int bracket = hostAndPort.indexOf(']');
        if (hostAndPort.startsWith("[") && bracket > 0) {
            host = hostAndPort.substring(1, bracket).toLowerCase(Locale.ROOT);
            port = hostAndPort.substring(bracket + 1);
            if (!host.matches("[0-9a-f:.]+")) {
                return Optional.empty();
            }
        } else {
            int colon = hostAndPort.indexOf(':');
            host = asciiName(colon < 0 ? hostAndPort : hostAndPort.substring(0, colon));
            port = colon < 0 ? "" : hostAndPort.substring(colon);
        }
        if (host.isEmpty() || host.length() > 255) {
            return Optional.empty();
        }
        int number = isTls ? 443 : 80;
        if (!port.isEmpty() && !port.equals(":")) {
            if (!port.matches(":[0-9]{1,5}")) {
                return Optional.empty();
            }
            number = Integer.parseInt(port.substring(1));
        }
        return number < 1 || number > 65535
                ? Optional.empty()
                : Optional.of(new HttpUrl(isTls, host, number, userInfo, target));
    }

    /** Empty if it is no name. */
    private static String asciiName(String name) {
        try {
            String ascii = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            return ascii.matches("[a-z0-9._-]+") ? ascii : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String encode(String text) {
        var out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b <= ' ' || b == 127 || FORBIDDEN.indexOf(b) >= 0) {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }
}
