package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceLayout;
import org.junit.jupiter.api.Test;

class SwarmTransferTest {
    private static final PieceLayout LAYOUT = new PieceLayout(40L * 65536 + 1000, 65536);

    private final MemoryNetwork network = new MemoryNetwork(LAYOUT, 1);

    @Test
    void aLeechGetsEverythingFromASeed() {
        MemoryNode seed = network.seed();
        MemoryNode leech = network.leech();
        network.startAll();
        network.introduceAll();

        assertThat(network.runUntil(leech::isComplete, 60 * MemoryNetwork.SECONDS))
                .isTrue();

        assertThat(leech.swarm.stats(network.now).downloaded()).isEqualTo(LAYOUT.totalLength());
        assertThat(seed.swarm.stats(network.now).uploaded()).isEqualTo(LAYOUT.totalLength());
        assertThat(leech.swarm.stats(network.now).leftBytes()).isZero();
        assertThat(leech.events).contains(new SwarmEvent.Completed());
        assertThat(leech.buffers).isEmpty();
    }

    @Test
    void fiftyPeersComplete() {
        network.seed();
        for (int i = 0; i < 49; i++) {
            network.leech();
        }
        network.startAll();
        network.introduceAll();

        assertThat(network.runUntil(
                        () -> network.nodes.stream().allMatch(MemoryNode::isComplete), 600 * MemoryNetwork.SECONDS))
                .isTrue();
    }
}
