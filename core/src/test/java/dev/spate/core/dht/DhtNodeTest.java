package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.dht.BloomFilter;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.SecureIds;
import dev.spate.wire.dht.Want;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One node, and what it says to others; hostile ones among them. */
class DhtNodeTest {
    private static final DhtSettings PATIENT =
            new DhtSettings(false, 100_000, 2_000, 1_000_000, 1_000_000, DhtSettings.DEFAULTS.version());
    private static final PeerAddress ANN = NodeTalk.at("11.0.0.1");
    private static final PeerAddress BOB = NodeTalk.at("11.0.0.2");
    private static final NodeId PLACE = NodeId.ofHex("00112233445566778899aabbccddeeff00112233");

    private final NodeTalk talk = new NodeTalk(PATIENT);

    @Test
    void answersAPing() {
        List<KrpcMessage> answers = talk.ask(ANN, PLACE, new Question.Ping());
        NodeId own = NodeTalk.id(talk.node);
        assertThat(answers)
                .containsExactly(
                        new KrpcMessage.Answer(NodeTalk.TRANSACTION, own, Results.NONE, ANN, PATIENT.version()));
    }

    @Test
    void keepsPeersOfThoseWhoShowTheirToken() {
        Question.GetPeers ask = new Question.GetPeers(PLACE, Want.UNSAID, false, false);
        Results empty = talk.results(ANN, ask);
        assertThat(empty.values()).isEmpty();
        assertThat(empty.nodes()).isEmpty();
        Bytes token = Objects.requireNonNull(empty.token());
        assertThat(talk.refusal(BOB, new Question.AnnouncePeer(PLACE, 7000, false, false, token)))
                .as("Ann's token, shown by Bob")
                .isEqualTo(203);
        assertThat(talk.refusal(ANN, new Question.AnnouncePeer(PLACE, 7000, false, false, Bytes.ofText("no"))))
                .isEqualTo(203);
        talk.results(ANN, new Question.AnnouncePeer(PLACE, 7000, false, true, token));
        assertThat(talk.results(BOB, ask).values()).containsExactly(ANN.withPort(7000));
        assertThat(talk.results(BOB, new Question.GetPeers(PLACE, Want.UNSAID, false, true))
                        .values())
                .as("no seeds")
                .isEmpty();
        talk.pass(400);
        talk.results(ANN, new Question.AnnouncePeer(PLACE, 7000, true, false, token));
        assertThat(talk.results(BOB, ask).values()).as("implied port").containsExactly(ANN);
        assertThat(NodeTalk.ipv4(talk.node).storedPeers()).isOne();
        talk.pass(700);
        assertThat(talk.refusal(ANN, new Question.AnnouncePeer(PLACE, 7000, true, false, token)))
                .as("after two changes of the key")
                .isEqualTo(203);
        talk.pass(PeerStore.LIFETIME_SECONDS);
        assertThat(talk.results(BOB, ask).values()).isEmpty();
        assertThat(NodeTalk.ipv4(talk.node).storedPeers()).isZero();
    }

    @Test
    void refusesPortZero() {
        Bytes token = token(ANN);
        assertThat(talk.refusal(ANN, new Question.AnnouncePeer(PLACE, 0, false, false, token)))
                .isEqualTo(203);
    }

    @Test
    void countsPeersInFilters() {
        for (int i = 1; i <= 20; i++) {
            PeerAddress peer = NodeTalk.at("11.0.1." + i);
            talk.results(peer, new Question.AnnouncePeer(PLACE, 7000, false, i % 4 == 0, token(peer)));
        }
        Question.GetPeers scrape = new Question.GetPeers(PLACE, Want.UNSAID, true, false);
        assertThat(talk.results(BOB, scrape).filters())
                .as("no room for a stranger")
                .isNull();
        prove(BOB);
        Results.Filters filters =
                Objects.requireNonNull(talk.results(BOB, scrape).filters());
        BloomFilter seeds = new BloomFilter();
        seeds.addAll(filters.seeds());
        assertThat(Math.round(seeds.estimate())).isEqualTo(5);
        BloomFilter others = new BloomFilter();
        others.addAll(filters.peers());
        assertThat(Math.round(others.estimate())).isEqualTo(15);
    }

