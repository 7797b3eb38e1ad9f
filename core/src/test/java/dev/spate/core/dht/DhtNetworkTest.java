package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.SecureIds;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole networks of nodes under virtual time. */
class DhtNetworkTest {
    private static final NodeId PLACE = NodeId.ofHex("00112233445566778899aabbccddeeff00112233");

    private final MemoryDht net = new MemoryDht(1);

    @Test
    void twoNodesFindEachOthersPeers() {
        List<MemoryDht.Host> hosts = net.grow(2);
        MemoryDht.Host ann = hosts.getFirst();
        MemoryDht.Host bob = hosts.getLast();
        assertThat(ann.node.state().nodes()).hasSize(1);
        ann.node.announce(PLACE, 7000, false, false, net.now);
        ann.settle();
        net.run(Duration.ofSeconds(5));
        assertThat(ann.last(DhtEffect.Announced.class).nodes()).isOne();
        assertThat(NodeTalk.ipv4(bob.node).storedPeers()).isOne();
        ann.node.findPeers(PLACE, net.now);
        ann.settle();
        net.run(Duration.ofSeconds(5));
        assertThat(ann.last(DhtEffect.PeersFound.class).peers()).containsExactly(ann.address.withPort(7000));
    }

    @Test
    void twoNodesWhoKnowOnlyEachOtherBringTheirSwarmsTogether() {
        MemoryDht.Host ann = net.add(MemoryDht.address(0), null);
        ann.node.announce(PLACE, 7000, false, true, net.now);
        ann.settle();
        net.run(Duration.ofSeconds(1));
        MemoryDht.Host bob = net.add(MemoryDht.address(1), ann);
        bob.node.announce(PLACE, 7001, false, false, net.now);
        bob.settle();
        net.run(Duration.ofSeconds(5));
        assertThat(bob.last(DhtEffect.PeersFound.class).peers()).containsExactly(ann.address.withPort(7000));
        assertThat(ann.last(DhtEffect.PeersFound.class).peers()).containsExactly(bob.address.withPort(7001));
        assertThat(ann.reports(DhtEffect.Joined.class)).isNotEmpty();
    }

    @Test
    void whoFollowsASwarmIsToldOfItsPeersAndAnnouncedToNobody() {
        List<MemoryDht.Host> hosts = net.grow(3);
        hosts.getFirst().node.follow(PLACE, net.now);
        hosts.getFirst().settle();
        hosts.get(1).node.announce(PLACE, 7001, false, false, net.now);
        hosts.get(1).settle();
        net.run(Duration.ofMinutes(20));
        assertThat(hosts.getFirst().last(DhtEffect.PeersFound.class).peers())
                .containsExactly(hosts.get(1).address.withPort(7001));
        assertThat(hosts.getFirst().reports(DhtEffect.PeersSearched.class)).hasSize(2);
        assertThat(hosts.get(1).reports(DhtEffect.PeersFound.class))
                .as("it meets only itself")
                .allSatisfy(found -> assertThat(found.peers())
                        .containsExactly(hosts.get(1).address.withPort(7001)));
    }

    @Test
    void aHundredNodesFindTheNearestAndWhatIsStoredThere() throws GeneralSecurityException {
        List<MemoryDht.Host> hosts = net.grow(100);
        NodeId any = NodeId.random(net.random);
        MemoryDht.Host asker = hosts.get(17);
        asker.node.findPeers(any, net.now);
        asker.settle();
        net.run(Duration.ofSeconds(20));
        DhtEffect.PeersSearched searched = asker.last(DhtEffect.PeersSearched.class);
        assertThat(searched.report().closest()).isEqualTo(nearest(hosts, any, asker));
        assertThat(searched.report().queries()).isLessThan(40);

        announce(hosts.subList(0, 10));
        asker.node.findPeers(PLACE, net.now);
        asker.settle();
        net.run(Duration.ofSeconds(20));
        List<PeerAddress> found = new ArrayList<>();
        asker.reports(DhtEffect.PeersFound.class).forEach(report -> found.addAll(report.peers()));
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(hosts.subList(0, 10).stream()
                        .map(host -> host.address.withPort(7000))
                        .toList());

        asker.node.scrape(PLACE, net.now);
        asker.settle();
        net.run(Duration.ofSeconds(20));
        DhtEffect.Scraped scraped = asker.last(DhtEffect.Scraped.class);
        assertThat(scraped.seeds()).isZero();
        assertThat(scraped.peers()).isEqualTo(10);

        asker.node.sample(PLACE, net.now);
        asker.settle();
        net.run(Duration.ofSeconds(20));
        assertThat(asker.last(DhtEffect.Sampled.class).infoHashes()).containsExactly(PLACE);

        items(hosts);
    }

