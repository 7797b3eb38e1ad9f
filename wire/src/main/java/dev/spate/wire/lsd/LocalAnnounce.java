package dev.spate.wire.lsd;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client says to its neighbours: that it takes part in some swarms (BEP 14, "protocol"). Where it is, the datagram's source tells.
 *
 * @param port where it takes connections, 1 to 65535
 * @param infoHashes at least one, and no more than {@link #MAX_SWARMS}
 * @param cookie by which the sender knows its own announces; empty for none, else up to 64 visible characters of ASCII
 */
public record LocalAnnounce(int port, List<Digest> infoHashes, String cookie) {

    /** Where announces are sent and heard. */
    public static final HostPort IPV4_GROUP = new HostPort("239.192.152.143", 6771);

    /** The same for IPv6. */
    public static final HostPort IPV6_GROUP = new HostPort("ff15::efc0:988f", 6771);

    /** A datagram is no longer, so that it arrives in one piece. */
    public static final int MAX_LENGTH = 1400;

    /** So many have room in one, with the longest cookie. */
    public static final int MAX_SWARMS = 20;

    private static final int MAX_COOKIE = 64;
    private static final String FIRST_LINE = "BT-SEARCH * HTTP/1.1";

    public LocalAnnounce {
        infoHashes = List.copyOf(infoHashes);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (infoHashes.isEmpty() || infoHashes.size() > MAX_SWARMS) {
            throw new IllegalArgumentException("not a number of swarms: " + infoHashes.size());
        }
        if (!isCookie(cookie)) {
            throw new IllegalArgumentException("not a cookie: " + cookie);
        }
    }

    private static boolean isCookie(String text) {
        return text.length() <= MAX_COOKIE && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /**
     * The datagram.
     *
     * @param group to which it is sent
     */
    public byte[] encode(HostPort group) {
        StringBuilder text = new StringBuilder(FIRST_LINE + "\r\n");
        text.append("Host: ").append(group).append("\r\nPort: ").append(port).append("\r\n");
        for (Digest infoHash : infoHashes) {
            text.append("Infohash: ").append(infoHash).append("\r\n");
        }
        if (!cookie.isEmpty()) {
            text.append("cookie: ").append(cookie).append("\r\n");
        }
        return text.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a datagram, from its position to its limit. Headers that it does not know are passed over, as are info-hashes and cookies
     * that make no sense, and swarms beyond {@link #MAX_SWARMS}.
     */
    public static Decoding<LocalAnnounce> decode(ByteBuffer datagram) {
        if (datagram.remaining() > MAX_LENGTH) {
            return new Decoding.Malformed<>(MAX_LENGTH, "longer than an announce may be");
        }
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(datagram.position(), bytes);
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        if (!lines[0].equals(FIRST_LINE)) {
            return new Decoding.Malformed<>(0, "not an announce to the local network");
        }
        int port = 0;
        String cookie = "";
        List<Digest> infoHashes = new ArrayList<>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            String value = colon < 0 ? "" : lines[i].substring(colon + 1).strip();
            switch (colon < 0 ? "" : lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "port" -> port = value.matches("\\d{1,5}") ? Integer.parseInt(value) : 0;
                case "infohash" -> {
                    if (value.matches("\\p{XDigit}{40}") && infoHashes.size() < MAX_SWARMS) {
                        infoHashes.add(Digest.ofHex(value));
                    }
                }
                case "cookie" -> cookie = isCookie(value) ? value : "";
                default -> {
                    // For clients that know more.
                }
            }
        }
        if (port < 1 || port > 65535) {
            return new Decoding.Malformed<>(0, "no port");
        }
        if (infoHashes.isEmpty()) {
            return new Decoding.Malformed<>(0, "no info-hash");
        }
        return new Decoding.Decoded<>(new LocalAnnounce(port, infoHashes, cookie));
    }
}
