package dev.spate.wire.bencode;

import static dev.spate.wire.bencode.Bencodes.ascii;
import static dev.spate.wire.bencode.Bencodes.canonical;
import static dev.spate.wire.bencode.Bencodes.dictionary;
import static dev.spate.wire.bencode.Bencodes.lenient;
import static dev.spate.wire.bencode.Bencodes.strict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class BencodeValueTest {

    @Test
    void answersByKindOfValue() {
        BencodeDictionary values = dictionary("d1:dd1:x1:ye1:ii-5e1:lli1e1:ai2ee1:s3:abce");
        assertThat(values.integer("i")).hasValue(-5);
        assertThat(values.text("s")).contains("abc");
        assertThat(values.bytes("s")).contains(ascii("abc"));
        assertThat(values.dictionary("d").flatMap(d -> d.text("x"))).contains("y");
        assertThat(values.list("l"))
                .hasValueSatisfying(l -> assertThat(l.stream()).hasSize(3));
        assertThat(values.list("l"))
                .hasValueSatisfying(l -> assertThat(l.strings()).containsExactly(BencodeString.of("a")));
        assertThat(values.size()).isEqualTo(4);
    }

    @Test
    void answersEmptyForAnotherKindAndForNothing() {
        BencodeDictionary values = dictionary("d1:ii1e1:s1:xe");
        assertThat(values.text("i")).isEmpty();
        assertThat(values.integer("s")).isEmpty();
        assertThat(values.list("s")).isEmpty();
        assertThat(values.dictionary("s")).isEmpty();
        assertThat(values.get("i")).contains(BencodeInteger.of(1));
        assertThat(values.get("none")).isEmpty();
        assertThat(values.contains("i")).isTrue();
        assertThat(values.contains("none")).isFalse();
    }

    @Test
    void findsKeysOfAnyBytes() {
        BencodeDictionary values = dictionary("d0:i0e2:\u00ff\u0000i1ee");
        assertThat(values.integer("")).hasValue(0);
        assertThat(values.get(new byte[] {(byte) 0xff, 0})).contains(BencodeInteger.of(1));
    }

    @Test
    void theFirstOfRepeatedKeysCounts() {
        BencodeDictionary values = dictionary("d1:b1:x1:a1:y1:b1:ze");
        assertThat(values.text("b")).contains("x");
        assertThat(values)
                .extracting(BencodeDictionary.Entry::key)
                .containsExactly(BencodeString.of("a"), BencodeString.of("b"));
    }

    @Test
    void spansCountInTheInput() {
        BencodeDictionary values = dictionary("d1:al2:xyee");
        BencodeList list = values.list("a").orElseThrow();
        assertThat(list.span()).isEqualTo(new Span(4, 6));
        assertThat(list.iterator().next().span()).isEqualTo(new Span(5, 4));
        assertThat(list.rawBytes()).isEqualTo(ascii("l2:xye"));
        assertThat(values.span().end()).isEqualTo(11);
    }

    @Test
    void iteratorsEnd() {
        assertThatThrownBy(() -> ((BencodeList) strict("le")).iterator().next())
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> dictionary("de").iterator().next()).isInstanceOf(NoSuchElementException.class);
        assertThat(((BencodeList) strict("le")).isEmpty()).isTrue();
        assertThat(dictionary("de").isEmpty()).isTrue();
    }

    @Test
    void stringsAreOrderedAsUnsignedBytes() {
        assertThat(BencodeString.of(new byte[] {(byte) 0x80})).isGreaterThan(BencodeString.of("\u007f"));
        assertThat(BencodeString.of("a")).isLessThan(BencodeString.of("aa"));
        assertThat(BencodeString.of("spam").isText("spam")).isTrue();
        assertThat(BencodeString.of("spam").isText("spa")).isFalse();
        assertThat(BencodeString.of("é").length()).isEqualTo(2);
        assertThat(BencodeString.of(new byte[] {(byte) 0xff}).text()).isEqualTo("\ufffd");
        assertThat(BencodeString.of("abc").buffer().remaining()).isEqualTo(3);
        assertThat(BencodeString.of("abc").buffer().isReadOnly()).isTrue();
    }

    @Test
    void buildersSortAndReplace() {
        BencodeDictionary built = BencodeDictionary.builder()
                .put("spam", BencodeList.ofTexts(List.of("a", "b")))
                .put("cow", 7)
                .put("cow", "moo")
                .put("raw", new byte[] {'x'})
                .put("gone", 1)
                .remove("gone")
                .build();
        assertThat(canonical(built)).isEqualTo("d3:cow3:moo3:raw1:x4:spaml1:a1:bee");
        assertThat(BencodeDictionary.builder().putAll(built).build())
                .isEqualTo(built)
                .hasSameHashCodeAs(built);
    }

    @Test
    void buildersRefuseWhatCouldNotBeDecoded() {
        BencodeValue deepest = strict("l".repeat(64) + "e".repeat(64));
        assertThatThrownBy(() -> BencodeList.of(List.of(deepest)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deeper");
        assertThatThrownBy(() -> BencodeDictionary.builder().put("a", deepest).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void integersKeepTheirWholeRange() {
        for (long value : new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(BencodeInteger.of(value).value()).isEqualTo(value);
            assertThat(lenient("i" + value + "e")).isEqualTo(BencodeInteger.of(value));
        }
    }
}
