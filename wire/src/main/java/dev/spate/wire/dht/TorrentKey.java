package dev.spate.wire.dht;

import dev.spate.wire.Decoding;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A key that names a torrent, and later perhaps another (BEP 46), as in {@code magnet:?xs=urn:btpk:KEY&s=SALT}.
 *
 * @param publicKey of Ed25519, 32 bytes
 * @param salt tells torrents of one key apart; at most 64 bytes, empty for none
 */
public record TorrentKey(Bytes publicKey, Bytes salt) {
    private static final String SCHEME = "magnet:?";
    private static final String TOPIC = "urn:btpk:";
    private static final int KEY_LENGTH = 32;
    private static final int MAX_SALT = 64;

    public TorrentKey {
        if (publicKey.length() != KEY_LENGTH || salt.length() > MAX_SALT) {
            throw new IllegalArgumentException(
                    "a key of " + publicKey.length() + " bytes and a salt of " + salt.length());
        }
    }

    /** Whether it looks like a link with a key, well-formed or not. */
    public static boolean isLink(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith(SCHEME) && (lower.contains("xs=" + TOPIC) || lower.contains("xs=urn%3abtpk%3a"));
    }

    /** Reads a link; parameters that it does not know are passed over. */
    public static Decoding<TorrentKey> parse(String link) {
        if (!isLink(link)) {
            return new Decoding.Malformed<>(0, "a link to a torrent's key begins with magnet:?xs=urn:btpk:");
        }
        Bytes key = Bytes.EMPTY;
        Bytes salt = Bytes.EMPTY;
        for (String parameter : link.substring(SCHEME.length()).split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            try {
                if (name.equalsIgnoreCase("xs")) {
                    String topic = URLDecoder.decode(value, StandardCharsets.UTF_8);
                    if (topic.toLowerCase(Locale.ROOT).startsWith(TOPIC)) {
                        key = hex(topic.substring(TOPIC.length()));
                    }
                } else if (name.equalsIgnoreCase("s")) {
                    salt = hex(value);
                }
            } catch (IllegalArgumentException e) {
                return new Decoding.Malformed<>(link.indexOf(parameter), "no hexadecimal digits: " + parameter);
            }
        }
        if (key.length() != KEY_LENGTH || salt.length() > MAX_SALT) {
            return new Decoding.Malformed<>(
                    0, "a key has 32 bytes and a salt up to 64, not " + key.length() + " and " + salt.length());
        }
        return new Decoding.Decoded<>(new TorrentKey(key, salt));
    }

    private static Bytes hex(String digits) {
        return Bytes.of(HexFormat.of().parseHex(digits));
    }

    /** The link. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        String link = SCHEME + "xs=" + TOPIC + hex.formatHex(publicKey.toBytes());
        return salt.isEmpty() ? link : link + "&s=" + hex.formatHex(salt.toBytes());
    }
}
