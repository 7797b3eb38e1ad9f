package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.BloomFilter;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.Results;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerStoreTest {
    private static final long SECOND = 1_000_000_000L;

    private record Known(PeerAddress peer, boolean seed, long second) {}

    /** The same announces to a store and to plain maps. */
    @ParameterizedTest
    @EnumSource
    void keepsWhatPlainMapsKeep(Family family) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            PeerStore store = new PeerStore(family, 1_000_000, random, 0);
            List<NodeId> infoHashes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                infoHashes.add(NodeId.random(random));
            }
            Map<NodeId, Map<InetAddress, Known>> model = new LinkedHashMap<>();
            long second = 0;
            for (int i = 0; i < 2000; i++) {
                second += random.nextInt(10);
                NodeId infoHash = infoHashes.get(random.nextInt(5));
                PeerAddress peer = peer(family, random.nextInt(300), 1 + random.nextInt(65535));
                boolean isSeed = random.nextBoolean();
                store.put(infoHash, peer, isSeed, second * SECOND);
                model.computeIfAbsent(infoHash, any -> new LinkedHashMap<>())
                        .put(peer.ip(), new Known(peer, isSeed, second));
                if (i % 50 == 0) {
                    long limit = second - PeerStore.LIFETIME_SECONDS;
                    for (NodeId any : infoHashes) {
                        List<Known> expected = model.getOrDefault(any, Map.of()).values().stream()
                                .filter(known -> known.second >= limit)
                                .toList();
                        assertThat(store.some(any, 10_000, false, second * SECOND))
                                .containsExactlyInAnyOrderElementsOf(
                                        expected.stream().map(Known::peer).toList());
                        assertThat(store.some(any, 10_000, true, second * SECOND))
                                .containsExactlyInAnyOrderElementsOf(expected.stream()
                                        .filter(known -> !known.seed)
                                        .map(Known::peer)
                                        .toList());
                        checkFilters(store.filters(any, second * SECOND), expected);
                    }
                    long alive = model.values().stream()
                            .flatMap(swarm -> swarm.values().stream())
                            .filter(known -> known.second >= limit)
                            .count();
                    store.forgetOld(second * SECOND);
                    assertThat(store.peers()).isEqualTo((int) alive);
                }
            }
        }
    }

    private static void checkFilters(Results.@Nullable Filters filters, List<Known> expected) {
        if (expected.isEmpty()) {
            assertThat(filters).isNull();
            return;
        }
        BloomFilter seeds = new BloomFilter();
        BloomFilter others = new BloomFilter();
        expected.forEach(known -> (known.seed ? seeds : others).add(known.peer.ip()));
        assertThat(filters).isEqualTo(new Results.Filters(seeds.toBytes(), others.toBytes()));
    }

    @Test
    void choosesSomeAtRandom() {
        PeerStore store = new PeerStore(Family.IPV4, 1000, new Random(1), 0);
        NodeId infoHash = NodeId.of(new byte[20]);
        for (int i = 0; i < 500; i++) {
            store.put(infoHash, peer(Family.IPV4, i, 1), false, 0);
        }
        HashSet<PeerAddress> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            List<PeerAddress> some = store.some(infoHash, 10, false, 0);
            assertThat(some).hasSize(10).doesNotHaveDuplicates();
            seen.addAll(some);
        }
        assertThat(seen).hasSizeGreaterThan(450);
        assertThat(store.some(infoHash, 0, false, 0)).isEmpty();
    }

    @Test
    void aSwarmIsBoundedByItsOldest() {
        PeerStore store = new PeerStore(Family.IPV4, 100_000, new Random(1), 0);
        NodeId infoHash = NodeId.of(new byte[20]);
        for (int i = 0; i < StoredSwarm.MAX_PEERS + 10; i++) {
            store.put(infoHash, peer(Family.IPV4, i, 1), false, i / 10 * SECOND);
        }
        assertThat(store.peers()).isEqualTo(StoredSwarm.MAX_PEERS);
        assertThat(store.some(infoHash, 10_000, false, 0))
                .doesNotContain(peer(Family.IPV4, 0, 1))
                .contains(peer(Family.IPV4, StoredSwarm.MAX_PEERS + 9, 1));
    }

    @Test
    void theSwarmWithoutNewsMakesRoom() {
        PeerStore store = new PeerStore(Family.IPV4, 10, new Random(1), 0);
        Random random = new Random(2);
        List<NodeId> infoHashes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            infoHashes.add(NodeId.random(random));
            store.put(infoHashes.get(i), peer(Family.IPV4, i, 1), false, i * SECOND);
            store.put(infoHashes.getFirst(), peer(Family.IPV4, 0, 1), false, i * SECOND);
        }
        assertThat(store.peers()).isEqualTo(10);
        assertThat(store.infoHashes()).isEqualTo(10);
        assertThat(store.some(infoHashes.getFirst(), 9, false, 20 * SECOND)).hasSize(1);
        assertThat(store.some(infoHashes.get(5), 9, false, 20 * SECOND)).isEmpty();
        // A single swarm that is larger than the bound.
        for (int i = 0; i < 50; i++) {
            store.put(infoHashes.getLast(), peer(Family.IPV4, i, 1), false, 30 * SECOND);
            assertThat(store.peers()).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void samplesStandForAWhile() {
        PeerStore store = new PeerStore(Family.IPV4, 1000, new Random(1), 0);
        Random random = new Random(2);
        for (int i = 0; i < 100; i++) {
            store.put(NodeId.random(random), peer(Family.IPV4, i, 1), false, 0);
        }
        Results.Samples first = store.samples(0);
        assertThat(first.infoHashes()).hasSize(PeerStore.MAX_SAMPLES).doesNotHaveDuplicates();
        assertThat(first.total()).isEqualTo(100);
        assertThat(first.intervalSeconds()).isEqualTo(PeerStore.SAMPLE_SECONDS);
        assertThat(store.samples(599 * SECOND).infoHashes()).isEqualTo(first.infoHashes());
        assertThat(store.samples(599 * SECOND).intervalSeconds()).isOne();
        assertThat(store.samples(600 * SECOND).infoHashes()).isNotEqualTo(first.infoHashes());
        assertThat(store.samples(1801 * SECOND).total()).isZero();
    }

    /** The target: 64 MiB of heap for 100,000 peers, at their worst, each in a swarm of its own. */
    @Test
    void aHundredThousandPeersTakeLittleMemory() {
        long before = used();
        PeerStore store = new PeerStore(Family.IPV4, 100_000, new Random(1), 0);
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            store.put(NodeId.random(random), peer(Family.IPV4, i, 1), false, 0);
        }
        long taken = used() - before;
        assertThat(store.peers()).isEqualTo(100_000);
        assertThat(taken).isLessThan(64 << 20);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static PeerAddress peer(Family family, int number, int port) {
        return family == Family.IPV4
                ? PeerAddress.of(
                        ByteBuffer.allocate(4).putInt(0x0b000000 + number).array(), port)
                : PeerAddress.of(
                        ByteBuffer.allocate(16)
                                .putInt(0x20010db8)
                                .putInt(12, number)
                                .array(),
                        port);
    }
}
