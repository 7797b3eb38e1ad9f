package dev.spate.classic.descriptor;

import static dev.spate.classic.descriptor.VirtualNetwork.KEY;
import static dev.spate.classic.descriptor.VirtualNetwork.SECOND;
import static dev.spate.classic.descriptor.VirtualNetwork.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.classic.descriptor.VirtualNetwork.Host;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A node among few others, in virtual time. */
class DescriptorNodeTest {
    private final VirtualNetwork network = new VirtualNetwork(0, 7);

    private static Digest hash(int of) {
        byte[] bytes = new byte[20];
        bytes[19] = (byte) of;
        return Digest.of(bytes);
    }

    private static List<PeerAddress> addresses(int from, int to) {
        return IntStream.range(from, to).mapToObj(VirtualNetwork::address).toList();
    }

    private static Message.Call call(Method method, PeerAddress src, String id, @Nullable Extension extension) {
        return new Message.Call(method, src, src, KEY, id, extension);
    }

    private static Extension extension(long mark, int segment) {
        return new Extension(mark, 16, 2, 0, PeerState.LEECH, segment, null, null);
    }

    // ------------------------------------------------------------------ finding and joining

    @Test
    void asksPingsJoinsAndDeclares() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        network.add(2, (PeerState) null, List.of(seed.address));
        Host leech = network.add(3, PeerState.LEECH, List.of(address(2)));
        network.run(3 * SECOND);

        assertThat(leech.told)
                .containsExactly(
                        new NetworkEvent.PeersFound(seed.address, 1),
                        new NetworkEvent.Joined(seed.address, PeerState.SEED, 6001, true));
        assertThat(seed.told)
                .containsExactly(
                        new NetworkEvent.Joined(leech.address, PeerState.IDLE, 6003, false),
                        new NetworkEvent.Declared(leech.address, PeerState.LEECH));
        List<Method> methods = leech.sent.stream()
                .filter(Message.Call.class::isInstance)
                .map(sent -> ((Message.Call) sent).method())
                .toList();
        assertThat(methods).containsExactly(Method.GET_PEERS, Method.PING, Method.JOIN, Method.LEECH);

