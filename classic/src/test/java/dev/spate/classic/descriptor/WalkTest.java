package dev.spate.classic.descriptor;

import static dev.spate.classic.descriptor.VirtualNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Walks over whole networks that lose datagrams and have dead nodes in them. */
class WalkTest {
    private static final int NODES = 200;
    private static final int NEIGHBOURS = 6;
    private static final int RUNS = 200;

    /** What one walk, with all its repetitions, came to. */
    private record Outcome(boolean found, long datagrams, long nanos) {}

    @Test
    void findsAHolderAmongTwoHundredNodesOfWhichATenthIsDead() {
        for (int holders : new int[] {5, 1}) {
            long[] datagrams = new long[RUNS];
            long[] millis = new long[RUNS];
            int found = 0;
            for (int seed = 0; seed < RUNS; seed++) {
                Outcome outcome = walk(holders, seed);
                found += outcome.found() ? 1 : 0;
                datagrams[seed] = outcome.datagrams();
                millis[seed] = outcome.nanos() / VirtualNetwork.MILLI;
            }
            Arrays.sort(datagrams);
            Arrays.sort(millis);
            System.out.printf(
                    "walks over %d nodes, %d holders, 10 %% loss, 10 %% dead: %d of %d found one (%.2f %%);"
                            + " datagrams median %d, 99 %% %d, most %d; time median %d ms, 99 %% %d ms%n",
                    NODES,
                    holders,
                    found,
                    RUNS,
                    100.0 * found / RUNS,
                    datagrams[RUNS / 2],
                    datagrams[RUNS * 99 / 100],
                    datagrams[RUNS - 1],
                    millis[RUNS / 2],
                    millis[RUNS * 99 / 100]);
            assertThat(found).isGreaterThan(RUNS * 99 / 100);
            // Each node passes a walk on once, to each neighbour at most, three tries and a receipt each; three walks.
            assertThat(datagrams[RUNS - 1]).isLessThan(3L * NODES * NEIGHBOURS * 4);
            assertThat(datagrams[RUNS / 2]).isLessThan(NODES * 12L);
        }
    }

    private static Outcome walk(int holders, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualNetwork network = new VirtualNetwork(0.1, seed);
        for (int i = 0; i < NODES; i++) {
            List<PeerAddress> neighbours = neighbours(i, random);
            if (i < holders || random.nextInt(10) != 0) {
                network.add(i, i < holders ? PeerState.SEED : null, neighbours);
            }
        }
        // The holders' own walks are over, and so are their rests far from beginning.
        network.run(30 * SECOND);
        long before = network.datagrams;
        long begin = network.now;
        VirtualNetwork.Host seeker = network.add(NODES, PeerState.LEECH, neighbours(NODES, random));
        boolean found = network.run(30 * SECOND, () -> !seeker.node.peers().isEmpty());
        long took = network.now - begin;
        network.run(10 * SECOND);
        return new Outcome(found, network.datagrams - before, took);
    }

    private static List<PeerAddress> neighbours(int of, SplittableRandom random) {
        Set<PeerAddress> chosen = new LinkedHashSet<>();
        while (chosen.size() < NEIGHBOURS) {
            int other = random.nextInt(NODES);
            if (other != of) {
                chosen.add(VirtualNetwork.address(other));
            }
        }
        return new ArrayList<>(chosen);
    }

    @Test
    void aChainIsWalkedToItsEndAndNoFurtherThanTheHopLimit() {
        for (int length : new int[] {12, 30}) {
            VirtualNetwork network = new VirtualNetwork(0, 1);
            network.add(length, PeerState.SEED, List.of());
            for (int i = length - 1; i > 0; i--) {
                network.add(i, (PeerState) null, List.of(VirtualNetwork.address(i + 1)));
            }
            VirtualNetwork.Host seeker = network.add(0, PeerState.LEECH, List.of(VirtualNetwork.address(1)));
            network.run(20 * SECOND);
            assertThat(seeker.node.peers().isEmpty()).isEqualTo(length > NodeSettings.DEFAULTS.hops() + 1);
        }
    }

    @Test
    void aRingOfNodesThatKnowNothingComesToRest() {
        VirtualNetwork network = new VirtualNetwork(0, 1);
        for (int i = 1; i <= 20; i++) {
            network.add(
                    i,
                    (PeerState) null,
                    List.of(VirtualNetwork.address(i % 20 + 1), VirtualNetwork.address((i + 6) % 20 + 1)));
        }
        network.forge(
                VirtualNetwork.address(99), VirtualNetwork.address(1), walk(VirtualNetwork.address(99), 255, 255));
        network.run(60 * SECOND);
        // Each node asks each of its neighbours at most once, and each is acknowledged.
        assertThat(network.datagrams).isLessThanOrEqualTo(1 + 1 + 20 * 2 * 2);
        long rested = network.datagrams;
        network.run(600 * SECOND);
        assertThat(network.datagrams).isEqualTo(rested);
    }

    private static Message walk(PeerAddress src, int hops, int fanOut) {
        return new Message.Call(
                Method.GET_PEERS,
                src,
                src,
                VirtualNetwork.KEY,
                "an id",
                new Extension(77, hops, fanOut, 0, null, 0, null, null));
    }
}
