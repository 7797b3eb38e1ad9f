package dev.spate.wire.bencode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;

/** What no input may do to bencode. */
public final class BencodeFuzz {
    private BencodeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        strictlyDecodedIsCanonical(input);
        lenientlyDecodedBecomesCanonical(input);
        partsSayTheSameAsTheWhole(input);
    }

    private static void strictlyDecodedIsCanonical(byte[] input) {
        if (BencodeDecoder.decode(input, Strictness.STRICT) instanceof Decoding.Decoded<BencodeValue>(var value)) {
            assertThat(BencodeEncoder.reencode(value)).isEqualTo(input);
            assertThat(BencodeEncoder.encode(value)).isEqualTo(input);
        }
    }

    private static void lenientlyDecodedBecomesCanonical(byte[] input) {
        if (BencodeDecoder.decodePrefix(input, Strictness.LENIENT)
                instanceof Decoding.Decoded<BencodeValue>(var value)) {
            byte[] canonical = BencodeEncoder.encode(value);
            assertThat(BencodeDecoder.decode(canonical, Strictness.STRICT)).isEqualTo(new Decoding.Decoded<>(value));
        }
    }

    private static void partsSayTheSameAsTheWhole(byte[] input) {
        Decoding<BencodeValue> whole = BencodeDecoder.decodePrefix(input, Strictness.LENIENT);
        BencodeDecoder decoder = new BencodeDecoder(Strictness.LENIENT, Math.max(1, input.length));
        Decoding<BencodeValue> parts = new Decoding.NeedMore<>(1);
        int at = 0;
        for (int part = 1; at < input.length && parts instanceof Decoding.NeedMore; part = part % 7 + 1) {
            ByteBuffer buffer = ByteBuffer.wrap(input, at, Math.min(part, input.length - at));
            parts = decoder.feed(buffer);
            at = buffer.position();
        }
        switch (whole) {
            case Decoding.Decoded<BencodeValue> decoded -> {
                assertThat(parts).isEqualTo(decoded);
                assertThat(at).isEqualTo(decoded.value().span().end());
            }
            case Decoding.Malformed<BencodeValue> ignored -> assertThat(parts).isNotInstanceOf(Decoding.Decoded.class);
            case Decoding.NeedMore<BencodeValue> needMore -> throw new AssertionError(needMore.toString());
        }
    }
}