    private void announce(List<MemoryDht.Host> announcing) {
        for (MemoryDht.Host host : announcing) {
            host.node.announce(PLACE, 7000, false, false, net.now);
            host.settle();
        }
        net.run(Duration.ofSeconds(30));
        for (MemoryDht.Host host : announcing) {
            assertThat(host.last(DhtEffect.Announced.class).nodes()).isEqualTo(8);
        }
    }

    private void items(List<MemoryDht.Host> hosts) throws GeneralSecurityException {
        // Long enough that no stranger gets it before he has shown that he is at his address.
        DhtItem.Immutable fixed = DhtItem.immutable(BencodeString.of("x".repeat(900)));
        put(hosts.get(3), fixed, null);
        assertThat(hosts.get(3).last(DhtEffect.ItemStored.class).nodes()).isEqualTo(8);
        assertThat(get(hosts.get(77), fixed.target(), Bytes.EMPTY)).isEqualTo(fixed);

        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Bytes salt = Bytes.ofText("feed");
        DhtItem.Mutable one = DhtItem.Mutable.sign(keys, salt, 1, BencodeString.of("one"));
        DhtItem.Mutable two = DhtItem.Mutable.sign(keys, salt, 2, BencodeString.of("two"));
        put(hosts.get(3), one, null);
        put(hosts.get(4), two, 1L);
        assertThat(hosts.get(4).last(DhtEffect.ItemStored.class).nodes()).isEqualTo(8);
        assertThat(get(hosts.get(78), one.target(), salt)).isEqualTo(two);
        assertThat(get(hosts.get(78), one.target(), Bytes.EMPTY))
                .as("the wrong salt")
                .isNull();
        put(hosts.get(3), one, null);
        DhtEffect.ItemStored late = hosts.get(3).last(DhtEffect.ItemStored.class);
        assertThat(late.nodes())
                .as("but for a node that has not heard of the second")
                .isLessThan(3);
        assertThat(late.newer()).isEqualTo(two);
    }

    @Test
    void whoKeepsAnItemHimselfNeedsItsSaltToo() throws GeneralSecurityException {
        List<MemoryDht.Host> hosts = net.grow(2);
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Bytes salt = Bytes.ofText("feed");
        DhtItem.Mutable item = DhtItem.Mutable.sign(keys, salt, 1, BencodeString.of("one"));
        put(hosts.getFirst(), item, null);
        assertThat(hosts.getFirst().last(DhtEffect.ItemStored.class).nodes()).isEqualTo(1);

        assertThat(get(hosts.getLast(), item.target(), salt)).isEqualTo(item);
        assertThat(get(hosts.getLast(), item.target(), Bytes.EMPTY)).isNull();
    }

    private void put(MemoryDht.Host host, DhtItem item, @Nullable Long cas) {
        host.node.put(item, cas, net.now);
        host.settle();
        net.run(Duration.ofSeconds(40));
    }

    private @Nullable DhtItem get(MemoryDht.Host host, NodeId target, Bytes salt) {
        host.node.get(target, salt, net.now);
        host.settle();
        net.run(Duration.ofSeconds(40));
        return host.last(DhtEffect.ItemFound.class).item();
    }

