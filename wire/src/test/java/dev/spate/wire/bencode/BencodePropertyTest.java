package dev.spate.wire.bencode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bencode against a naive model: plain Java objects ({@code Long}, {@code String} of bytes, {@code List}, {@code Map}). */
class BencodePropertyTest {

    @Test
    void decodingGivesBackWhatTheModelEncoded() {
        Seeds.run(150, random -> {
            Object model = model(random, 0, 20 + random.nextInt(3000));
            byte[] bytes = encode(model);
            BencodeValue value = Bencodes.decoded(BencodeDecoder.decode(bytes, Strictness.STRICT));
            assertThat(toModel(value)).isEqualTo(model);
            assertThat(BencodeEncoder.reencode(value)).isEqualTo(bytes);
            assertThat(value.span()).isEqualTo(new Span(0, bytes.length));
        });
    }

    @Test
    void partsOfAnyLengthGiveTheSame() {
        Seeds.run(100, random -> {
            byte[] bytes = encode(model(random, 0, 500));
            BencodeDecoder decoder = new BencodeDecoder(Strictness.STRICT, bytes.length);
            int at = 0;
            while (true) {
                int part = Math.min(bytes.length - at, 1 + random.nextInt(20));
                Decoding<BencodeValue> outcome = decoder.feed(ByteBuffer.wrap(bytes, at, part));
                at += part;
                if (at == bytes.length) {
                    assertThat(outcome).isEqualTo(BencodeDecoder.decode(bytes, Strictness.STRICT));
                    break;
                }
                int needed = outcome instanceof Decoding.NeedMore<BencodeValue>(var count) ? count : 0;
                assertThat(needed).isGreaterThan(at).isLessThanOrEqualTo(bytes.length);
            }
        });
    }

    @Test
    void noProperBeginningIsAccepted() {
        Seeds.run(50, random -> {
            byte[] bytes = encode(model(random, 0, 60));
            for (int length = 0; length < bytes.length; length++) {
                byte[] beginning = Arrays.copyOf(bytes, length);
                assertThat(BencodeDecoder.decode(beginning, Strictness.LENIENT)).isInstanceOf(Decoding.Malformed.class);
            }
        });
    }

    @Test
    void shuffledKeysAreTheSameDictionary() {
        Seeds.run(100, random -> {
            Map<String, Object> model = new TreeMap<>();
            for (int i = 0; i < 1 + random.nextInt(50); i++) {
                model.put(bytes(random, 4), (long) i);
            }
            List<Map.Entry<String, Object>> entries = new ArrayList<>(model.entrySet());
            Collections.shuffle(entries, Random.from(random));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write('d');
            for (Map.Entry<String, Object> entry : entries) {
                encode(entry.getKey(), out);
                encode(entry.getValue(), out);
            }
            out.write('e');
            BencodeValue shuffled = Bencodes.decoded(BencodeDecoder.decode(out.toByteArray(), Strictness.LENIENT));
            BencodeValue sorted = Bencodes.decoded(BencodeDecoder.decode(encode(model), Strictness.STRICT));
            assertThat(shuffled).isEqualTo(sorted).hasSameHashCodeAs(sorted);
            assertThat(toModel(shuffled)).isEqualTo(model);
        });
    }

    @Test
    void oneChangedByteDoesNoHarm() {
        Seeds.run(600, random -> {
            byte[] bytes = encode(model(random, 0, 40));
            bytes[random.nextInt(bytes.length)] = (byte) "0159ilde:-x".charAt(random.nextInt(11));
            BencodeFuzz.fuzzerTestOneInput(bytes);
        });
    }

    /** A value of up to about so many parts; strings stand for their bytes, one character each. */
    private static Object model(RandomGenerator random, int depth, int size) {
        int kind = size <= 1 || depth > 20 ? random.nextInt(2) : 2 + random.nextInt(2);
        return switch (kind) {
            case 0 -> random.nextLong() >> random.nextInt(64);
            // Now and then a string that makes all lists and dictionaries around it long.
            case 1 -> bytes(random, random.nextInt(20) == 0 ? 6000 : 12);
            case 2 ->
                parts(random, size).map(part -> model(random, depth + 1, part)).toList();
            default -> {
                Map<String, Object> map = new TreeMap<>();
                parts(random, size).forEach(part -> map.put(bytes(random, 5), model(random, depth + 1, part)));
                yield map;
            }
        };
    }

    /** Sizes that add up to one less than {@code size}. */
    private static Stream<Integer> parts(RandomGenerator random, int size) {
        List<Integer> parts = new ArrayList<>();
        for (int rest = size - 1; rest > 0; rest -= parts.getLast()) {
            parts.add(1 + random.nextInt(rest));
        }
        return parts.stream();
    }

    private static String bytes(RandomGenerator random, int maxLength) {
        byte[] bytes = new byte[random.nextInt(maxLength + 1)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] encode(Object model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encode(model, out);
        return out.toByteArray();
    }

    private static void encode(Object model, ByteArrayOutputStream out) {
        switch (model) {
            case Long number -> out.writeBytes(Bencodes.ascii("i" + number + "e"));
            case String string -> out.writeBytes(Bencodes.ascii(string.length() + ":" + string));
            case List<?> list -> {
                out.write('l');
                list.forEach(element -> encode(element, out));
                out.write('e');
            }
            case Map<?, ?> map -> {
                out.write('d');
                map.forEach((key, value) -> {
                    encode(key, out);
                    encode(value, out);
                });
                out.write('e');
            }
            default -> throw new AssertionError(model);
        }
    }

    private static Object toModel(BencodeValue value) {
        return switch (value) {
            case BencodeInteger integer -> integer.value();
            case BencodeString string -> new String(string.bytes(), StandardCharsets.ISO_8859_1);
            case BencodeList list ->
                list.stream().map(BencodePropertyTest::toModel).toList();
            case BencodeDictionary dictionary -> {
                Map<String, Object> map = new TreeMap<>();
                for (BencodeDictionary.Entry entry : dictionary) {
                    map.put((String) toModel(entry.key()), toModel(entry.value()));
                    assertThat(dictionary.get(entry.key().bytes())).contains(entry.value());
                }
                yield map;
            }
        };
    }
}
