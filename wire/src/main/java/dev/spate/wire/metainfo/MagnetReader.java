package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.InfoHash;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses one magnet link, parameter by parameter. */
final class MagnetReader {
    static final String V1_TOPIC = "urn:btih:";
    static final String V2_TOPIC = "urn:btmh:";

    /** The multihash code of SHA-256 (12) and the length of its hash (20), both in hexadecimal. */
    static final String MULTIHASH_SHA256 = "1220";

    private static final String SCHEME = "magnet:?";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern FILES = Pattern.compile("([0-9]{1,7})(?:-([0-9]{1,7}))?");

    private @Nullable Digest v1;
    private @Nullable Digest v2;
    private @Nullable String displayName;
    private final SequencedSet<String> trackers = new LinkedHashSet<>();
    private final SequencedSet<String> webSeeds = new LinkedHashSet<>();
    private final SequencedSet<HostPort> peers = new LinkedHashSet<>();
    private final List<Magnet.FileRange> selectOnly = new ArrayList<>();

    Decoding<Magnet> read(String link) {
        if (link.length() > Magnet.MAX_LENGTH) {
            return new Decoding.Malformed<>(Magnet.MAX_LENGTH, "longer than " + Magnet.MAX_LENGTH + " characters");
        }
        if (!link.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Decoding.Malformed<>(0, "not a magnet link");
        }
        int at = SCHEME.length();
        while (at < link.length()) {
            int end = link.indexOf('&', at);
            end = end < 0 ? link.length() : end;
            int equals = link.indexOf('=', at);
            if (equals >= 0 && equals < end) {
                Optional<String> trouble = parameter(link.substring(at, equals), link.substring(equals + 1, end));
                if (trouble.isPresent()) {
                    return new Decoding.Malformed<>(at, trouble.get());
                }
            }
            at = end + 1;
        }
        if (v1 == null && v2 == null) {
            return new Decoding.Malformed<>(
                    link.length(), "no info-hash: `xt` with " + V1_TOPIC + " or " + V2_TOPIC + " is missing");
        }
        return new Decoding.Decoded<>(new Magnet(
                new InfoHash(v1, v2),
                displayName,
                List.copyOf(trackers),
                List.copyOf(webSeeds),
                List.copyOf(peers),
                selectOnly));
    }

    /** Takes one parameter in; what is wrong with it, if anything is. */
    private Optional<String> parameter(String rawKey, String value) {
        // "&amp;" comes from links that were copied out of HTML.
        String key = rawKey.startsWith("amp;") ? rawKey.substring(4) : rawKey;
        switch (withoutNumber(key)) {
            case "xt" -> {
                return topic(decode(value, false));
            }
            case "so" -> {
                return select(decode(value, false));
            }
            case "dn" -> displayName = displayName == null ? nonEmpty(decode(value, true)) : displayName;
            case "tr" -> addNonEmpty(trackers, decode(value, false));
            case "ws" -> addNonEmpty(webSeeds, decode(value, false));
            case "x.pe" -> peer(decode(value, false)).ifPresent(peers::add);
            default -> {}
        }
        return Optional.empty();
    }

    /** {@code tr.1}, {@code tr.2} and so on are how some write a parameter several times. */
    private static String withoutNumber(String key) {
        int dot = key.lastIndexOf('.');
        boolean numbered = dot > 0
                && dot + 1 < key.length()
                && key.substring(dot + 1).chars().allMatch(Character::isDigit);
        return numbered ? key.substring(0, dot) : key;
    }

    private Optional<String> topic(String topic) {
        Optional<Digest> digest;
        boolean isV1 = topic.regionMatches(true, 0, V1_TOPIC, 0, V1_TOPIC.length());
        if (isV1) {
            digest = v1Hash(topic.substring(V1_TOPIC.length()));
        } else if (topic.regionMatches(true, 0, V2_TOPIC, 0, V2_TOPIC.length())) {
            digest = v2Hash(topic.substring(V2_TOPIC.length()));
        } else {
            return Optional.empty();
        }
        if (digest.isEmpty()) {
            return Optional.of("not an info-hash: " + topic.substring(0, Math.min(topic.length(), 100)));
        }
        Digest before = isV1 ? v1 : v2;
        if (before != null && !before.equals(digest.get())) {
            return Optional.of("two different info-hashes");
        }
        if (isV1) {
            v1 = digest.get();
        } else {
            v2 = digest.get();
        }
        return Optional.empty();
    }

    private static Optional<Digest> v1Hash(String text) {
        if (text.length() == 2 * Digest.SHA1_LENGTH && HEX.matcher(text).matches()) {
            return Optional.of(Digest.ofHex(text));
        }
        return text.length() == 32 ? base32(text) : Optional.empty();
    }

    private static Optional<Digest> v2Hash(String text) {
        boolean isSha256 = text.length() == MULTIHASH_SHA256.length() + 2 * Digest.SHA256_LENGTH
                && text.startsWith(MULTIHASH_SHA256)
                && HEX.matcher(text).matches();
        return isSha256 ? Optional.of(Digest.ofHex(text.substring(MULTIHASH_SHA256.length()))) : Optional.empty();
    }

    /** RFC 3548, of 32 characters: 20 bytes without a remainder. */
    private static Optional<Digest> base32(String text) {
        byte[] bytes = new byte[Digest.SHA1_LENGTH];
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = BASE32.indexOf(c >= 'a' && c <= 'z' ? c - 32 : c);
            if (value < 0) {
                return Optional.empty();
            }
            bits = bits << 5 | value;
            // Eight characters make five bytes.
            if (i % 8 == 7) {
                for (int b = 0; b < 5; b++) {
                    bytes[i / 8 * 5 + b] = (byte) (bits >>> (32 - 8 * b));
                }
                bits = 0;
            }
        }
        return Optional.of(Digest.of(bytes));
    }

    private Optional<String> select(String ranges) {
        for (String range : ranges.split(",", -1)) {
            Matcher matcher = FILES.matcher(range);
            if (!matcher.matches()) {
                return Optional.of("`so` is not a list of files");
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first || last >= Metainfo.MAX_FILES) {
                return Optional.of("`so` names files that cannot be: " + range);
            }
            selectOnly.add(new Magnet.FileRange(first, last));
        }
        return Optional.empty();
    }

    private static Optional<HostPort> peer(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        boolean good = !host.isEmpty() && host.indexOf('[') < 0 && host.indexOf(']') < 0 && port > 0 && port <= 65535;
        return good ? Optional.of(new HostPort(host, port)) : Optional.empty();
    }

    private static @Nullable String nonEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static void addNonEmpty(SequencedSet<String> texts, String text) {
        if (!text.isEmpty()) {
            texts.add(text);
        }
    }

    /** Undoes percent-encoding; what only looks like it stays. */
    private static String decode(String value, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escape = c == '%' && i + 2 < value.length() && isHex(value, i + 1) && isHex(value, i + 2);
            if (escape || (c == '+' && plusIsSpace)) {
                bytes.writeBytes(value.substring(from, i).getBytes(StandardCharsets.UTF_8));
                bytes.write(escape ? Integer.parseInt(value, i + 1, i + 3, 16) : ' ');
                i += escape ? 2 : 0;
                from = i + 1;
            }
        }
        bytes.writeBytes(value.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(String text, int index) {
        return Character.digit(text.charAt(index), 16) >= 0 && text.charAt(index) < 0x80;
    }
}
