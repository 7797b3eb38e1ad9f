package dev.spate.wire.bencode;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Decodes one bencoded value (BEP 3): whole inputs through the static methods, input that arrives in parts through an
 * instance.
 *
 * <p>One pass, no recursion, and no memory beyond the bytes that are there, whatever they claim. Nothing is thrown on any
 * input. An instance is for one thread.
 */
public final class BencodeDecoder {

    /** How many lists and dictionaries may stand within each other. Real metainfo and messages need about ten. */
    public static final int MAX_DEPTH = 64;

    private final BencodeScanner scanner;
    private final int maxLength;
    private byte[] received = new byte[0];
    private int count;

    /**
     * A decoder of a value that arrives in parts.
     *
     * @param maxLength the most bytes that the value may take, at least 1
     */
    public BencodeDecoder(Strictness strictness, int maxLength) {
        if (maxLength < 1) {
            throw new IllegalArgumentException("no value is that short: " + maxLength);
        }
        this.scanner = new BencodeScanner(strictness, 0, maxLength);
        this.maxLength = maxLength;
    }

    /**
     * Takes the next part. Once this has answered with anything but {@code NeedMore}, the decoder is spent.
     *
     * @param part is copied; its position ends behind the value, or at its limit when more is needed
     * @return the value; {@code NeedMore} with the bytes needed in all, counted from the first part's first byte; or
     *     {@code Malformed}, also where the value is longer than the decoder may accept
     */
    public Decoding<BencodeValue> feed(ByteBuffer part) {
        int before = count;
        int taken = Math.min(part.remaining(), maxLength - count);
        if (taken > received.length - count) {
            // Doubling, so that the copying stays in proportion to the input.
            int room = (int) Math.min(maxLength, Math.max(2L * received.length, (long) count + taken));
            received = Arrays.copyOf(received, room);
        }
        part.get(part.position(), received, count, taken);
        count += taken;
        Decoding<Encoded> scanned = scanner.scan(received, count);
        int used = scanned instanceof Decoding.Decoded ? scanner.position() - before : taken;
        part.position(part.position() + used);
        return switch (scanned) {
            case Decoding.Decoded<Encoded>(var encoded) ->
                new Decoding.Decoded<>(encoded.valueAt(0, scanner.position()));
            case Decoding.NeedMore<Encoded>(var bytes) -> new Decoding.NeedMore<>(bytes);
            case Decoding.Malformed<Encoded> malformed -> malformed.as();
        };
    }

    /**
     * Decodes an input that is one value and nothing else.
     *
     * @param input must not be changed as long as the value is used, which looks into it
     * @return {@code Decoded} or {@code Malformed}, the latter also when the input ends too early or too late
     */
    public static Decoding<BencodeValue> decode(byte[] input, Strictness strictness) {
        Decoding<BencodeValue> decoding = decodePrefix(input, strictness);
        if (decoding instanceof Decoding.Decoded<BencodeValue>(var value)
                && value.span().end() < input.length) {
            return new Decoding.Malformed<>(value.span().end(), "more bytes behind the value");
        }
        return decoding;
    }

    /**
     * Decodes the remaining bytes, which must be one value and nothing else. They are copied. The position ends at the limit,
     * whatever the outcome.
     *
     * @return {@code Decoded} or {@code Malformed}; offsets count from where the position was
     */
    public static Decoding<BencodeValue> decode(ByteBuffer input, Strictness strictness) {
        byte[] bytes = new byte[input.remaining()];
        input.get(bytes);
        return decode(bytes, strictness);
    }

    /**
     * Decodes a value that other bytes may follow, as in the messages of BEP 9; the value's {@link BencodeValue#span span}
     * says where it ends.
     *
     * @param input must not be changed as long as the value is used, which looks into it
     * @return {@code Decoded} or {@code Malformed}
     */
    public static Decoding<BencodeValue> decodePrefix(byte[] input, Strictness strictness) {
        return decodeAt(input, 0, strictness);
    }

    /**
     * Decodes a value in the midst of others, for instance again where a {@link Span} once said that it is.
     *
     * @param input must not be changed as long as the value is used, which looks into it
     * @param offset where the value begins; spans and troubles are still counted from the beginning of the input
     * @return {@code Decoded} or {@code Malformed}
     */
    public static Decoding<BencodeValue> decodeAt(byte[] input, int offset, Strictness strictness) {
        Objects.checkIndex(offset, input.length + 1);
        BencodeScanner scanner = new BencodeScanner(strictness, offset, input.length);
        return switch (scanner.scan(input, input.length)) {
            case Decoding.Decoded<Encoded>(var encoded) ->
                new Decoding.Decoded<>(encoded.valueAt(offset, scanner.position()));
            case Decoding.NeedMore<Encoded> ignored ->
                new Decoding.Malformed<>(input.length, "the input ends within the value");
            case Decoding.Malformed<Encoded> malformed -> malformed.as();
        };
    }

    /**
     * Decodes a value that other bytes may follow. The value's bytes are copied, the position ends behind them; it does not
     * move when they are malformed.
     *
     * @return {@code Decoded} or {@code Malformed}; offsets count from where the position was
     */
    public static Decoding<BencodeValue> decodePrefix(ByteBuffer input, Strictness strictness) {
        byte[] bytes = new byte[input.remaining()];
        input.get(input.position(), bytes);
        Decoding<BencodeValue> decoding = decodePrefix(bytes, strictness);
        if (decoding instanceof Decoding.Decoded<BencodeValue>(var value)) {
            input.position(input.position() + value.span().end());
        }
        return decoding;
    }
}
