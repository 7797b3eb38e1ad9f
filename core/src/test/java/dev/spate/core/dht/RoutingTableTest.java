package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.SecureIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final NodeId OWN = NodeId.ofHex("8000000000000000000000000000000000000000");

    private final Random random = new Random(1);

    /** The nearest nodes, against a sort of all that are in the table. */
    @Test
    void findsTheSameAsASortOfAll() {
        for (int seed = 0; seed < 30; seed++) {
            Random seeded = new Random(seed);
            NodeId own = NodeId.random(seeded);
            RoutingTable table = new RoutingTable(own, 0);
            int nodes = seeded.nextInt(2000);
            for (int i = 0; i < nodes; i++) {
                NodeId id = seeded.nextBoolean() ? NodeId.random(seeded) : near(own, seeded);
                table.answered(new NodeInfo(id, MemoryDht.address(i)), i);
            }
            List<NodeInfo> all = table.nodes();
            assertThat(all).hasSize(table.size());
            for (int i = 0; i < 50; i++) {
                NodeId target = seeded.nextBoolean() ? NodeId.random(seeded) : near(own, seeded);
                int count = 1 + seeded.nextInt(12);
                List<NodeInfo> expected = all.stream()
                        .sorted((a, b) -> target.compareDistance(a.id(), b.id()))
                        .limit(count)
                        .toList();
                assertThat(table.closest(target, count)).as("seed " + seed).isEqualTo(expected);
            }
        }
    }

    /** Whatever happens: no bucket too full, no owner twice, nobody who never answered, and the counts are right. */
    @Test
    void keepsItsRulesWhateverHappens() {
        for (int seed = 0; seed < 30; seed++) {
            Random seeded = new Random(seed);
            RoutingTable table = new RoutingTable(OWN, 0);
            NodeId own = OWN;
            List<NodeInfo> known = new ArrayList<>();
            Set<NodeInfo> answered = new HashSet<>();
            for (int i = 0; i < 3000; i++) {
                long now = i * SECOND;
                NodeInfo any = known.isEmpty() || seeded.nextInt(3) == 0
                        ? new NodeInfo(near(own, seeded), MemoryDht.address(seeded.nextInt(500)))
                        : known.get(seeded.nextInt(known.size()));
                known.add(any);
                switch (seeded.nextInt(10)) {
                    case 0, 1, 2, 3 -> {
                        table.answered(any, now);
                        answered.add(any);
                    }
                    case 4, 5, 6 -> table.silent(any.address(), now);
                    case 7, 8 -> table.asked(any.address(), any.id(), now);
                    default -> {
                        if (seeded.nextInt(50) == 0) {
                            own = NodeId.random(seeded);
                            table.move(own, now);
                        }
                    }
                }
                if (i % 20 == 0) {
                    check(table, own, answered);
                }
            }
        }
    }

    private static void check(RoutingTable table, NodeId own, Set<NodeInfo> answered) {
        List<NodeInfo> nodes = table.nodes();
        assertThat(table.size()).isEqualTo(nodes.size());
        assertThat(answered).containsAll(nodes);
        assertThat(table.spares()).isBetween(0, RoutingTable.MAX_SPARES * table.buckets());
        int[] perBucket = new int[table.buckets()];
        Set<Object> places = new HashSet<>();
        Set<NodeId> ids = new HashSet<>();
        for (NodeInfo node : nodes) {
            assertThat(node.id()).isNotEqualTo(own);
            assertThat(places.add(Addresses.place(node.address()))).isTrue();
            assertThat(ids.add(node.id())).isTrue();
            perBucket[Math.min(own.commonPrefix(node.id()), table.buckets() - 1)]++;
        }
        assertThat(Arrays.stream(perBucket).max().orElse(0)).isLessThanOrEqualTo(RoutingTable.K);
    }

    @Test
    void knowsItsNeighbourhoodBest() {
        RoutingTable table = new RoutingTable(OWN, 0);
        for (int i = 0; i < 100; i++) {
            table.answered(new NodeInfo(OWN.randomWithPrefix(0, random), MemoryDht.address(i)), 0);
        }
        assertThat(table.size()).isEqualTo(8);
        assertThat(table.spares()).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            table.answered(new NodeInfo(OWN.randomWithPrefix(90, random), MemoryDht.address(1000 + i)), 0);
        }
        assertThat(table.size()).isEqualTo(16);
    }

    @Test
    void aSecureIdTakesTheSeatOfAnother() {
        RoutingTable table = new RoutingTable(OWN, 0);
        for (int i = 0; i < 9; i++) {
            table.answered(new NodeInfo(insecure(MemoryDht.address(i)), MemoryDht.address(i)), 0);
        }
        assertThat(table.size()).as("the far half is full, one waits").isEqualTo(8);
        List<NodeInfo> before = table.nodes();
        table.answered(new NodeInfo(insecure(MemoryDht.address(50)), MemoryDht.address(50)), 1);
        assertThat(table.nodes()).isEqualTo(before);
        NodeInfo secure = secure(100);
        while (OWN.commonPrefix(secure.id()) > 0) {
            secure = secure(100);
        }
        table.answered(secure, 1);
        assertThat(table.nodes()).contains(secure).hasSize(8);
        assertThat(table.spares()).as("who had to rise waits").isEqualTo(3);
    }

    @Test
    void theSecondSilenceCostsTheSeatIfSomebodyWaits() {
        RoutingTable table = new RoutingTable(OWN, 0);
        for (int i = 0; i < 9; i++) {
            table.answered(
                    new NodeInfo(OWN.randomWithPrefix(0, random), PeerAddress.of(new byte[] {127, 0, 0, 1}, i + 1)), 0);
        }
        NodeInfo first = table.nodes().getFirst();
        table.silent(first.address(), SECOND);
        assertThat(table.nodes()).contains(first);
        assertThat(table.closest(first.id(), 8)).doesNotContain(first);
        table.silent(first.address(), SECOND);
        assertThat(table.nodes()).doesNotContain(first).hasSize(8);
        assertThat(table.spares()).isZero();
    }

    @Test
    void nobodyIsLostWhileNobodyAnswers() {
        RoutingTable table = new RoutingTable(OWN, 0);
        NodeInfo node = secure(1);
        table.answered(node, 0);
        for (int i = 0; i < 10; i++) {
            table.silent(node.address(), 100 * SECOND);
        }
        assertThat(table.size()).as("our own line may be down").isOne();
        table.answered(secure(2), 200 * SECOND);
        table.silent(node.address(), 201 * SECOND);
        assertThat(table.nodes()).doesNotContain(node);
    }

    @Test
    void aGoodNodeKeepsItsPlaceFromItsNeighbours() {
        RoutingTable table = new RoutingTable(OWN, 0);
        NodeInfo node = secure(1);
        table.answered(node, 0);
        NodeInfo other = new NodeInfo(NodeId.random(random), node.address().withPort(7000));
        table.answered(other, SECOND);
        assertThat(table.nodes()).containsExactly(node);
        table.answered(other, TableNode.GOOD_NANOS);
        assertThat(table.nodes()).as("once it is questionable").containsExactly(other);
        NodeInfo renamed = new NodeInfo(NodeId.random(random), other.address());
        table.answered(renamed, TableNode.GOOD_NANOS);
        assertThat(table.nodes()).as("the same place, with a new id").containsExactly(renamed);
    }

    @Test
    void askingProvesNothing() {
        RoutingTable table = new RoutingTable(OWN, 0);
        NodeInfo node = secure(1);
        assertThat(table.asked(node.address(), node.id(), 0)).isTrue();
        assertThat(table.asked(node.address(), OWN, 0)).isFalse();
        assertThat(table.size()).isZero();
        table.answered(node, 0);
        assertThat(table.asked(node.address(), node.id(), TableNode.GOOD_NANOS - 1))
                .isFalse();
        assertThat(table.mostQuestionable(TableNode.GOOD_NANOS))
                .as("it has asked since")
                .isNull();
        assertThat(table.mostQuestionable(2 * TableNode.GOOD_NANOS)).isNotNull();
    }

    @Test
    void aBucketWithoutChangeIsRefreshed() {
        RoutingTable table = new RoutingTable(OWN, 0);
        table.answered(secure(1), 0);
        assertThat(table.toRefresh(random, TableNode.GOOD_NANOS - 1)).isNull();
        assertThat(table.toRefresh(random, TableNode.GOOD_NANOS)).isNotNull();
        assertThat(table.toRefresh(random, TableNode.GOOD_NANOS))
                .as("not twice")
                .isNull();
    }

    private NodeInfo secure(int number) {
        PeerAddress address = MemoryDht.address(number);
        return new NodeInfo(SecureIds.make(address.ip(), random), address);
    }

    private NodeId insecure(PeerAddress address) {
        NodeId id = OWN.randomWithPrefix(0, random);
        while (SecureIds.allows(address.ip(), id)) {
            id = OWN.randomWithPrefix(0, random);
        }
        return id;
    }

    private static NodeId near(NodeId own, RandomGenerator random) {
        return own.randomWithPrefix(Math.min(159, random.nextInt(12) + random.nextInt(12)), random);
    }
}