    @Test
    void tellsTheNearestNodesOfEachFamily() {
        List<NodeInfo> four = new ArrayList<>();
        List<NodeInfo> six = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            four.add(new NodeInfo(NodeId.random(talk.random), NodeTalk.at("11.0.2." + i)));
            six.add(new NodeInfo(NodeId.random(talk.random), NodeTalk.at("2001:db8:0:" + i + "::1")));
        }
        four.forEach(node -> talk.introduce(node.address(), node.id()));
        six.forEach(node -> talk.introduce(node.address(), node.id()));
        four.sort((a, b) -> PLACE.compareDistance(a.id(), b.id()));
        six.sort((a, b) -> PLACE.compareDistance(a.id(), b.id()));
        prove(ANN);
        assertThat(talk.results(ANN, new Question.FindNode(PLACE, Want.UNSAID))).isEqualTo(Results.ofNodes(four, null));
        assertThat(talk.results(ANN, new Question.FindNode(PLACE, Want.IPV6))).isEqualTo(Results.ofNodes(null, six));
        assertThat(talk.results(ANN, new Question.FindNode(PLACE, Want.BOTH))).isEqualTo(Results.ofNodes(four, six));
        PeerAddress carol = NodeTalk.at("2001:db8:7::7");
        assertThat(talk.results(carol, new Question.FindNode(PLACE, Want.UNSAID))
                        .nodes6())
                .as("as many as a stranger may have")
                .isEqualTo(six.subList(0, 5));
        assertThat(talk.results(ANN, new Question.Unknown(Bytes.ofText("new"), PLACE, Want.UNSAID)))
                .isEqualTo(Results.ofNodes(four, null));
        assertThat(talk.refusal(ANN, new Question.Unknown(Bytes.ofText("new"), null, Want.UNSAID)))
                .isEqualTo(204);
    }

    @Test
    void samplesWhatItStores() {
        talk.results(ANN, new Question.AnnouncePeer(PLACE, 7000, false, true, token(ANN)));
        Results.Samples samples = talk.results(ANN, new Question.SampleInfohashes(PLACE, Want.UNSAID))
                .samples();
        assertThat(samples).isEqualTo(new Results.Samples(PeerStore.SAMPLE_SECONDS, 1, List.of(PLACE)));
    }

    @Test
    void storesItemsAndSaysWhyNot() throws GeneralSecurityException {
        Bytes token = token(ANN);
        DhtItem.Immutable item = DhtItem.immutable(BencodeString.of("hello"));
        assertThat(talk.refusal(ANN, new Question.Put(Bytes.ofText("bad"), item.value(), null)))
                .isEqualTo(203);
        talk.results(ANN, new Question.Put(token, item.value(), null));
        Results got = talk.results(BOB, new Question.Get(item.target(), null, Want.UNSAID));
        assertThat(got.item()).isEqualTo(new Results.Item(item.value(), null, null, null));
        assertThat(got.token()).isNotNull();

        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        DhtItem.Mutable two = DhtItem.Mutable.sign(keys, Bytes.ofText("s"), 2, BencodeString.of("two"));
        talk.results(ANN, put(token, two, null));
        assertThat(talk.results(ANN, new Question.Get(two.target(), null, Want.UNSAID))
                        .item())
                .isEqualTo(new Results.Item(two.value(), two.key(), 2L, two.signature()));
        assertThat(talk.results(ANN, new Question.Get(two.target(), 2L, Want.UNSAID))
                        .item())
                .as("she has it")
                .isEqualTo(new Results.Item(null, null, 2L, null));
        DhtItem.Mutable one = DhtItem.Mutable.sign(keys, Bytes.ofText("s"), 1, BencodeString.of("one"));
        assertThat(talk.refusal(ANN, put(token, one, null))).isEqualTo(302);
        DhtItem.Mutable three = DhtItem.Mutable.sign(keys, Bytes.ofText("s"), 3, BencodeString.of("three"));
        assertThat(talk.refusal(ANN, put(token, three, 1L))).isEqualTo(301);
        talk.results(ANN, put(token, three, 2L));

        Question.Signed forged = new Question.Signed(two.key(), two.salt(), 9, two.signature(), null);
        assertThat(talk.refusal(ANN, new Question.Put(token, two.value(), forged)))
                .isEqualTo(206);
        Question.Signed salty = new Question.Signed(two.key(), Bytes.of(new byte[65]), 9, two.signature(), null);
        assertThat(talk.refusal(ANN, new Question.Put(token, two.value(), salty)))
                .isEqualTo(207);
        Bytes long1001 = Bytes.ofText("997:" + "x".repeat(997));
        assertThat(talk.refusal(ANN, new Question.Put(token, long1001, null))).isEqualTo(205);
        assertThat(talk.refusal(ANN, new Question.Put(token, Bytes.ofText("d1:b0:1:a0:e"), null)))
                .isEqualTo(203);
        assertThat(talk.node.stats().storedItems()).isEqualTo(2);
    }

    private static Question.Put put(Bytes token, DhtItem.Mutable item, @Nullable Long cas) {
        return new Question.Put(
                token, item.value(), new Question.Signed(item.key(), item.salt(), item.seq(), item.signature(), cas));
    }

    /** To whom it may be a forged address, at most three times what came is sent; every kind of query, full tables. */
    @Test
    void neverAmplifiesWhatAStrangerSends() {
        for (int i = 1; i <= 60; i++) {
            PeerAddress peer = NodeTalk.at("11.0.3." + i);
            talk.introduce(peer, NodeId.random(talk.random));
            talk.introduce(NodeTalk.at("2001:db8:0:" + i + "::1"), NodeId.random(talk.random));
            talk.results(peer, new Question.AnnouncePeer(PLACE, 7000, false, i % 4 == 0, token(peer)));
        }
        DhtItem.Immutable item = DhtItem.immutable(BencodeString.of("x".repeat(900)));
        talk.results(ANN, new Question.Put(token(ANN), item.value(), null));
        List<Question> questions = List.of(
                new Question.Ping(),
                new Question.FindNode(PLACE, Want.BOTH),
                new Question.GetPeers(PLACE, Want.BOTH, true, false),
                new Question.GetPeers(PLACE, Want.UNSAID, false, false),
                new Question.AnnouncePeer(PLACE, 1, true, true, Bytes.EMPTY),
                new Question.Get(item.target(), null, Want.BOTH),
                new Question.Put(Bytes.EMPTY, Bytes.ofText("0:"), null),
                new Question.SampleInfohashes(PLACE, Want.BOTH),
                new Question.Unknown(Bytes.EMPTY, null, Want.UNSAID),
                new Question.Unknown(Bytes.EMPTY, PLACE, Want.BOTH));
        int stranger = 0;
        for (Question question : questions) {
            for (int transaction = 0; transaction <= 32; transaction += 8) {
                for (boolean readOnly : new boolean[] {true, false}) {
                    for (String network : List.of("11.0.4.", "2001:db8:4:")) {
                        stranger++;
                        PeerAddress from =
                                NodeTalk.at(network + (network.endsWith(".") ? stranger % 250 + 1 : stranger + "::1"));
                        KrpcMessage.Query query = new KrpcMessage.Query(
                                Bytes.of(new byte[transaction]), NodeId.random(talk.random), question, readOnly, null);
                        talk.say(from, query);
                        assertThat(talk.bytesSent)
                                .as("to %s", query)
                                .isBetween(1, 3 * NodeTalk.encode(query).remaining());
                    }
                }
            }
        }
    }

    @Test
    void aProvenSourceGetsWhatFitsIntoADatagram() {
        for (int i = 0; i < 200; i++) {
            PeerAddress peer = NodeTalk.at("11.0.5." + i);
            talk.introduce(peer, NodeId.random(talk.random));
            talk.results(peer, new Question.AnnouncePeer(PLACE, 7000, false, false, token(peer)));
        }
        prove(ANN);
        Results results = talk.results(ANN, new Question.GetPeers(PLACE, Want.BOTH, true, false));
        assertThat(results.values()).hasSizeGreaterThan(20);
        assertThat(results.nodes()).hasSize(8);
        assertThat(talk.bytesSent).isBetween(1000, Answerer.MAX_ANSWER);
        DhtItem.Immutable item = DhtItem.immutable(BencodeString.of("x".repeat(990)));
        talk.results(ANN, new Question.Put(token(ANN), item.value(), null));
        Results got = talk.results(ANN, new Question.Get(item.target(), null, Want.BOTH));
        assertThat(got.item()).isNotNull();
        assertThat(talk.bytesSent).isBetween(1000, Answerer.MAX_ANSWER);
    }

    @Test
    void aSourceThatAsksTooMuchIsLeftWaiting() {
        NodeTalk strict = new NodeTalk(DhtSettings.DEFAULTS);
        for (int i = 0; i < 300; i++) {
            strict.ask(ANN, PLACE, new Question.Ping());
        }
        assertThat(strict.node.stats().answersOut()).isEqualTo(DhtSettings.DEFAULTS.answerBurst());
        assertThat(strict.node.stats().limited()).isEqualTo(100);
        assertThat(strict.ask(ANN.withPort(7), PLACE, new Question.Ping()))
                .as("another port")
                .isEmpty();
        assertThat(strict.ask(BOB, PLACE, new Question.Ping()))
                .as("somebody else")
                .hasSize(1);
        strict.pass(1);
        assertThat(strict.ask(ANN, PLACE, new Question.Ping())).hasSize(1);
    }

    @Test
    void aReadOnlyNodeAnswersNobodyAndSaysSo() {
        NodeTalk reader = new NodeTalk(DhtSettings.DEFAULTS.asReadOnly());
        assertThat(reader.ask(ANN, PLACE, new Question.Ping())).isEmpty();
        reader.node.nodeFound(BOB, reader.now);
        assertThat(reader.sent())
                .singleElement()
                .satisfies(send -> assertThat(((KrpcMessage.Query) send.message()).readOnly())
                        .isTrue());
        assertThat(reader.node.stats().answersOut()).isZero();
    }

    @Test
    void looksAtWhoAsksUnlessHeIsReadOnly() {
        NodeId id = NodeId.random(talk.random);
        List<DhtEffect.Send> sent =
                talk.say(ANN, new KrpcMessage.Query(NodeTalk.TRANSACTION, id, new Question.Ping(), false, null));
        assertThat(sent).hasSize(2);
        KrpcMessage.Query ping = (KrpcMessage.Query) sent.getFirst().message();
        assertThat(NodeTalk.ipv4(talk.node).nodes()).isZero();
        talk.say(ANN, new KrpcMessage.Answer(ping.transaction(), id, Results.NONE, null, null));
        assertThat(talk.node.state().nodes()).containsExactly(new NodeInfo(id, ANN));
        assertThat(talk.say(BOB, new KrpcMessage.Query(NodeTalk.TRANSACTION, PLACE, new Question.Ping(), true, null)))
                .hasSize(1);
    }

    @Test
    void believesNoAnswerButThatOfWhomItAsked() {
        talk.node.nodeFound(ANN, talk.now);
        KrpcMessage.Query ping = (KrpcMessage.Query) talk.sent().getFirst().message();
        KrpcMessage.Answer answer = new KrpcMessage.Answer(ping.transaction(), PLACE, Results.NONE, null, null);
        talk.say(BOB, answer);
        talk.say(ANN.withPort(1), answer);
        talk.say(
                ANN,
                new KrpcMessage.Answer(Bytes.ofInt(ping.transaction().toInt() + 1), PLACE, Results.NONE, null, null));
        talk.say(ANN, new KrpcMessage.Answer(Bytes.EMPTY, PLACE, Results.NONE, null, null));
        assertThat(talk.node.stats().strayAnswers()).isEqualTo(4);
        assertThat(NodeTalk.ipv4(talk.node).nodes()).isZero();
        talk.say(ANN, answer);
        assertThat(NodeTalk.ipv4(talk.node).nodes()).isOne();
        talk.say(ANN, answer);
        assertThat(talk.node.stats().strayAnswers()).as("an answer counts once").isEqualTo(5);
    }

    @Test
    void whoAnswersUnderAnotherNameIsKnownByThat() {
        NodeId real = NodeId.random(talk.random);
        talk.introduce(ANN, PLACE);
        int operation = talk.node.findPeers(PLACE, talk.now);
        for (DhtEffect.Send send : talk.sent()) {
            if (send.message() instanceof KrpcMessage.Query query) {
                talk.say(ANN, new KrpcMessage.Answer(query.transaction(), real, Results.NONE, null, null));
            }
        }
        assertThat(talk.node.state().nodes()).containsExactly(new NodeInfo(real, ANN));
        assertThat(talk.reports)
                .contains(new DhtEffect.PeersSearched(
                        operation, PLACE, new LookupReport(1, 1, 1, List.of(new NodeInfo(real, ANN)))));
    }

    @Test
    void learnsItsAddressFromManyAndTakesAnIdThatFits() {
        PeerAddress seen = NodeTalk.at("11.77.88.99");
        NodeId before = NodeTalk.id(talk.node);
        for (int i = 1; i <= AddressVotes.QUORUM; i++) {
            PeerAddress voter = NodeTalk.at("11.0.6." + i);
            talk.node.nodeFound(voter, talk.now);
            for (DhtEffect.Send send : talk.sent()) {
                if (send.to().equals(voter) && send.message() instanceof KrpcMessage.Query query) {
                    talk.say(
                            voter,
                            new KrpcMessage.Answer(
                                    query.transaction(), NodeId.random(talk.random), Results.NONE, seen, null));
                }
            }
        }
        NodeId after = NodeTalk.id(talk.node);
        assertThat(after).isNotEqualTo(before);
        assertThat(SecureIds.allows(seen.ip(), after)).isTrue();
        assertThat(talk.reports).containsOnlyOnce(new DhtEffect.AddressLearnt(seen.ip(), after));
        assertThat(NodeTalk.ipv4(talk.node).nodes())
                .as("the table has moved along")
                .isEqualTo(AddressVotes.QUORUM);
    }

    @Test
    void nobodyCanMakeItAskManyOrPrivateAddresses() {
        for (String bad : List.of("0.0.0.0", "224.0.0.1", "255.255.255.255", "ff02::1")) {
            talk.node.nodeFound(NodeTalk.at(bad), talk.now);
        }
        talk.node.nodeFound(ANN.withPort(0), talk.now);
        assertThat(talk.sent()).isEmpty();
        for (int i = 0; i < 1000; i++) {
            talk.node.nodeFound(MemoryDht.address(i), talk.now);
        }
        assertThat(talk.sent()).hasSize(Half.MAX_PINGS);
        talk.pass(20);
        assertThat(talk.node.stats().timeouts()).isEqualTo(Half.MAX_PINGS);

        talk.introduce(ANN, PLACE);
        talk.node.findPeers(PLACE, talk.now);
        List<NodeInfo> told = List.of(
                new NodeInfo(NodeId.random(talk.random), NodeTalk.at("10.0.0.1")),
                new NodeInfo(NodeId.random(talk.random), NodeTalk.at("127.0.0.1")),
                new NodeInfo(NodeId.random(talk.random), BOB.withPort(0)));
        List<PeerAddress> peers = List.of(NodeTalk.at("192.168.0.1"), NodeTalk.at("224.0.0.1"));
        List<DhtEffect.Send> sent = new ArrayList<>();
        for (DhtEffect.Send send : talk.sent()) {
            if (send.message() instanceof KrpcMessage.Query query && send.to().equals(ANN)) {
                sent.addAll(talk.say(
                        ANN,
                        new KrpcMessage.Answer(
                                query.transaction(),
                                PLACE,
                                new Results(told, null, peers, null, null, null, null),
                                null,
                                null)));
            }
        }
        assertThat(sent).isEmpty();
        assertThat(talk.reports).noneMatch(DhtEffect.PeersFound.class::isInstance);
    }

    @Test
    void noDatagramDoesHarm() {
        Random random = new Random(7);
        List<String> bad = List.of(
                "",
                "d",
                "d1:t2:aa1:y1:qe",
                "l".repeat(3000),
                "d1:ad2:id20:abcdefghij01234567891:v" + "l".repeat(100) + "e".repeat(100) + "e1:q4:ping1:t1:a1:y1:qe",
                "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t1:a1:x9000:" + "x".repeat(9000) + "1:y1:qe");
        for (String text : bad) {
            talk.node.received(ANN, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), talk.now);
        }
        assertThat(talk.node.stats().malformed()).isEqualTo(bad.size());
        assertThat(talk.sent()).isEmpty();
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = NodeTalk.encode(new KrpcMessage.Query(
                            NodeTalk.TRANSACTION,
                            PLACE,
                            new Question.GetPeers(PLACE, Want.BOTH, true, true),
                            false,
                            null))
                    .array();
            for (int damage = 0; damage < 3; damage++) {
                bytes[random.nextInt(140)] = (byte) random.nextInt(256);
            }
            talk.node.received(ANN, ByteBuffer.wrap(bytes, 0, 100 + random.nextInt(60)), talk.now);
            talk.sent();
        }
    }

    @Test
    void aNodeOfOneFamilyKnowsNothingOfTheOther() {
        DhtNode four = new DhtNode(PATIENT, Set.of(Family.IPV4), DhtState.NEW, new Random(1), 0);
        four.nodeFound(NodeTalk.at("2001:db8::1"), 0);
        four.received(
                NodeTalk.at("2001:db8::1"),
                NodeTalk.encode(new KrpcMessage.Query(NodeTalk.TRANSACTION, PLACE, new Question.Ping(), false, null)),
                0);
        assertThat(four.poll()).isNull();
        assertThat(four.stats().ipv6()).isNull();
        assertThat(four.id(Family.IPV6)).isEmpty();
    }

    @Test
    void stateIsUsedAgain() {
        NodeId id = NodeId.random(talk.random);
        NodeTalk again = new NodeTalk(PATIENT, new DhtState(id, null, List.of(new NodeInfo(PLACE, ANN))));
        assertThat(NodeTalk.id(again.node)).isEqualTo(id);
        again.node.timeout(again.now);
        assertThat(again.sent()).anySatisfy(send -> assertThat(send.to()).isEqualTo(ANN));
    }

    @Test
    void endsWhatItCannotDo() {
        int find = talk.node.findPeers(PLACE, talk.now);
        int get = talk.node.get(PLACE, Bytes.EMPTY, talk.now);
        int announce = talk.node.announce(PLACE, 6881, false, false, talk.now);
        int scrape = talk.node.scrape(PLACE, talk.now);
        int sample = talk.node.sample(PLACE, talk.now);
        assertThat(talk.sent()).isEmpty();
        assertThat(talk.reports)
                .containsExactly(
                        new DhtEffect.PeersSearched(find, PLACE, new LookupReport(0, 0, 0, List.of())),
                        new DhtEffect.ItemFound(get, PLACE, null),
                        new DhtEffect.Announced(announce, PLACE, 0),
                        new DhtEffect.Scraped(scrape, PLACE, 0, 0),
                        new DhtEffect.Sampled(sample, PLACE, List.of()));
        talk.node.withdraw(PLACE);
    }

    @Test
    void tellsWhoAnswersAPing() {
        int nobody = talk.node.ping(NodeTalk.at("224.0.0.1"), talk.now);
        int silent = talk.node.ping(BOB, talk.now);
        int heard = talk.node.ping(ANN, talk.now);
        for (DhtEffect.Send send : talk.sent()) {
            if (send.to().equals(ANN)) {
                talk.say(ANN, new KrpcMessage.Answer(send.message().transaction(), PLACE, Results.NONE, null, null));
            }
        }
        talk.pass(16);
        talk.sent();
        assertThat(talk.reports)
                .contains(
                        new DhtEffect.Pinged(nobody, NodeTalk.at("224.0.0.1"), null),
                        new DhtEffect.Pinged(silent, BOB, null),
                        new DhtEffect.Pinged(heard, ANN, PLACE));
    }

    @Test
    void searchesBeyondTheBoundEndAtOnce() {
        talk.introduce(ANN, PLACE);
        for (int i = 0; i < Lookups.MAX_ACTIVE + Lookups.MAX_WAITING + 5; i++) {
            talk.node.findPeers(PLACE, talk.now);
        }
        talk.sent();
        assertThat(talk.node.stats().lookups()).isEqualTo(Lookups.MAX_ACTIVE + Lookups.MAX_WAITING);
        assertThat(talk.reports.stream()
                        .filter(DhtEffect.PeersSearched.class::isInstance)
                        .count())
                .isGreaterThanOrEqualTo(5);
    }

    private Bytes token(PeerAddress from) {
        return Objects.requireNonNull(talk.results(from, new Question.GetPeers(PLACE, Want.UNSAID, false, false))
                .token());
    }

    /** Shows that somebody is at his address. */
    private void prove(PeerAddress address) {
        talk.results(address, new Question.AnnouncePeer(NodeId.random(talk.random), 1, false, false, token(address)));
    }
}
