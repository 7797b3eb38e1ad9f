package dev.spate.wire.metainfo;

import dev.spate.wire.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Writes magnet links. */
final class MagnetWriter {
    /** What RFC 3986 calls unreserved; everything else is percent-encoded. */
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private MagnetWriter() {}

    static String write(Magnet magnet) {
        StringBuilder link = new StringBuilder("magnet:?");
        if (magnet.infoHash().v1() != null) {
            link.append("xt=")
                    .append(MagnetReader.V1_TOPIC)
                    .append(magnet.infoHash().v1());
        }
        if (magnet.infoHash().v2() != null) {
            link.append(magnet.infoHash().v1() != null ? "&xt=" : "xt=")
                    .append(MagnetReader.V2_TOPIC)
                    .append(MagnetReader.MULTIHASH_SHA256)
                    .append(magnet.infoHash().v2());
        }
        if (magnet.displayName() != null) {
            link.append("&dn=").append(encode(magnet.displayName(), ""));
        }
        for (String url : magnet.trackers()) {
            link.append("&tr=").append(encode(url, ""));
        }
        for (String url : magnet.webSeeds()) {
            link.append("&ws=").append(encode(url, ""));
        }
        for (HostPort peer : magnet.peers()) {
            // BEP 9 shows these with their colons and brackets.
            link.append("&x.pe=").append(encode(peer.toString(), ":[]"));
        }
        if (!magnet.selectOnly().isEmpty()) {
            link.append("&so=")
                    .append(magnet.selectOnly().stream()
                            .map(Magnet.FileRange::toString)
                            .collect(Collectors.joining(",")));
        }
        return link.toString();
    }

    private static String encode(String text, String alsoPlain) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && (PLAIN.indexOf(b) >= 0 || alsoPlain.indexOf(b) >= 0)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