        leech.node.becomes(PeerState.SEED, network.now);
        leech.settle();
        network.run(SECOND);
        assertThat(seed.told).contains(new NetworkEvent.Declared(leech.address, PeerState.SEED));
    }

    @Test
    void aHolderThatKnowsNobodyAndTheSourceAddEachOther() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        Host leech = network.add(2, PeerState.LEECH, List.of(seed.address));
        network.run(3 * SECOND);
        assertThat(leech.isJoinedWith(seed.address)).isTrue();
        assertThat(seed.isJoinedWith(leech.address)).isTrue();
    }

    @Test
    void leechesThatCameLaterMeetEachOtherThroughTheSeed() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        Host first = network.add(2, PeerState.LEECH, List.of(seed.address));
        network.run(3 * SECOND);
        Host second = network.add(3, PeerState.LEECH, List.of(seed.address));
        network.run(3 * SECOND);
        assertThat(second.isJoinedWith(first.address)).isTrue();
        assertThat(first.isJoinedWith(second.address)).isTrue();
    }

    @Test
    void triesAgainWithLongerWaitsUntilSomebodyComes() {
        Host leech = network.add(3, PeerState.LEECH, List.of(address(1)));
        network.run(100 * SECOND);
        assertThat(leech.told(NetworkEvent.WalkEnded.class)).hasSizeBetween(3, 8);
        network.add(1, PeerState.SEED, List.of());
        assertThat(network.run(70 * SECOND, () -> leech.isJoinedWith(address(1))))
                .isTrue();
    }

    @Test
    void backsOffAndGivesUpOnWhoIsSilent() {
        Host leech = network.add(3, PeerState.LEECH, List.of(address(1)));
        long[] at = new long[2];
        network.run(10 * SECOND, () -> network.datagrams == 2);
        at[0] = network.now;
        network.run(10 * SECOND, () -> network.datagrams == 3);
        at[1] = network.now;
        assertThat(at[0]).isBetween(374 * VirtualNetwork.MILLI, 626 * VirtualNetwork.MILLI);
        assertThat(at[1] - at[0]).isBetween(749 * VirtualNetwork.MILLI, 1251 * VirtualNetwork.MILLI);
        network.run(2200 * VirtualNetwork.MILLI);
        assertThat(network.datagrams).isEqualTo(3 + (leech.told.isEmpty() ? 0 : 1));
        assertThat(leech.node.openCalls()).isLessThanOrEqualTo(1);
    }

    @Test
    void theDeadAreSortedOutAndPeersThatGoAreDropped() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        Host first = network.add(2, PeerState.LEECH, List.of(seed.address));
        network.run(3 * SECOND);
        network.kill(first.address);
        Host second = network.add(3, PeerState.LEECH, List.of(seed.address));
        network.run(10 * SECOND);
        assertThat(second.told).contains(new NetworkEvent.Gone(first.address));
        assertThat(second.isJoinedWith(seed.address)).isTrue();
        network.run(300 * SECOND);
        assertThat(seed.told).contains(new NetworkEvent.Gone(first.address));
        assertThat(seed.isJoinedWith(second.address)).isTrue();
    }

    @Test
    void longAnswersAreFetchedSegmentBySegment() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        for (int i = 10; i < 110; i++) {
            network.add(i, PeerState.LEECH, List.of(seed.address));
            network.run(SECOND);
        }
        Host last = network.add(2, PeerState.LEECH, List.of(seed.address));
        network.run(15 * SECOND);
        assertThat(last.node.peers()).hasSize(101);
    }

    @Test
    void refusalsAreToldInWords() {
        Host seed = network.add(1, new Membership(KEY, hash(1), 1, PeerState.SEED), List.of(), NodeSettings.DEFAULTS);
        Host other = network.add(
                2, new Membership(KEY, hash(2), 2, PeerState.LEECH), List.of(address(1)), NodeSettings.DEFAULTS);
        network.run(3 * SECOND);
        assertThat(other.told).contains(new NetworkEvent.Refused(address(1), Refusal.OTHER_FILE));

        Host bare = network.add(3, (PeerState) null, List.of());
        network.forge(address(50), bare.address, call(Method.JOIN, address(50), "a", extension(0, 0)));
        network.run(SECOND);
        assertThat(bare.sent.getLast())
                .isInstanceOfSatisfying(
                        Message.Reply.class,
                        reply -> assertThat(reply.extension())
                                .extracting(Extension::refusal)
                                .isEqualTo(Refusal.NO_FILE));
        network.forge(
                address(50),
                address(1),
                new Message.Call(Method.JOIN, address(50), address(50), HashKey.of("other"), "b", extension(0, 0)));
        network.run(SECOND);
        assertThat(seed.sent.getLast())
                .isInstanceOfSatisfying(
                        Message.Reply.class,
                        reply -> assertThat(reply.extension())
                                .extracting(Extension::refusal)
                                .isEqualTo(Refusal.OTHER_KEY));
    }

    // ------------------------------------------------------------------ with the original

    @Test
    void anOriginalFindsAndJoinsUs() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        network.add(2, (PeerState) null, List.of(seed.address));
        OriginalNode original = network.addOriginal(3, List.of(address(2)));
        original.begin();
        network.run(2 * SECOND);
        assertThat(original.found).containsExactly(seed.address);
        original.joinAll();
        network.run(2 * SECOND);
        assertThat(seed.isJoinedWith(original.address)).isTrue();
        // We have joined it back, in order to see that it is there.
        assertThat(original.joinedBy).containsExactly(seed.address);
        assertThat(seed.told).contains(new NetworkEvent.Joined(original.address, PeerState.IDLE, 0, false));
    }

    @Test
    void weFindAndJoinOriginalsThroughOriginals() {
        OriginalNode holder = network.addOriginal(1, List.of(address(9)));
        holder.peers.add(holder.address);
        network.addOriginal(2, List.of(holder.address));
        Host leech = network.add(3, PeerState.LEECH, List.of(address(2)));
        network.run(10 * SECOND);
        assertThat(leech.isJoinedWith(holder.address)).isTrue();
        assertThat(holder.joinedBy).contains(leech.address);
        assertThat(leech.told).contains(new NetworkEvent.Joined(holder.address, PeerState.IDLE, 0, true));
    }

    @Test
    void aWalkOfAnOriginalThroughUsReachesAnOriginal() {
        OriginalNode holder = network.addOriginal(1, List.of(address(9)));
        holder.peers.add(address(40));
        network.add(2, (PeerState) null, List.of(holder.address));
        network.add(4, (PeerState) null, List.of(address(2)));
        OriginalNode asker = network.addOriginal(3, List.of(address(4)));
        asker.begin();
        network.run(5 * SECOND);
        assertThat(asker.found).contains(address(40));
    }

    @Test
    void aCircleOfOriginalsEndsWhereItPassesUs() {
        OriginalNode first = network.addOriginal(1, List.of(address(2)));
        OriginalNode second = network.addOriginal(2, List.of(address(3)));
        Host ours = network.add(3, (PeerState) null, List.of(address(1)));
        OriginalNode asker = network.addOriginal(4, List.of(address(1)));
        asker.begin();
        network.run(30 * SECOND);
        assertThat(first.forwards + second.forwards).isLessThan(12);
        assertThat(ours.node.stats().looped()).isPositive();
    }

    @Test
    void whatLiesInAnOriginalsMemoryIsNotTakenForAnExtension() {
        for (int seed = 0; seed < 20; seed++) {
            VirtualNetwork several = new VirtualNetwork(0, seed);
            Host holder = several.add(1, PeerState.SEED, List.of());
            OriginalNode between = several.addOriginal(2, List.of(holder.address));
            Host leech = several.add(3, PeerState.LEECH, List.of(between.address));
            several.run(5 * SECOND);
            assertThat(leech.isJoinedWith(holder.address)).isTrue();
            assertThat(holder.node.stats().malformed() + leech.node.stats().malformed())
                    .isZero();
        }
    }

    // ------------------------------------------------------------------ liars and storms

    @Test
    void aVictimGetsFewAnswersHoweverManyQuestionsNameIt() {
        PeerAddress victim = address(500);
        Host holder = network.add(1, PeerState.SEED, List.of());
        network.run(SECOND);
        for (int i = 0; i < 2000; i++) {
            network.forge(
                    address(600 + i % 300),
                    holder.address,
                    call(Method.GET_PEERS, victim, "x" + i, extension(i + 1, 0)));
        }
        network.run(10 * SECOND);
        assertThat(network.sentTo.get(victim)).isLessThanOrEqualTo(16 + 20);
        assertThat(holder.node.stats().limited() + holder.node.stats().callsIn())
                .isPositive();
    }

    @Test
    void oneWalkIsAnsweredThreeTimesAtMost() {
        PeerAddress victim = address(500);
        Host holder = network.add(1, PeerState.SEED, List.of());
        network.run(SECOND);
        for (int i = 0; i < 12; i++) {
            network.forge(address(600 + i), holder.address, call(Method.GET_PEERS, victim, "x", extension(5, 0)));
        }
        network.run(5 * SECOND);
        assertThat(network.sentTo.get(victim)).isEqualTo(3);
    }

    @Test
    void furtherSegmentsGoOnlyToWhoAsksHimself() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        for (int i = 10; i < 40; i++) {
            network.add(i, PeerState.LEECH, List.of(seed.address));
            network.run(SECOND);
        }
        network.forge(address(600), seed.address, call(Method.GET_PEERS, address(500), "x", extension(5, 1)));
        network.run(SECOND);
        assertThat(network.sentTo).doesNotContainKey(address(500));
        network.forge(address(500), seed.address, call(Method.GET_PEERS, address(500), "x", extension(5, 1)));
        network.run(SECOND);
        assertThat(network.sentTo.get(address(500))).isEqualTo(1);
    }

    @Test
    void aForgedJoinCostsItsVictimTwoDatagramsAndIsToldToNobody() {
        PeerAddress victim = address(500);
        Host seed = network.add(1, PeerState.SEED, List.of());
        network.run(SECOND);
        network.forge(victim, seed.address, call(Method.JOIN, victim, "x", extension(4711, 0)));
        network.run(5 * SECOND);
        assertThat(network.sentTo.get(victim)).isEqualTo(2);
        Host leech = network.add(2, PeerState.LEECH, List.of(seed.address));
        network.run(5 * SECOND);
        assertThat(leech.isJoinedWith(seed.address)).isTrue();
        assertThat(network.sentTo.get(victim)).isEqualTo(2);
        assertThat(seed.isJoinedWith(victim)).isFalse();
    }

    @Test
    void nobodyElseCanAnswerACall() {
        Host leech = network.add(3, PeerState.LEECH, List.of(address(1)));
        network.run(1);
        Message.Call asked = (Message.Call) leech.sent.getFirst();
        Message.Reply forged = new Message.Reply(Method.GET_PEERS, true, List.of(), 0, 0, asked.id(), extension(1, 0));
        network.forge(address(2), leech.address, forged);
        network.forge(
                address(1),
                leech.address,
                new Message.Reply(Method.GET_PEERS, true, List.of(), 0, 0, "another id", extension(1, 0)));
        network.run(200 * VirtualNetwork.MILLI);
        assertThat(leech.node.stats().stray()).isEqualTo(2);
        assertThat(leech.node.openCalls()).isEqualTo(1);
    }

    @Test
    void answersWithoutOurIdAreFew() {
        Host leech = network.add(3, PeerState.LEECH, List.of(address(1)));
        for (int i = 0; i < 20; i++) {
            network.forge(
                    address(700 + i),
                    leech.address,
                    new Message.Reply(
                            Method.GET_PEERS,
                            true,
                            List.of(new ListedPeer(address(800 + i), PeerState.SEED)),
                            0,
                            0,
                            "random value",
                            null));
        }
        network.run(SECOND);
        assertThat(leech.told(NetworkEvent.PeersFound.class)).hasSize(Search.MAX_WEAK);
    }

    @Test
    void aFloodOfOneAddressIsPassedOver() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        network.run(SECOND);
        for (int i = 0; i < 3000; i++) {
            network.forge(address(500), seed.address, call(Method.PING, address(500), "p" + i, extension(0, 0)));
        }
        network.run(SECOND);
        assertThat(network.sentTo.get(address(500))).isLessThan(260);
        assertThat(seed.node.stats().limited()).isGreaterThan(2700);
    }

    @Test
    void strangersMayNotSendUsIntoOurOwnNetwork() {
        PeerAddress stranger = OriginalNode.address("9.9.9.9", 9);
        for (String inside : List.of(
                "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.1.1", "0.0.0.0", "224.0.0.1", "255.255.255.255")) {
            assertThat(Reach.allows(OriginalNode.address(inside, 9000), stranger.ip()))
                    .as(inside)
                    .isFalse();
        }
        assertThat(Reach.allows(
                        OriginalNode.address("10.0.0.1", 1),
                        OriginalNode.address("10.0.0.2", 1).ip()))
                .isTrue();
        assertThat(Reach.allows(
                        OriginalNode.address("127.0.0.1", 1),
                        OriginalNode.address("10.0.0.2", 1).ip()))
                .isFalse();
    }

    @Test
    void rubbishChangesNothing() {
        Host seed = network.add(1, PeerState.SEED, List.of());
        network.run(SECOND);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 1080 : random.nextInt(2000)];
            random.nextBytes(bytes);
            if (i % 4 == 0) {
                ByteBuffer.wrap(bytes)
                        .putInt(8, i % 8 == 0 ? 0x00010000 : 0)
                        .putInt(1056, 0)
                        .putInt(32, 0)
                        .putInt(36, 0);
            }
            seed.node.received(address(900 + i % 50), ByteBuffer.wrap(bytes), network.now);
            seed.settle();
        }
        network.run(SECOND);
        assertThat(seed.node.stats().malformed()).isGreaterThan(1000);
        assertThat(seed.node.peers()).isEmpty();
    }

    /** Random walks, joins and answers of many forged addresses, for an hour: everything that is kept is bounded. */
    @Test
    void anHourOfLiesFitsIntoTheTables() {
        Host seed = network.add(1, PeerState.SEED, addresses(2, 40));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 60_000; i++) {
            PeerAddress liar =
                    PeerAddress.of(new byte[] {8, (byte) random.nextInt(), (byte) random.nextInt(), 1}, 9000);
            Method method = List.copyOf(EnumSet.allOf(Method.class)).get(random.nextInt(5));
            PeerAddress src = PeerAddress.of(new byte[] {7, (byte) random.nextInt(), (byte) random.nextInt(), 1}, 9000);
            HashKey key = random.nextBoolean() ? KEY : HashKey.of("k" + random.nextInt(100_000));
            Message.Call lie = new Message.Call(
                    method, liar, src, key, "l" + i, random.nextBoolean() ? extension(random.nextLong(), 0) : null);
            ByteBuffer bytes = ByteBuffer.allocate(Datagrams.LENGTH);
            Datagrams.encode(lie, bytes);
            network.now += 60 * VirtualNetwork.MILLI;
            seed.node.received(liar, bytes.flip(), network.now);
            while (seed.node.poll() != null) {
                // Nobody is there to take it.
            }
            if (seed.node.deadline() <= network.now) {
                seed.node.timeout(network.now);
            }
            assertThat(seed.node.openCalls()).isLessThanOrEqualTo(Calls.MAX_OPEN);
        }
        assertThat(seed.node.peers()).isEmpty();
    }
}
