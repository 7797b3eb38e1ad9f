package dev.spate.wire.lsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAnnounceTest {
    private static final Digest HASH = Digest.ofHex("0123456789abcdef0123456789abcdef01234567");
    private static final String HEX = HASH.toString();

    @Test
    void isWrittenAsTheSpecificationShowsIt() {
        assertThat(text(new LocalAnnounce(6881, List.of(HASH), "c").encode(LocalAnnounce.IPV6_GROUP)))
                .isEqualTo("BT-SEARCH * HTTP/1.1\r\nHost: [ff15::efc0:988f]:6771\r\nPort: 6881\r\nInfohash: " + HEX
                        + "\r\ncookie: c\r\n\r\n\r\n");
    }

    @Test
    void theLongestOneFitsAndIsReadAgain() {
        LocalAnnounce longest =
                new LocalAnnounce(65535, Collections.nCopies(LocalAnnounce.MAX_SWARMS, HASH), "c".repeat(64));
        byte[] bytes = longest.encode(LocalAnnounce.IPV4_GROUP);
        assertThat(bytes.length).isLessThanOrEqualTo(LocalAnnounce.MAX_LENGTH);
        assertThat(LocalAnnounce.decode(ByteBuffer.wrap(bytes))).isEqualTo(new Decoding.Decoded<>(longest));
    }

    @Test
    void readsWhatOthersWrite() {
        assertThat(decode("BT-SEARCH * HTTP/1.1\r\nHOST: 239.192.152.143:6771\r\nport:  6881 \r\nINFOHASH: "
                        + HEX.toUpperCase(java.util.Locale.ROOT)
                        + "\r\nInfohash: nonsense\r\nX-New: 1\r\nno colon\r\n\r\n"))
                .isEqualTo(new Decoding.Decoded<>(new LocalAnnounce(6881, List.of(HASH), "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BT-SEARCH * HTTP/1.1",
                "M-SEARCH * HTTP/1.1\r\nPort: 1\r\n",
                "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\n\r\n",
                "BT-SEARCH * HTTP/1.1\r\nInfohash: 0123456789abcdef0123456789abcdef01234567\r\n\r\n",
                "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: 0123456789abcdef0123456789abcdef01234567\r\n\r\n",
                "BT-SEARCH * HTTP/1.1\r\nPort: 99999\r\nInfohash: 0123456789abcdef0123456789abcdef01234567\r\n\r\n",
                "BT-SEARCH * HTTP/1.1\r\n\r\nPort: 1\r\nInfohash: 0123456789abcdef0123456789abcdef01234567\r\n"
            })
    void refusesOthers(String text) {
        assertThat(decode(text)).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(decode("BT-SEARCH * HTTP/1.1\r\n" + "x".repeat(1400))).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void isBounded() {
        List<Digest> many = Collections.nCopies(LocalAnnounce.MAX_SWARMS + 1, HASH);
        assertThatThrownBy(() -> new LocalAnnounce(1, many, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LocalAnnounce(0, List.of(HASH), "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LocalAnnounce(1, List.of(HASH), "a b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Decoding<LocalAnnounce> decode(String text) {
        return LocalAnnounce.decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
