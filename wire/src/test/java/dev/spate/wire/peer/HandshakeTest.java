package dev.spate.wire.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final Digest INFO_HASH = Digest.ofHex("aa".repeat(20));
    private static final PeerId PEER_ID = PeerId.of("-Sp0100-abcdefghijkl".getBytes(StandardCharsets.US_ASCII));
    private static final Handshake HANDSHAKE =
            new Handshake(Reserved.NONE.withExtensions().withFast().withDht(), INFO_HASH, PEER_ID);

    /** BEP 3, "peer protocol": nineteen, the name, eight bytes, the info-hash, the peer id. */
    private static final byte[] BYTES = HexFormat.of()
            .parseHex("13426974546f7272656e742070726f746f636f6c" + "0000000000100005" + "aa".repeat(20)
                    + "2d5370303130302d6162636465666768696a6b6c");

    @Test
    void speaksTheBytesOfTheProposal() {
        ByteBuffer buffer = ByteBuffer.allocate(Handshake.LENGTH);
        HANDSHAKE.encode(buffer);

        assertThat(buffer.array()).isEqualTo(BYTES);
    }

    @Test
    void decodesAtTheLastByteAndAsksForAllOfThemBefore() {
        for (int there = 0; there < Handshake.LENGTH; there++) {
            ByteBuffer buffer = ByteBuffer.wrap(BYTES, 0, there);
            assertThat(Handshake.decode(buffer)).isEqualTo(new Decoding.NeedMore<>(Handshake.LENGTH));
            assertThat(buffer.position()).isZero();
        }
        ByteBuffer whole = ByteBuffer.wrap(
                (new String(BYTES, StandardCharsets.ISO_8859_1) + "more").getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Handshake.decode(whole)).isEqualTo(new Decoding.Decoded<>(HANDSHAKE));
        assertThat(whole.remaining()).isEqualTo(4);
    }

    @Test
    void theInfoHashIsKnownBeforeThePeerId() {
        assertThat(Handshake.decodeInfoHash(ByteBuffer.wrap(BYTES, 0, 47))).isEqualTo(new Decoding.NeedMore<>(48));
        ByteBuffer buffer = ByteBuffer.wrap(BYTES, 0, 48);
        assertThat(Handshake.decodeInfoHash(buffer)).isEqualTo(new Decoding.Decoded<>(INFO_HASH));
        assertThat(buffer.position()).isZero();
    }

    /** An encrypted or a wholly different protocol shows at its first differing byte, not after a time-out. */
    @Test
    void refusesAtTheFirstByteThatIsNotBitTorrents() {
        for (int i = 0; i < 20; i++) {
            int wrong = i;
            byte[] bytes = BYTES.clone();
            bytes[wrong] ^= 0x20;
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, wrong + 1);

            assertThat(Handshake.decode(buffer))
                    .isInstanceOfSatisfying(
                            Decoding.Malformed.class,
                            malformed -> assertThat(malformed.offset()).isEqualTo(wrong));
            assertThat(Handshake.decodeInfoHash(buffer)).isInstanceOf(Decoding.Malformed.class);
            assertThat(buffer.position()).isZero();
        }
    }

    @Test
    void keepsReservedBitsThatItDoesNotKnow() {
        Random random = new Random(5);
        for (int i = 0; i < 100; i++) {
            Handshake handshake = new Handshake(
                    new Reserved(random.nextLong()),
                    Digest.of(PeerMessages.bytes(20, random)),
                    PeerId.of(PeerMessages.bytes(20, random)));
            ByteBuffer buffer = ByteBuffer.allocate(Handshake.LENGTH);
            handshake.encode(buffer);

            assertThat(Handshake.decode(buffer.flip())).isEqualTo(new Decoding.Decoded<>(handshake));
        }
    }

    @Test
    void namesTheBitsOfTheExtensions() {
        Reserved all = Reserved.NONE.withExtensions().withFast().withDht().withV2();

        assertThat(all).hasToString("0000000000100015 (extensions, fast, dht, v2)");
        assertThat(all.fast() && all.extensions() && all.dht() && all.v2()).isTrue();
        assertThat(Reserved.NONE.fast() || Reserved.NONE.extensions() || Reserved.NONE.dht() || Reserved.NONE.v2())
                .isFalse();
        assertThat(all.and(Reserved.NONE.withFast())).isEqualTo(Reserved.NONE.withFast());
        assertThat(Reserved.NONE).hasToString("0000000000000000");
    }
}
