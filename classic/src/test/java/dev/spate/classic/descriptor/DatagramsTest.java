package dev.spate.classic.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The 1,080 bytes of the original, byte by byte; the vectors are of the layout in docs/descriptor.md, not of our encoder. */
class DatagramsTest {
    private static final PeerAddress US = OriginalNode.address("127.0.0.1", 9001);
    private static final HashKey KEY = HashKey.of("13");

    /** "Spt", version, CRC-32C, mark, hops, fan-out, engine port, state, refusal, segment, info-hash; made by another program. */
    private static final String EXTENSION =
            "5370740176bfeaf4112233445566778810021ae102000000" + "0102030405060708090a0b0c0d0e0f101112131400000000";

    private final byte[] bytes = new byte[1080];

    private void put(int at, String hex) {
        byte[] some = HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(some, 0, bytes, at, some.length);
    }

    private void putText(int at, String text) {
        byte[] some = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(some, 0, bytes, at, some.length);
    }

    private void assertIs(Message message) {
        assertThat(Datagrams.decode(ByteBuffer.wrap(bytes))).isEqualTo(new Decoding.Decoded<>(message));
        ByteBuffer encoded = ByteBuffer.allocate(1080);
        Datagrams.encode(message, encoded);
        assertThat(encoded.array()).isEqualTo(bytes);
    }

    private void assertMalformed(String reason) {
        assertThat(Datagrams.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOfSatisfying(
                        Decoding.Malformed.class,
                        malformed -> assertThat(malformed.reason()).contains(reason));
    }

    private void getPeers() {
        put(8, "00 01 00 00");
        put(12, "23 29");
        putText(14, "127.0.0.1");
        put(32, "23 29");
        putText(34, "127.0.0.1");
        putText(50, "13");
        putText(1064, "random value");
    }

    @Test
    void getPeersNamesItsSourceAndTheKey() {
        getPeers();
        assertIs(new Message.Call(Method.GET_PEERS, US, US, KEY, "random value", null));
    }

    @Test
    void joinSaysNothingBeyondItsEnvelope() {
        put(8, "00 01 00 00");
        put(12, "23 29");
        putText(14, "127.0.0.1");
        put(1056, "00 01 00 00");
        putText(1064, "random value");
        assertIs(new Message.Call(Method.JOIN, US, null, null, "random value", null));
        put(32, "ff ff ff ff ff");
        assertThat(Datagrams.decode(ByteBuffer.wrap(bytes)))
                .isEqualTo(new Decoding.Decoded<>(new Message.Call(Method.JOIN, US, null, null, "random value", null)));
    }

    @Test
    void anAnswerListsPeersWithTheirPortsTheOtherWayRound() {
        put(40, "02");
        putText(41, "127.0.0.1");
        put(57, "28 23");
        put(77, "02 00 00 00");
        putText(81, "10.0.0.7");
        put(97, "ff ff");
        put(117, "01 00 00 00");
        putText(1064, "random value");
        assertIs(new Message.Reply(
                Method.GET_PEERS,
                true,
                List.of(
                        new ListedPeer(OriginalNode.address("127.0.0.1", 9000), PeerState.SEED),
                        new ListedPeer(OriginalNode.address("10.0.0.7", 65535), PeerState.LEECH)),
                0,
                0,
                "random value",
                null));
    }

    @Test
    void anErrorIsMinusOneInNetworkOrder() {
        put(32, "00 01 00 00");
        put(36, "ff ff 00 00");
        putText(1064, "0123456789abcdef");
        assertIs(new Message.Reply(Method.JOIN, false, List.of(), 0, 0, "0123456789abcdef", null));
    }

    @Test
    void segmentsAreCountedInTheEnvelope() {
        put(0, "03 00 00 00 00 00 00 00");
        put(30, "02 00");
        assertIs(new Message.Reply(Method.GET_PEERS, true, List.of(), 3, 2, "", null));
        put(30, "03 00");
        assertMalformed("segments");
        put(30, "00 00");
        put(0, "11");
        assertMalformed("segments");
    }

    @Test
    void anExtensionStandsAtTheEndOfThePayload() {
        getPeers();
        Arrays.fill(bytes, 1064, 1080, (byte) 0);
        putText(1064, "0123456789abcde");
        put(1008, EXTENSION);
        byte[] infoHash = new byte[20];
        for (int i = 0; i < infoHash.length; i++) {
            infoHash[i] = (byte) (i + 1);
        }
        assertIs(new Message.Call(
                Method.GET_PEERS,
                US,
                US,
                KEY,
                "0123456789abcde",
                new Extension(0x1122334455667788L, 16, 2, 6881, PeerState.SEED, 0, Digest.of(infoHash), null)));
    }

    @Test
    void anExtensionOfAnotherDatagramIsNone() {
        getPeers();
        put(1008, EXTENSION);
        assertIs0(new Message.Call(Method.GET_PEERS, US, US, KEY, "random value", null));
    }

    private void assertIs0(Message message) {
        assertThat(Datagrams.decode(ByteBuffer.wrap(bytes))).isEqualTo(new Decoding.Decoded<>(message));
    }

    @Test
    void whatMakesNoSenseIsNamed() {
        getPeers();
        assertThat(Datagrams.decode(ByteBuffer.wrap(bytes, 0, 1079))).isInstanceOf(Decoding.Malformed.class);
        put(1056, "00 05 00 00");
        assertMalformed("unknown method");
        put(1056, "00 00 00 01");
        assertMalformed("unknown method");
        put(1056, "00 00 00 00");
        putText(34, "localhost");
        assertMalformed("source");
        putText(34, "127.0.0.1");
        put(32, "00 00");
        assertMalformed("source");
        put(32, "23 29");
        putText(50, "0123456789012345678901234567890123456789");
        assertMalformed("hash key");
        put(50, "00");
        assertMalformed("hash key");
        put(8, "00 02 00 00");
        assertMalformed("neither a call nor a reply");
        put(8, "00 00 00 00");
        put(32, "00 00 00 00 00 00 00 00 1a");
        assertMalformed("more peers");
        put(36, "00 07 00 00");
        assertMalformed("neither good nor an error");
    }

    @Test
    void listedPeersThatNobodyCanReachAreLeftOut() {
        put(40, "03");
        putText(41, "1.2.3.400");
        put(57, "28 23");
        putText(81, "1.2.3.4");
        putText(121, "1.2.3.4");
        put(137, "28 23");
        put(157, "09 00 00 00");
        assertIs0(new Message.Reply(
                Method.GET_PEERS,
                true,
                List.of(new ListedPeer(OriginalNode.address("1.2.3.4", 9000), PeerState.IDLE)),
                0,
                0,
                "",
                null));
    }

    @Test
    void addressesAreReadAsStrictlyAsTheOriginalDoes() {
        assertThat(Ipv4Text.parse("192.0.2.1")).containsExactly(192, 0, 2, 1);
        assertThat(Ipv4Text.parse("0.0.0.0")).containsExactly(0, 0, 0, 0);
        for (String bad :
                List.of("", "1.2.3", "1.2.3.", "1.2.3.4.5", "1..2.3", "01.2.3.4", "256.1.1.1", "a.b.c.d", "::1")) {
            assertThat(Ipv4Text.parse(bad)).as(bad).isNull();
        }
    }
}
