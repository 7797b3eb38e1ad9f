package dev.spate.wire.bencode;

import dev.spate.wire.Decoding;
import java.nio.charset.StandardCharsets;

/** Short ways to say what tests of bencode say often. */
final class Bencodes {
    private Bencodes() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static BencodeValue strict(String text) {
        return decoded(BencodeDecoder.decode(ascii(text), Strictness.STRICT));
    }

    static BencodeValue lenient(String text) {
        return decoded(BencodeDecoder.decode(ascii(text), Strictness.LENIENT));
    }

    static BencodeDictionary dictionary(String text) {
        return (BencodeDictionary) lenient(text);
    }

    static String canonical(BencodeValue value) {
        return new String(BencodeEncoder.reencode(value), StandardCharsets.ISO_8859_1);
    }

    /** "offset: reason" of an input that must be bad. */
    static String trouble(String text, Strictness strictness) {
        return switch (BencodeDecoder.decode(ascii(text), strictness)) {
            case Decoding.Malformed<BencodeValue>(var offset, var reason) -> offset + ": " + reason;
            case Decoding<BencodeValue> other -> throw new AssertionError("accepted: " + other);
        };
    }

    static BencodeValue decoded(Decoding<BencodeValue> decoding) {
        return switch (decoding) {
            case Decoding.Decoded<BencodeValue>(var value) -> value;
            case Decoding<BencodeValue> other -> throw new AssertionError(other.toString());
        };
    }
}