    @Test
    void announcesGoOnUntilTheyAreWithdrawn() {
        List<MemoryDht.Host> hosts = net.grow(20);
        MemoryDht.Host host = hosts.get(5);
        host.node.announce(PLACE, 7000, false, true, net.now);
        host.settle();
        net.run(Duration.ofHours(2));
        int rounds = host.reports(DhtEffect.Announced.class).size();
        assertThat(rounds).isBetween(8, 10);
        host.node.withdraw(PLACE);
        net.run(Duration.ofHours(1));
        assertThat(host.reports(DhtEffect.Announced.class)).hasSize(rounds);
        assertThat(hosts).allMatch(any -> NodeTalk.ipv4(any.node).storedPeers() == 0);
    }

    @Test
    void publishedItemsOutliveTheNodesThatHadThem() {
        List<MemoryDht.Host> hosts = net.grow(40);
        DhtItem.Immutable item = DhtItem.immutable(BencodeString.of("here"));
        hosts.getFirst().node.publish(item, net.now);
        hosts.getFirst().settle();
        net.run(Duration.ofMinutes(1));
        hosts.stream()
                .filter(host -> host != hosts.getFirst() && host.node.stats().storedItems() > 0)
                .forEach(host -> host.off = true);
        net.run(Duration.ofHours(3));
        MemoryDht.Host reader =
                hosts.stream().filter(host -> !host.off).toList().getLast();
        assertThat(get(reader, item.target(), Bytes.EMPTY)).isEqualTo(item);
        assertThat(hosts.getFirst().reports(DhtEffect.ItemStored.class)).hasSizeBetween(3, 5);
    }

    @Test
    void tablesForgetTheDeadAndRestartedNodesComeBack() {
        List<MemoryDht.Host> hosts = net.grow(60);
        for (MemoryDht.Host host : hosts.subList(0, 30)) {
            host.off = true;
        }
        net.run(Duration.ofHours(2));
        List<PeerAddress> dead =
                hosts.subList(0, 30).stream().map(host -> host.address).toList();
        long remaining = hosts.subList(30, 60).stream()
                .flatMap(host -> host.node.state().nodes().stream())
                .filter(node -> dead.contains(node.address()))
                .count();
        assertThat(remaining).isZero();

        MemoryDht.Host before = hosts.get(40);
        before.off = true;
        MemoryDht.Host after = net.add(before.address, DhtSettings.DEFAULTS, before.node.state());
        net.run(Duration.ofMinutes(1));
        assertThat(NodeTalk.ipv4(after.node).nodes())
                .isGreaterThan(NodeTalk.ipv4(before.node).nodes() / 2);
    }

    @Test
    void idsSettleWhereAddressesSay() {
        List<MemoryDht.Host> hosts = net.grow(30);
        net.run(Duration.ofMinutes(10));
        for (MemoryDht.Host host : hosts) {
            NodeId id = NodeTalk.id(host.node);
            assertThat(SecureIds.allows(host.address.ip(), id)).isTrue();
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        List<Long> datagrams = new ArrayList<>();
        List<List<DhtState>> states = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            MemoryDht one = new MemoryDht(5);
            List<MemoryDht.Host> hosts = one.grow(30);
            one.run(Duration.ofMinutes(20));
            datagrams.add(one.datagrams);
            states.add(hosts.stream().map(host -> host.node.state()).toList());
        }
        assertThat(datagrams.getFirst()).isEqualTo(datagrams.getLast());
        assertThat(states.getFirst()).isEqualTo(states.getLast());
    }

    private static List<NodeInfo> nearest(List<MemoryDht.Host> hosts, NodeId target, MemoryDht.Host but) {
        return hosts.stream()
                .filter(host -> host != but)
                .map(DhtNetworkTest::info)
                .sorted((a, b) -> target.compareDistance(a.id(), b.id()))
                .limit(8)
                .toList();
    }

    private static NodeInfo info(MemoryDht.Host host) {
        NodeId id = NodeTalk.id(host.node);
        return new NodeInfo(id, host.address);
    }
}
