package dev.spate.wire.bencode;

import static dev.spate.wire.bencode.Bencodes.ascii;
import static dev.spate.wire.bencode.Bencodes.canonical;
import static dev.spate.wire.bencode.Bencodes.lenient;
import static dev.spate.wire.bencode.Bencodes.strict;
import static dev.spate.wire.bencode.Bencodes.trouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BencodeDecoderTest {

    /** The examples of BEP 3, "bencoding", and of BEP 52. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4:spam",
                "0:",
                "i3e",
                "i-3e",
                "i0e",
                "l4:spam4:eggse",
                "d3:cow3:moo4:spam4:eggse",
                "d4:spaml1:a1:bee",
                "le",
                "de",
                "i9223372036854775807e",
                "i-9223372036854775808e"
            })
    void decodesTheExamplesOfTheSpecification(String text) {
        assertThat(canonical(strict(text))).isEqualTo(text);
        assertThat(strict(text).rawBytes()).isEqualTo(ascii(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    i-0e               | i0e            | 0: an integer with a needless zero
                    i03e               | i3e            | 0: an integer with a needless zero
                    i-007e             | i-7e           | 0: an integer with a needless zero
                    03:abc             | 3:abc          | 0: a length with a needless zero
                    00:                | 0:             | 0: a length with a needless zero
                    d1:bi1e1:ai2ee     | d1:ai2e1:bi1ee | 7: keys out of order
                    d1:ai1e1:ai2ee     | d1:ai1ee       | 7: a key twice
                    d1:b0:1:a0:1:b1:xe | d1:a0:1:b0:e   | 6: keys out of order
                    d2:aa0:1:a0:e      | d1:a0:2:aa0:e  | 7: keys out of order
                    """)
    void forgivesOnlyWhenLenient(String text, String canonical, String trouble) {
        assertThat(canonical(lenient(text))).isEqualTo(canonical);
        assertThat(lenient(text)).isEqualTo(strict(canonical)).hasSameHashCodeAs(strict(canonical));
        assertThat(trouble(text, Strictness.STRICT)).isEqualTo(trouble);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ""                      | 0: the input ends within the value
                    x                       | 0: not the beginning of a value
                    -1:a                    | 0: not the beginning of a value
                    e                       | 0: not the beginning of a value
                    i                       | 0: the input ends within the value
                    i12                     | 0: the input ends within the value
                    ie                      | 1: not an integer
                    i-e                     | 2: not an integer
                    i+1e                    | 1: not an integer
                    i1.5e                   | 2: not an integer
                    i--1e                   | 2: not an integer
                    i 1e                    | 1: not an integer
                    i9223372036854775808e   | 0: an integer beyond 64 bits
                    i-9223372036854775809e  | 0: an integer beyond 64 bits
                    i99999999999999999999e  | 0: an integer beyond 64 bits
                    5                       | 0: the input ends within the value
                    5x                      | 1: not the length of a string
                    5:abcd                  | 0: a string longer than the input
                    2147483647:a            | 0: a string longer than the input
                    4294967296:a            | 0: a string longer than the input
                    99999999999999999999:a  | 0: a string longer than the input
                    1:ab                    | 3: more bytes behind the value
                    lee                     | 2: more bytes behind the value
                    l                       | 1: the input ends within the value
                    li1e                    | 4: the input ends within the value
                    d                       | 1: the input ends within the value
                    d1:a                    | 4: the input ends within the value
                    d1:ae                   | 4: a key without a value
                    di1e1:ae                | 1: a key must be a string
                    dle1:ae                 | 1: a key must be a string
                    dde1:ae                 | 1: a key must be a string
                    """)
    void refusesWhatIsBrokenInEitherMode(String text, String trouble) {
        assertThat(trouble(text, Strictness.LENIENT)).isEqualTo(trouble);
        assertThat(trouble(text, Strictness.STRICT)).isEqualTo(trouble);
    }

    @Test
    void nestsSixtyFourDeepAndNoDeeper() {
        assertThat(canonical(strict("l".repeat(64) + "e".repeat(64)))).hasSize(128);
        assertThat(canonical(strict("d0:".repeat(63) + "de" + "e".repeat(63)))).hasSize(63 * 4 + 2);
        assertThat(trouble("l".repeat(65) + "e".repeat(65), Strictness.LENIENT)).isEqualTo("64: nested deeper than 64");
        assertThat(trouble("l".repeat(10_000_000), Strictness.LENIENT)).isEqualTo("64: nested deeper than 64");
        assertThat(trouble("d1:a".repeat(1_000_000), Strictness.LENIENT)).startsWith("256: nested deeper");
    }

    @Test
    void boundsTheZerosBeforeANumber() {
        assertThat(canonical(lenient("i" + "0".repeat(31) + "1e"))).isEqualTo("i1e");
        assertThat(trouble("i" + "0".repeat(32) + "1e", Strictness.LENIENT)).contains("64 bits");
        assertThat(trouble("0".repeat(33) + ":", Strictness.LENIENT)).contains("longer than the input");
    }

    @Test
    void boundsTheKeysOutOfOrder() {
        StringBuilder keys = new StringBuilder("d");
        for (int i = 0; i < 65_536; i++) {
            keys.append("5:").append(99_999 - i).append("0:");
        }
        assertThat(((BencodeDictionary) lenient(keys + "e")).size()).isEqualTo(65_536);
        assertThat(trouble(keys + "1:a0:e", Strictness.LENIENT)).endsWith("too many keys out of order");
    }

    @Test
    void saysWhereAPrefixEnds() {
        byte[] message = ascii("d8:msg_typei1e5:piecei0eeDATA");
        assertThat(Bencodes.decoded(BencodeDecoder.decodePrefix(message, Strictness.STRICT))
                        .span())
                .isEqualTo(new Span(0, 25));

        ByteBuffer buffer = ByteBuffer.wrap(message);
        Bencodes.decoded(BencodeDecoder.decodePrefix(buffer, Strictness.STRICT));
        assertThat(buffer.remaining()).isEqualTo(4);
        assertThat(BencodeDecoder.decodePrefix(buffer, Strictness.STRICT)).isInstanceOf(Decoding.Malformed.class);
        assertThat(buffer.remaining()).isEqualTo(4);
    }

    @Test
    void decodesInTheMidstOfAnInput() {
        byte[] input = ascii("xxxd1:ai7eeyyy");
        BencodeValue value = Bencodes.decoded(BencodeDecoder.decodeAt(input, 3, Strictness.STRICT));
        assertThat(value.span()).isEqualTo(new Span(3, 8));
        assertThat(((BencodeDictionary) value).integer("a")).hasValue(7);
        assertThat(BencodeDecoder.decodeAt(input, 14, Strictness.STRICT)).isInstanceOf(Decoding.Malformed.class);
        assertThatThrownBy(() -> BencodeDecoder.decodeAt(input, 15, Strictness.STRICT))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsAByteBufferFromItsPosition() {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(16).put(ascii("__i42e")).flip().position(2);
        assertThat(Bencodes.decoded(BencodeDecoder.decode(direct, Strictness.STRICT)))
                .isEqualTo(BencodeInteger.of(42));
        assertThat(direct.hasRemaining()).isFalse();
    }

    @Test
    void takesPartsAndSaysHowMuchIsNeeded() {
        BencodeDecoder decoder = new BencodeDecoder(Strictness.STRICT, 1000);
        assertThat(decoder.feed(ByteBuffer.wrap(ascii("d3:c")))).isEqualTo(new Decoding.NeedMore<>(6));
        assertThat(decoder.feed(ByteBuffer.wrap(ascii("ow")))).isEqualTo(new Decoding.NeedMore<>(7));
        assertThat(decoder.feed(ByteBuffer.wrap(ascii("100:")))).isEqualTo(new Decoding.NeedMore<>(110));
        assertThat(decoder.feed(ByteBuffer.wrap(ascii("x".repeat(100))))).isEqualTo(new Decoding.NeedMore<>(111));
        ByteBuffer last = ByteBuffer.wrap(ascii("e4:more"));
        assertThat(decoder.feed(last)).isInstanceOf(Decoding.Decoded.class);
        assertThat(last.remaining()).isEqualTo(6);
    }

    @Test
    void takesNoMoreThanItMay() {
        BencodeDecoder decoder = new BencodeDecoder(Strictness.STRICT, 10);
        assertThat(decoder.feed(ByteBuffer.wrap(ascii("l1:a1:b1:c1:d1:e")))).isInstanceOf(Decoding.Malformed.class);
        assertThat(new BencodeDecoder(Strictness.STRICT, 10).feed(ByteBuffer.wrap(ascii("9:"))))
                .isInstanceOf(Decoding.Malformed.class);
        assertThat(new BencodeDecoder(Strictness.STRICT, 10).feed(ByteBuffer.wrap(ascii("8:12345678"))))
                .isInstanceOf(Decoding.Decoded.class);
        assertThatThrownBy(() -> new BencodeDecoder(Strictness.STRICT, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
