package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Peers that send bad data: they are found out, the honest are not accused, and one honest seed suffices. */
class SwarmHostileTest {
    private static final PieceLayout LAYOUT = new PieceLayout(30L * 65536, 65536);
    private static final long HOUR = 3600 * MemoryNetwork.SECONDS;

    private final MemoryNetwork network = new MemoryNetwork(LAYOUT, 5);

    /** Says that it has everything and sends something else, as often as the chance says. */
    private static MemoryNode hostile(MemoryNode node, double chance, long seed) {
        Random random = new Random(seed);
        node.content = block -> random.nextDouble() < chance ? 1000 + random.nextInt(1000) : MemoryNode.GOOD;
        return node;
    }

    @Test
    void whoSendsOnlyBadDataIsBannedAtOnce() {
        MemoryNode bad = hostile(network.seed(), 1, 1);
        MemoryNode leech = network.leech();
        network.startAll();
        network.introduceAllTo(leech);
        network.run(120 * MemoryNetwork.SECONDS);

        assertThat(leech.banned()).containsExactly(bad.address);
        assertThat(leech.closes()).containsExactly(Kind.CORRUPT_DATA);
        assertThat(leech.swarm.stats(network.now).corruptBytes()).isEqualTo(65536);
        assertThat(leech.dials).as("never dialed again").isEqualTo(1);
        assertThat(bad.dials).as("it tries to come back").isPositive();
        assertThat(leech.events)
                .filteredOn(event -> event instanceof SwarmEvent.PeerRefused)
                .hasSize(bad.dials)
                .allMatch(event -> ((SwarmEvent.PeerRefused) event).reason().kind() == Kind.BANNED);
        assertThat(leech.buffers).isEmpty();
    }

    @Test
    void aBadPeerAmongGoodOnesIsFoundOutByItsBlocks() {
        for (double chance : new double[] {0.02, 0.1, 0.5, 1}) {
            for (long seed = 0; seed < 5; seed++) {
                MemoryNetwork swarm = new MemoryNetwork(LAYOUT, seed);
                MemoryNode bad = hostile(swarm.seed(), chance, seed);
                for (int i = 0; i < 3; i++) {
                    swarm.seed().uploadBytesPerSecond = 2_000_000;
                }
                bad.uploadBytesPerSecond = 2_000_000;
                MemoryNode leech = swarm.leech();
                swarm.startAll();
                swarm.introduceAllTo(leech);

                assertThat(swarm.runUntil(leech::isComplete, HOUR))
                        .as("chance %s, seed %d", chance, seed)
                        .isTrue();
                assertThat(leech.banned()).isSubsetOf(List.of(bad.address));
                if (leech.swarm.stats(swarm.now).corruptBytes() > 0) {
                    assertThat(leech.banned()).contains(bad.address);
                }
            }
        }
    }

    @Test
    void oneHonestSeedSufficesAmongManyBadOnes() {
        for (long seed = 0; seed < 5; seed++) {
            MemoryNetwork swarm = new MemoryNetwork(LAYOUT, seed);
            List<PeerAddress> bad = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                bad.add(hostile(swarm.seed(), i % 3 == 0 ? 0.05 : 0.7, seed * 100 + i).address);
            }
            MemoryNode honest = swarm.seed();
            honest.uploadBytesPerSecond = 1_000_000;
            MemoryNode leech = swarm.leech();
            swarm.startAll();
            swarm.introduceAllTo(leech);

            assertThat(swarm.runUntil(leech::isComplete, HOUR))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(leech.banned()).isSubsetOf(bad).doesNotContain(honest.address);
        }
    }

    @Test
    void honestPeersBehindTheSameAddressAreNotBannedWithABadOne() {
        byte[] ip = {127, 0, 0, 1};
        MemoryNode bad = hostile(network.node(PieceSet.full(LAYOUT.pieces()), PeerAddress.of(ip, 1001)), 0.5, 1);
        for (int i = 0; i < 3; i++) {
            network.node(PieceSet.full(LAYOUT.pieces()), PeerAddress.of(ip, 2000 + i));
        }
        List<MemoryNode> leeches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            leeches.add(network.node(new PieceSet(LAYOUT.pieces()), PeerAddress.of(ip, 3000 + i)));
        }
        network.startAll();
        network.introduceAll();

        assertThat(network.runUntil(() -> leeches.stream().allMatch(MemoryNode::isComplete), HOUR))
                .isTrue();
        for (MemoryNode leech : leeches) {
            for (PeerAddress banned : leech.banned()) {
                // An incoming connection is known by another port.
                assertThat(banned.port() == 1001 || banned.port() >= 40000).isTrue();
            }
            if (leech.swarm.stats(network.now).corruptBytes() > 0) {
                assertThat(leech.closes()).contains(Kind.CORRUPT_DATA);
            }
        }
        assertThat(bad.banned()).isEmpty();
    }

    @Test
    void aLeechThatPassesGoodDataOnIsNotBlamedForItsSource() {
        MemoryNode bad = hostile(network.seed(), 0.3, 3);
        network.seed().uploadBytesPerSecond = 500_000;
        List<MemoryNode> leeches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            leeches.add(network.leech());
        }
        network.startAll();
        network.introduceAll();

        assertThat(network.runUntil(() -> leeches.stream().allMatch(MemoryNode::isComplete), HOUR))
                .isTrue();
        for (MemoryNode leech : leeches) {
            for (PeerAddress banned : leech.banned()) {
                assertThat(banned.ip()).isEqualTo(bad.address.ip());
            }
        }
    }

    @Test
    void blocksThatNobodyAskedForAreDroppedAndEndTheConnection() {
        Stage stage = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));
        int peer = stage.connect(1);
        BlockRange block = LAYOUT.block(0, 0);
        for (int i = 0; i < 1000 && stage.isOpen(peer); i++) {
            assertThat(stage.swarm.blockArriving(peer, block, stage.now).isWanted())
                    .isFalse();
            stage.drain();
        }
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.UNREQUESTED);
    }
}
