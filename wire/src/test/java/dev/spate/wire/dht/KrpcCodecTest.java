package dev.spate.wire.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.Seeds;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.Strictness;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KrpcCodecTest {
    private static final Bytes AA = Bytes.ofText("aa");
    private static final NodeId ABC = NodeId.of("abcdefghij0123456789".getBytes(ISO_8859_1));
    private static final NodeId MNO = NodeId.of("mnopqrstuvwxyz123456".getBytes(ISO_8859_1));
    private static final PeerAddress FOUR = PeerAddress.of(new InetSocketAddress("192.0.2.7", 6881));
    private static final PeerAddress SIX = PeerAddress.of(new InetSocketAddress("2001:db8::7", 6882));

    record Example(String bytes, KrpcMessage message) {}

    /** The example packets of BEP 5, and one of each kind that later BEPs added. */
    static List<Example> examples() {
        return List.of(
                query("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", new Question.Ping()),
                query(
                        "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe",
                        new Question.FindNode(MNO, Want.UNSAID)),
                query(
                        "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe",
                        new Question.GetPeers(MNO, Want.UNSAID, false, false)),
                query(
                        "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234566:noseedi1e6:scrapei1e"
                                + "4:wantl2:n42:n6ee1:q9:get_peers1:t2:aa1:y1:qe",
                        new Question.GetPeers(MNO, Want.BOTH, true, true)),
                query(
                        "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz123456"
                                + "4:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
                        new Question.AnnouncePeer(MNO, 6881, true, false, Bytes.ofText("aoeusnth"))),
                query(
                        "d1:ad2:id20:abcdefghij01234567893:seqi4e6:target20:mnopqrstuvwxyz123456e1:q3:get1:t2:aa1:y1:qe",
                        new Question.Get(MNO, 4L, Want.UNSAID)),
                query(
                        "d1:ad2:id20:abcdefghij01234567895:token2:to1:vli1ei2eee1:q3:put1:t2:aa1:y1:qe",
                        new Question.Put(Bytes.ofText("to"), Bytes.ofText("li1ei2ee"), null)),
                query(
                        "d1:ad3:casi3e2:id20:abcdefghij01234567891:k2:kk4:salt2:sa3:seqi4e3:sig2:si5:token2:to1:v1:ve"
                                + "1:q3:put1:t2:aa1:y1:qe",
                        new Question.Put(
                                Bytes.ofText("to"),
                                Bytes.ofText("1:v"),
                                new Question.Signed(
                                        Bytes.ofText("kk"), Bytes.ofText("sa"), 4, Bytes.ofText("si"), 3L))),
                query(
                        "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q17:sample_infohashes"
                                + "1:t2:aa1:y1:qe",
                        new Question.SampleInfohashes(MNO, Want.UNSAID)),
                query(
                        "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q4:vote1:t2:aa1:y1:qe",
                        new Question.Unknown(Bytes.ofText("vote"), MNO, Want.UNSAID)),
                new Example(
                        "d1:ad2:id20:abcdefghij0123456789e1:q4:ping2:roi1e1:t2:aa1:v4:Sp011:y1:qe",
                        new KrpcMessage.Query(AA, ABC, new Question.Ping(), true, Bytes.ofText("Sp01"))),
                answer("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", Results.NONE),
                answer(
                        "d1:rd2:id20:mnopqrstuvwxyz1234565:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re",
                        new Results(
                                null,
                                null,
                                List.of(peer("axje", ".u"), peer("idht", "nm")),
                                Bytes.ofText("aoeusnth"),
                                null,
                                null,
                                null)),
                answer(
                        "d1:rd2:id20:mnopqrstuvwxyz1234565:nodes26:abcdefghij0123456789axje.u"
                                + "6:nodes638:mnopqrstuvwxyz1234560123456789abcdef:;e1:t2:aa1:y1:re",
                        Results.ofNodes(
                                List.of(new NodeInfo(ABC, peer("axje", ".u"))),
                                List.of(new NodeInfo(MNO, peer("0123456789abcdef", ":;"))))),
                answer(
                        "d1:rd2:id20:mnopqrstuvwxyz1234561:k2:kk3:seqi4e3:sig2:si1:vd1:ai1eee1:t2:aa1:y1:re",
                        new Results(
                                null,
                                null,
                                List.of(),
                                null,
                                new Results.Item(Bytes.ofText("d1:ai1ee"), Bytes.ofText("kk"), 4L, Bytes.ofText("si")),
                                null,
                                null)),
                answer(
                        "d1:rd2:id20:mnopqrstuvwxyz1234568:intervali60e3:numi3e7:samples20:abcdefghij0123456789e"
                                + "1:t2:aa1:y1:re",
                        new Results(null, null, List.of(), null, null, null, new Results.Samples(60, 3, List.of(ABC)))),
                new Example(
                        "d2:ip6:axje.u1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re",
                        new KrpcMessage.Answer(AA, MNO, Results.NONE, peer("axje", ".u"), null)),
                new Example(
                        "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
                        new KrpcMessage.Refusal(AA, 201, "A Generic Error Ocurred", null, null)));
    }

    private static Example query(String bytes, Question question) {
        return new Example(bytes, new KrpcMessage.Query(AA, ABC, question, false, null));
    }

    private static Example answer(String bytes, Results results) {
        return new Example(bytes, new KrpcMessage.Answer(AA, MNO, results, null, null));
    }

    private static PeerAddress peer(String ip, String port) {
        return PeerAddress.of(ip.getBytes(ISO_8859_1), port.charAt(0) << 8 | port.charAt(1));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsAndWritesTheExamples(Example example) {
        assertThat(decode(example.bytes)).isEqualTo(new Decoding.Decoded<>(example.message));
        assertThat(encode(example.message)).isEqualTo(example.bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d",
                "de",
                "i1e",
                "d1:t2:aa1:y1:qe",
                "d1:t2:aa1:y1:re",
                "d1:t2:aa1:y1:ee",
                "d1:t2:aa1:y1:xe",
                "d1:rd2:id20:mnopqrstuvwxyz123456e1:y1:re",
                "d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re0:",
                "d1:rd2:id19:mnopqrstuvwxyz12345e1:t2:aa1:y1:re",
                "d1:rd2:id20:mnopqrstuvwxyz123456e1:t33:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1:y1:re",
                "d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij0123456789e1:q9:find_node1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij01234567896:target3:abce1:q9:find_node1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij0123456789e1:q9:get_peers1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti1ee1:q13:announce_peer1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti70000e5:token1:xe1:q13:announce_peer1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij01234567895:token2:toe1:q3:put1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij01234567891:k1:k5:token2:to1:v1:ve1:q3:put1:t2:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t99999999999999999999:aa1:y1:qe",
                "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:xi99999999999999999999e1:y1:qe",
                "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:q",
                "d1:eli201e23:A Generic Error"
            })
    void refusesWhatIsNoMessage(String bytes) {
        assertThat(decode(bytes)).isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void refusesWhatIsDeepOrLong() {
        String before = "d1:ad2:id20:abcdefghij01234567891:x";
        String behind = "e1:q4:ping1:t2:aa1:y1:qe";
        assertThat(decode(before + "l".repeat(64) + "e".repeat(64) + behind)).isInstanceOf(Decoding.Decoded.class);
        assertThat(decode(before + "l".repeat(65) + "e".repeat(65) + behind)).isInstanceOf(Decoding.Malformed.class);
        assertThat(decode(before + "l".repeat(4000))).isInstanceOf(Decoding.Malformed.class);
        int room = KrpcDecoder.MAX_LENGTH - before.length() - behind.length() - "4000:".length();
        assertThat(decode(before + room + ":" + "y".repeat(room) + behind)).isInstanceOf(Decoding.Decoded.class);
        assertThat(decode(before + (room + 1) + ":" + "y".repeat(room + 1) + behind))
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void takesKeysInAnyOrderAndPassesOverStrangeOnes() {
        assertThat(decode("d1:y1:q1:t2:aa1:xld1:yi-5eee1:q4:ping1:vi5e1:ad4:spaml1:xe2:id20:abcdefghij0123456789ee"))
                .isEqualTo(new Decoding.Decoded<>(new KrpcMessage.Query(AA, ABC, new Question.Ping(), false, null)));
    }

    @Test
    void leavesOutWhatBelongsToNobody() {
        // A cut-off node, a peer at port 0, a peer of seven bytes, and an IPv4 node among those of IPv6.
        String mapped = "\0\0\0\0\0\0\0\0\0\0\u00ff\u00ffaxje.u";
        assertThat(decode("d1:rd2:id20:mnopqrstuvwxyz1234565:nodes30:abcdefghij0123456789axje.uabcd6:nodes638:"
                        + "abcdefghij0123456789" + mapped + "6:valuesl6:axje\0\0" + "7:1234567" + "ee1:t2:aa1:y1:re"))
                .isEqualTo(new Decoding.Decoded<>(new KrpcMessage.Answer(
                        AA,
                        MNO,
                        Results.ofNodes(List.of(new NodeInfo(ABC, peer("axje", ".u"))), List.of()),
                        null,
                        null)));
    }

    @Test
    void readsAnAddressWithoutPort() {
        assertThat(decode("d2:ip4:axje1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re"))
                .isEqualTo(new Decoding.Decoded<>(
                        new KrpcMessage.Answer(AA, MNO, Results.NONE, peer("axje", "\0\0"), null)));
    }

    @Test
    void everyMessageIsReadAsItWasWrittenAndIsCanonical() {
        Seeds.run(2000, random -> {
            KrpcMessage message = message(random);
            String bytes = encode(message);
            assertThat(decode(bytes)).isEqualTo(new Decoding.Decoded<>(message));
            assertThat(BencodeDecoder.decode(bytes.getBytes(ISO_8859_1), Strictness.STRICT))
                    .isInstanceOf(Decoding.Decoded.class);
        });
    }

    @Test
    void damagedMessagesDoNoHarm() {
        Seeds.run(3000, random -> {
            byte[] bytes = encode(message(random)).getBytes(ISO_8859_1);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) "0123456789:deil".charAt(random.nextInt(15));
            }
            KrpcFuzz.fuzzerTestOneInput(Arrays.copyOf(bytes, bytes.length - random.nextInt(2)));
        });
    }

    private static KrpcMessage message(RandomGenerator random) {
        Bytes transaction = bytes(random, 1 + random.nextInt(8));
        Bytes version = random.nextBoolean() ? null : bytes(random, 4);
        NodeId id = NodeId.random(random);
        return switch (random.nextInt(5)) {
            case 0 ->
                new KrpcMessage.Refusal(
                        transaction, random.nextInt(500), "no " + random.nextInt(), address(random), version);
            case 1, 2 -> new KrpcMessage.Query(transaction, id, question(random), random.nextBoolean(), version);
            default -> new KrpcMessage.Answer(transaction, id, results(random), address(random), version);
        };
    }

    private static Question question(RandomGenerator random) {
        NodeId target = NodeId.random(random);
        Want want = List.of(Want.UNSAID, Want.IPV4, Want.IPV6, Want.BOTH).get(random.nextInt(4));
        Long seq = random.nextBoolean() ? null : (Long) random.nextLong();
        Bytes value = Bytes.ofText(random.nextBoolean() ? "i" + random.nextInt() + "e" : "d1:ali1ei2eee");
        return switch (random.nextInt(8)) {
            case 0 -> new Question.Ping();
            case 1 -> new Question.FindNode(target, want);
            case 2 -> new Question.GetPeers(target, want, random.nextBoolean(), random.nextBoolean());
            case 3 ->
                new Question.AnnouncePeer(
                        target, random.nextInt(65536), random.nextBoolean(), random.nextBoolean(), bytes(random, 4));
            case 4 -> new Question.Get(target, seq, want);
            case 5 -> new Question.Put(bytes(random, 4), value, null);
            case 6 ->
                new Question.Put(
                        bytes(random, 4),
                        value,
                        new Question.Signed(
                                bytes(random, 32),
                                bytes(random, random.nextInt(70)),
                                random.nextLong(),
                                bytes(random, 64),
                                seq));
            default -> new Question.SampleInfohashes(target, want);
        };
    }

    private static Results results(RandomGenerator random) {
        List<NodeInfo> nodes = new ArrayList<>();
        List<NodeInfo> nodes6 = new ArrayList<>();
        List<PeerAddress> values = new ArrayList<>();
        List<NodeId> samples = new ArrayList<>();
        for (int i = random.nextInt(9); i > 0; i--) {
            nodes.add(new NodeInfo(NodeId.random(random), FOUR.withPort(random.nextInt(65536))));
            nodes6.add(new NodeInfo(NodeId.random(random), SIX.withPort(random.nextInt(65536))));
            values.add((random.nextBoolean() ? FOUR : SIX).withPort(1 + random.nextInt(65535)));
            samples.add(NodeId.random(random));
        }
        return new Results(
                random.nextBoolean() ? null : nodes,
                random.nextBoolean() ? null : nodes6,
                random.nextBoolean() ? List.of() : values,
                random.nextBoolean() ? null : bytes(random, random.nextInt(9)),
                random.nextBoolean()
                        ? null
                        : new Results.Item(
                                Bytes.ofText("3:abc"), bytes(random, 32), random.nextLong(), bytes(random, 64)),
                random.nextBoolean() ? null : new Results.Filters(bytes(random, 256), bytes(random, 256)),
                random.nextBoolean() ? null : new Results.Samples(random.nextInt(21601), random.nextInt(99), samples));
    }

    private static @Nullable PeerAddress address(RandomGenerator random) {
        return random.nextBoolean() ? null : random.nextBoolean() ? FOUR : SIX;
    }

    private static Bytes bytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private static Decoding<KrpcMessage> decode(String bytes) {
        return KrpcDecoder.decode(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
    }

    private static String encode(KrpcMessage message) {
        ByteBuffer into = ByteBuffer.allocate(KrpcDecoder.MAX_LENGTH);
        KrpcEncoder.encode(message, into);
        return new String(into.array(), 0, into.position(), ISO_8859_1);
    }
}
