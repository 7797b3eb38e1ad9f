package dev.spate.wire.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.PlainText;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says about itself once the extension protocol is on, the payload of the {@link PeerMessage.Extended} with
 * number 0 (BEP 10). It may be sent again, and then changes only what it holds; so everything is optional.
 *
 * <p>How strict decoding is. The payload must be one bencoded dictionary, whose keys may stand in any order, because old
 * clients do not sort them. An item of the wrong kind or out of its bounds is passed over as if it had not been sent:
 * nothing in here is worth a connection. Unknown keys are passed over, too.
 *
 * @param extensions the number that the sender wants to see on messages of each extension, 1 to 255, by the extension's
 *     name; 0 turns the extension off
 * @param client name and version of the sender ({@code v}), fit to be shown, or null
 * @param listenPort where the sender accepts connections ({@code p}), 1 to 65535, or null
 * @param maxRequests how many requests the sender keeps queued before it drops some ({@code reqq}), at least 1, or null
 * @param yourIp the receiver's address as the sender sees it, or null
 * @param ipv4 an address of the sender, or null
 * @param ipv6 an address of the sender, or null
 * @param uploadOnly whether the sender will download nothing more ({@code upload_only}, BEP 21), or null if it did not say
 * @param metadataSize bytes of the info dictionary ({@code metadata_size}, BEP 9), at least 1, or null
 */
public record ExtensionHandshake(
        SortedMap<String, Integer> extensions,
        @Nullable String client,
        @Nullable Integer listenPort,
        @Nullable Integer maxRequests,
        @Nullable InetAddress yourIp,
        @Nullable Inet4Address ipv4,
        @Nullable Inet6Address ipv6,
        @Nullable Boolean uploadOnly,
        @Nullable Integer metadataSize) {

    /** The number of the extension handshake itself among the extended messages. */
    public static final int ID = 0;

    /** More extensions than numbers cannot be on at once, but some may be turned off. */
    public static final int MAX_EXTENSIONS = 512;

    /** The longest name of an extension that is kept, in bytes; real ones have about ten. */
    public static final int MAX_NAME_LENGTH = 64;

    private static final int MAX_CLIENT_LENGTH = 64;

    public ExtensionHandshake {
        extensions = Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
        extensions.values().forEach(id -> check("id", id, 0, 255));
        check("p", listenPort, 1, 65535);
        check("reqq", maxRequests, 1, Integer.MAX_VALUE);
        check("metadata_size", metadataSize, 1, Integer.MAX_VALUE);
    }

    private static void check(String key, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            throw new IllegalArgumentException(key + " out of bounds: " + value);
        }
    }

    /**
     * Reads the payload of the extended message with number {@link #ID}. The position does not move.
     *
     * @return {@link Decoded}, or {@link Malformed} when it is no bencoded dictionary
     */
    public static Decoding<ExtensionHandshake> decode(ByteBuffer payload) {
        return switch (BencodeDecoder.decode(payload.duplicate(), Strictness.LENIENT)) {
            case Decoded<BencodeValue>(BencodeValue value) ->
                value instanceof BencodeDictionary dictionary
                        ? new Decoded<>(read(dictionary))
                        : new Malformed<>(0, "the extension handshake is not a dictionary");
            case Malformed<BencodeValue> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeValue> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static ExtensionHandshake read(BencodeDictionary dictionary) {
        Integer uploadOnly = integer(dictionary, "upload_only", Integer.MIN_VALUE);
        String client = dictionary
                .text("v")
                .map(text -> PlainText.of(text, MAX_CLIENT_LENGTH))
                .orElse("");
        Integer port = integer(dictionary, "p", 1);
        return new ExtensionHandshake(
                dictionary.dictionary("m").map(ExtensionHandshake::extensions).orElseGet(TreeMap::new),
                client.isEmpty() ? null : client,
                port != null && port <= 65535 ? port : null,
                integer(dictionary, "reqq", 1),
                address(dictionary, "yourip"),
                address(dictionary, "ipv4") instanceof Inet4Address address ? address : null,
                address(dictionary, "ipv6") instanceof Inet6Address address ? address : null,
                uploadOnly == null ? null : uploadOnly != 0,
                integer(dictionary, "metadata_size", 1));
    }

    private static SortedMap<String, Integer> extensions(BencodeDictionary names) {
        SortedMap<String, Integer> extensions = new TreeMap<>();
        for (BencodeDictionary.Entry entry : names) {
            String name = entry.key().length() <= MAX_NAME_LENGTH ? entry.key().text() : "";
            // A name that is not UTF-8 could not be said back.
            if (extensions.size() < MAX_EXTENSIONS
                    && entry.key().isText(name)
                    && entry.value() instanceof BencodeInteger id
                    && id.value() >= 0
                    && id.value() <= 255) {
                extensions.put(name, (int) id.value());
            }
        }
        return extensions;
    }

    private static @Nullable Integer integer(BencodeDictionary dictionary, String key, int min) {
        long value = dictionary.integer(key).orElse(Long.MIN_VALUE);
        return value >= min && value <= Integer.MAX_VALUE ? (Integer) (int) value : null;
    }

    private static @Nullable InetAddress address(BencodeDictionary dictionary, String key) {
        byte[] bytes = dictionary.bytes(key).orElse(null);
        if (bytes == null || (bytes.length != 4 && bytes.length != 16)) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are an address", e);
        }
    }

    /** The message, in canonical bencoding. */
    public PeerMessage.Extended message() {
        BencodeDictionaryBuilder names = BencodeDictionary.builder();
        extensions.forEach((name, id) -> names.put(name, id));
        BencodeDictionaryBuilder dictionary = BencodeDictionary.builder().put("m", names.build());
        if (client != null) {
            dictionary.put("v", client);
        }
        put(dictionary, "p", listenPort);
        put(dictionary, "reqq", maxRequests);
        put(dictionary, "yourip", yourIp);
        put(dictionary, "ipv4", ipv4);
        put(dictionary, "ipv6", ipv6);
        if (uploadOnly != null) {
            dictionary.put("upload_only", uploadOnly ? 1 : 0);
        }
        put(dictionary, "metadata_size", metadataSize);
        return new PeerMessage.Extended(ID, ByteBuffer.wrap(BencodeEncoder.encode(dictionary.build())));
    }

    private static void put(BencodeDictionaryBuilder dictionary, String key, @Nullable Integer value) {
        if (value != null) {
            dictionary.put(key, value);
        }
    }

    private static void put(BencodeDictionaryBuilder dictionary, String key, @Nullable InetAddress value) {
        if (value != null) {
            dictionary.put(key, value.getAddress());
        }
    }
}
