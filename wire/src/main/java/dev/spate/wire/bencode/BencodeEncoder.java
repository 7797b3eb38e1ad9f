package dev.spate.wire.bencode;

import dev.spate.wire.Decoding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;

/** Encodes values in the canonical form of BEP 3: each value has exactly one. Pure; for all threads. */
public final class BencodeEncoder {
    private BencodeEncoder() {}

    /**
     * The canonical encoding of a value. It equals {@link BencodeValue#rawBytes} where the value was decoded strictly; where
     * lenient decoding let something pass, keys are put in order, repeated ones dropped and numbers written plainly.
     */
    public static byte[] encode(BencodeValue value) {
        Encoded encoded = switch (value) {
            case BencodeInteger integer -> integer.encoded;
            case BencodeString string -> string.encoded;
            case BencodeList list -> list.encoded;
            case BencodeDictionary dictionary -> dictionary.encoded;
        };
        return encoded.canonical ? value.rawBytes() : reencode(value);
    }

    /** The canonical encoding, put together from the values. */
    static byte[] reencode(BencodeValue value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.span().length());
        // The open lists and dictionaries; a stack of our own instead of recursion.
        Deque<Iterator<?>> open = new ArrayDeque<>();
        begin(value, out, open);
        while (!open.isEmpty()) {
            Iterator<?> innermost = open.getFirst();
            if (!innermost.hasNext()) {
                out.write('e');
                open.removeFirst();
                continue;
            }
            switch (innermost.next()) {
                case BencodeDictionary.Entry(var key, var entryValue) -> {
                    out.writeBytes(string(key.bytes()));
                    begin(entryValue, out, open);
                }
                case BencodeValue element -> begin(element, out, open);
                case Object other -> throw new AssertionError("neither an entry nor a value: " + other);
            }
        }
        return out.toByteArray();
    }

    private static void begin(BencodeValue value, ByteArrayOutputStream out, Deque<Iterator<?>> open) {
        switch (value) {
            case BencodeInteger integer -> out.writeBytes(integer(integer.value()));
            case BencodeString string -> out.writeBytes(string(string.bytes()));
            case BencodeList list -> {
                out.write('l');
                open.addFirst(list.iterator());
            }
            case BencodeDictionary dictionary -> {
                out.write('d');
                open.addFirst(dictionary.iterator());
            }
        }
    }

    static byte[] integer(long value) {
        return ("i" + value + "e").getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] string(byte[] content) {
        byte[] length = (content.length + ":").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[length.length + content.length];
        System.arraycopy(length, 0, bytes, 0, length.length);
        System.arraycopy(content, 0, bytes, length.length, content.length);
        return bytes;
    }

    static byte[] list(List<? extends BencodeValue> values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('l');
        for (BencodeValue value : values) {
            out.writeBytes(encode(value));
        }
        out.write('e');
        return out.toByteArray();
    }

    static byte[] dictionary(SortedMap<BencodeString, BencodeValue> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('d');
        entries.forEach((key, value) -> {
            out.writeBytes(encode(key));
            out.writeBytes(encode(value));
        });
        out.write('e');
        return out.toByteArray();
    }

    /** What we encoded, made ready to be looked into. */
    static Encoded checked(byte[] bytes) {
        return switch (new BencodeScanner(Strictness.STRICT, 0, bytes.length).scan(bytes, bytes.length)) {
            case Decoding.Decoded<Encoded>(var encoded) -> encoded;
            case Decoding.Malformed<Encoded> malformed -> throw new IllegalArgumentException(malformed.reason());
            case Decoding.NeedMore<Encoded> needMore -> throw new AssertionError(needMore);
        };
    }
}
