package dev.spate.wire.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.InfoHash;
import dev.spate.wire.Seeds;
import dev.spate.wire.metainfo.Magnet.FileRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MagnetTest {
    private static final String HEX = "0123456789abcdef0123456789abcdef01234567";
    private static final Digest V1 = Digest.ofHex(HEX);
    private static final Digest V2 = Digest.ofHex("ab".repeat(32));

    private static Magnet parse(String link) {
        return switch (Magnet.parse(link)) {
            case Decoding.Decoded<Magnet>(var magnet) -> magnet;
            case Decoding<Magnet> other -> throw new AssertionError(other.toString());
        };
    }

    @Test
    void parsesAllParameters() {
        Magnet magnet = parse("magnet:?xt=urn:btih:" + HEX
                + "&dn=some+name%20%E2%98%83&tr=http%3A%2F%2Ft.example%2Fa%3Fk%3D1%2B1&tr=udp://t.example:80&tr=udp://t.example:80"
                + "&ws=http://w.example/&x.pe=192.0.2.1:6881&x.pe=[2001:db8::1]:6882&x.pe=host.example:1"
                + "&so=0,2,4,6-8&unknown=1&flag");
        assertThat(magnet)
                .isEqualTo(new Magnet(
                        InfoHash.ofV1(V1),
                        "some name ☃",
                        List.of("http://t.example/a?k=1+1", "udp://t.example:80"),
                        List.of("http://w.example/"),
                        List.of(
                                new HostPort("192.0.2.1", 6881),
                                new HostPort("2001:db8::1", 6882),
                                new HostPort("host.example", 1)),
                        List.of(new FileRange(0, 0), new FileRange(2, 2), new FileRange(4, 4), new FileRange(6, 8))));
        assertThat(List.of(0, 1, 5, 6, 7, 8, 9)).filteredOn(magnet::selects).containsExactly(0, 6, 7, 8);
        assertThat(Magnet.of(InfoHash.ofV1(V1)).selects(5)).isTrue();
    }

    @Test
    void printsWhatOthersRead() {
        assertThat(new Magnet(
                                new InfoHash(V1, V2),
                                "a&b ☃",
                                List.of("http://t/?a=b&c"),
                                List.of("http://w/"),
                                List.of(new HostPort("2001:db8::1", 6881)),
                                List.of(new FileRange(1, 3)))
                        .toString())
                .isEqualTo("magnet:?xt=urn:btih:" + HEX + "&xt=urn:btmh:1220" + "ab".repeat(32)
                        + "&dn=a%26b%20%E2%98%83&tr=http%3A%2F%2Ft%2F%3Fa%3Db%26c&ws=http%3A%2F%2Fw%2F"
                        + "&x.pe=[2001:db8::1]:6881&so=1-3");
    }

    @Test
    void readsTheFormsInTheWild() {
        assertThat(parse("MAGNET:?XT=x&xt=URN:BTIH:" + HEX.toUpperCase(Locale.ROOT))
                        .infoHash()
                        .v1())
                .isEqualTo(V1);
        assertThat(parse("magnet:?dn=x&amp;xt.1=urn%3Abtih%3A" + HEX + "&amp;xt.2=urn:btmh:1220" + "ab".repeat(32))
                        .infoHash())
                .isEqualTo(new InfoHash(V1, V2));
        assertThat(parse("magnet:?xt=urn:ed2k:31D6CFE0&xt=urn:btih:" + HEX + "&xt=urn:btih:" + HEX + "&tr.12=http://a")
                        .trackers())
                .containsExactly("http://a");
        // RFC 3548 in 32 characters; the bytes are computed with another program.
        assertThat(parse("magnet:?xt=urn:btih:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
                        .infoHash()
                        .v1())
                .isEqualTo(Digest.ofHex("00443214c74254b635cf84653a56d7c675be77df"));
        assertThat(parse("magnet:?xt=urn:btih:abcdefghijklmnopqrstuvwxyz234567").infoHash())
                .isEqualTo(parse("magnet:?xt=urn:btih:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
                        .infoHash());
        assertThat(parse("magnet:?xt=urn:btih:" + HEX + "&dn=100%&tr=%zz%4").displayName())
                .isEqualTo("100%");
        assertThat(parse("magnet:?xt=urn:btih:" + HEX + "&dn=&tr=&x.pe=:1&x.pe=a&x.pe=a:0&x.pe=a:65536&x.pe=[]:1"))
                .isEqualTo(Magnet.of(InfoHash.ofV1(V1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http://x                                                      | not a magnet link
                    magnet:                                                       | not a magnet link
                    magnet:?                                                      | no info-hash
                    magnet:?dn=x                                                  | no info-hash
                    magnet:?xt=urn:sha1:ABC                                       | no info-hash
                    magnet:?xt=urn:btih:                                          | not an info-hash
                    magnet:?xt=urn:btih:0123                                      | not an info-hash
                    magnet:?xt=urn:btih:ABCDEFGHIJKLMNOPQRSTUVWXYZ234561          | not an info-hash
                    magnet:?xt=urn:btih:g123456789abcdef0123456789abcdef01234567  | not an info-hash
                    magnet:?xt=urn:btmh:1114abababababababababababababababababab  | not an info-hash
                    magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&xt=urn:btih:1123456789abcdef0123456789abcdef01234567 | two different
                    magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&so=1-     | `so`
                    magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&so=5-4    | `so`
                    magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&so=1,,2   | `so`
                    magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&so=1000000 | `so`
                    """)
    void refusesWithAReason(String link, String reason) {
        assertThat(Magnet.parse(link))
                .isInstanceOfSatisfying(
                        Decoding.Malformed.class,
                        malformed -> assertThat(malformed.reason()).contains(reason));
    }

    @Test
    void boundsItsLength() {
        assertThat(Magnet.parse("magnet:?xt=urn:btih:" + HEX + "&dn=" + "x".repeat(Magnet.MAX_LENGTH)))
                .isInstanceOf(Decoding.Malformed.class);
        assertThatThrownBy(() -> new FileRange(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FileRange(0, Metainfo.MAX_FILES)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsPrintedIsReadBack() {
        Seeds.run(500, random -> {
            Magnet magnet = new Magnet(
                    new InfoHash(V1, random.nextBoolean() ? V2 : null),
                    random.nextBoolean() ? text(random) : null,
                    texts(random),
                    texts(random),
                    List.of(new HostPort("h" + random.nextInt(100), 1 + random.nextInt(65535))),
                    List.of(new FileRange(random.nextInt(5), 5 + random.nextInt(100))));
            assertThat(parse(magnet.toString())).isEqualTo(magnet);
        });
    }

    private static List<String> texts(RandomGenerator random) {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            texts.add(i + text(random));
        }
        return texts;
    }

    private static String text(RandomGenerator random) {
        String alphabet = "ab&=%+ #?/:[]é☃\u0000\n\"<";
        StringBuilder text = new StringBuilder("😀");
        for (int i = random.nextInt(10); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
