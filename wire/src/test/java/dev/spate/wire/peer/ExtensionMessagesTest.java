package dev.spate.wire.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.spate.wire.Decoding;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionMessagesTest {
    private static final ExtensionHandshake EMPTY =
            new ExtensionHandshake(new TreeMap<>(), null, null, null, null, null, null, null, null);

    private static final ExtensionHandshake FULL = new ExtensionHandshake(
            new TreeMap<>(Map.of("ut_metadata", 3, "ut_pex", 1, "lt_donthave", 7)),
            "Spate 0.1.0",
            6881,
            500,
            Inet6Address.ofLiteral("2001:db8::1"),
            Inet4Address.ofLiteral("192.0.2.1"),
            (Inet6Address) Inet6Address.ofLiteral("2001:db8::2"),
            true,
            31235);

    /** BEP 10, "an example of what the payload of a handshake message could look like". */
    @Test
    void readsTheExampleOfTheProposal() {
        byte[] payload = "d1:md11:LT_metadatai1e7:µT_PEXi2ee1:pi6881e1:v13:µTorrent 1.2e".getBytes(UTF_8);

        assertThat(decoded(payload))
                .isEqualTo(new ExtensionHandshake(
                        new TreeMap<>(Map.of("LT_metadata", 1, "µT_PEX", 2)),
                        "µTorrent 1.2",
                        6881,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    /** BEP 10: the message that only turns an extension off. */
    @Test
    void anExtensionIsTurnedOffByZero() {
        assertThat(decoded("d1:md11:LT_metadatai0eee".getBytes(UTF_8)).extensions())
                .isEqualTo(Map.of("LT_metadata", 0));
    }

    @Test
    void writesWhatItReads() {
        for (ExtensionHandshake handshake : new ExtensionHandshake[] {EMPTY, FULL}) {
            PeerMessage.Extended message = handshake.message();

            assertThat(message.id()).isZero();
            assertThat(ExtensionHandshake.decode(message.payload())).isEqualTo(new Decoding.Decoded<>(handshake));
            assertThat(message.payload().position()).isZero();
        }
        assertThat(EMPTY.message().payload()).isEqualTo(ByteBuffer.wrap("d1:mdee".getBytes(UTF_8)));
    }

    @Test
    void passesOverWhatIsOutOfBoundsOrOfTheWrongKind() {
        String payload = "d1:md1:ai256e1:bi-1e1:c1:x1:di4e" + "65:" + "n".repeat(65) + "i5ee4:ipv43:abc4:ipv64:abcd"
                + "13:metadata_sizei-5e1:pi65536e4:reqqi0e11:upload_only3:yes1:vi1e6:yourip5:abcdee";

        assertThat(decoded(payload.getBytes(ISO_8859_1)))
                .isEqualTo(new ExtensionHandshake(
                        new TreeMap<>(Map.of("d", 4)), null, null, null, null, null, null, null, null));
    }

    @Test
    void readsUnsortedKeysAndPassesOverUnknownOnes() {
        assertThat(decoded("d4:reqqi250e1:pi51413e1:ei1e1:mdee".getBytes(UTF_8)))
                .isEqualTo(new ExtensionHandshake(new TreeMap<>(), null, 51413, 250, null, null, null, null, null));
    }

    @Test
    void aClientsNameCannotSteerATerminal() {
        assertThat(decoded("d1:v6:a\033[2Jbe".getBytes(UTF_8)).client()).isEqualTo("a [2Jb");
        assertThat(decoded(("d1:v500:" + "x".repeat(500) + "e").getBytes(UTF_8)).client())
                .hasSize(64);
        assertThat(decoded("d1:v3:\r\n\te".getBytes(UTF_8)).client()).isNull();
    }

    @Test
    void keepsABoundedNumberOfExtensions() {
        StringBuilder payload = new StringBuilder("d1:md");
        for (int i = 0; i < 5000; i++) {
            payload.append(String.format("4:%04di1e", i));
        }
        assertThat(decoded(payload.append("ee").toString().getBytes(UTF_8)).extensions())
                .hasSize(ExtensionHandshake.MAX_EXTENSIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "le", "i1e", "d", "d1:m", "d1:mdee!", "de ", "3:abc"})
    void refusesWhatIsNoDictionary(String payload) {
        assertThat(ExtensionHandshake.decode(ByteBuffer.wrap(payload.getBytes(UTF_8))))
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void dontHaveSpeaksTheBytesOfTheProposal() {
        PeerMessage.Extended message = new DontHave(258).message(9);

        // BEP 54: <len=0x0006><op=20><subop=xx><index>
        assertThat(PeerMessages.encoded(message)).isEqualTo(HexFormat.of().parseHex("00000006140900000102"));
        assertThat(DontHave.decode(message.payload(), 259)).isEqualTo(new Decoding.Decoded<>(new DontHave(258)));
        assertThat(DontHave.decode(message.payload(), 258)).isInstanceOf(Decoding.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "000001", "0000000001", "ffffffff"})
    void refusesADontHaveOfNoPiece(String hex) {
        assertThat(DontHave.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), 1000))
                .isInstanceOf(Decoding.Malformed.class);
    }

    /** Damaged handshakes decode or are refused; they never throw, and what was read can be said again. */
    @Test
    void survivesAnyDamage() {
        ByteBuffer whole = FULL.message().payload();
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] payload = new byte[whole.remaining()];
            whole.get(0, payload);
            for (int i = random.nextInt(4); i >= 0; i--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> ExtensionHandshakeFuzz.fuzzerTestOneInput(payload))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }

    private static ExtensionHandshake decoded(byte[] payload) {
        return ((Decoding.Decoded<ExtensionHandshake>) ExtensionHandshake.decode(ByteBuffer.wrap(payload))).value();
    }
}
