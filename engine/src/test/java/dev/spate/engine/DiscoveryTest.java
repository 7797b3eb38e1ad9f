package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtOptions;
import dev.spate.engine.dht.Found;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.UdpGroup;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.lsd.LocalAnnounce;
import dev.spate.wire.metainfo.Magnet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swarms that come together without trackers, on loopback. */
@Timeout(120)
class DiscoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", 300_001, 1 << 14);
    private final Digest name = payload.metainfo().infoHash().onTheWire();

    @Test
    void twoWhoKnowOnlyEachOthersDhtNode() throws Exception {
        try (Session seed = Session.open(settings().dht(List.of()).build())) {
            seed(seed, payload);
            try (Session leech =
                    Session.open(settings().dht(List.of(node(seed))).build())) {
                Magnet magnet = Magnet.of(payload.metainfo().infoHash());
                Torrent torrent = leech.add(magnet, AddOptions.into(folder.resolve("leech")));

                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

                assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            }
        }
    }

    /** It can announce itself to nobody, and looks for others all the same. */
    @Test
    void whoeverListensNowhereFindsOthers() throws Exception {
        try (Session seed = Session.open(settings().dht(List.of()).build())) {
            seed(seed, payload);
            var hidden = SessionSettings.builder().listen().dht(List.of(node(seed)));
            try (Session leech = Session.open(hidden.build())) {
                Torrent torrent = leech.add(payload.metainfo(), AddOptions.into(folder.resolve("leech")));

                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            }
        }
    }

    @Test
    void aNodeThatAPeerOrATorrentNamesIsMet() throws Exception {
        try (Dht third = Dht.open(DhtOptions.at(List.of(ANY_PORT)));
                Session seed = Session.open(settings().dht(List.of()).build());
                Session leech = Session.open(settings().dht(List.of()).build())) {
            InetSocketAddress place = third.localAddresses().getFirst();
            HostPort there = new HostPort("127.0.0.1", place.getPort());
            Payload named = Payload.file("file.bin", 300_001, 1 << 14, it -> it.nodes(List.of(there)));
            seed(seed, named);
            Torrent torrent = leech.add(
                    Magnet.of(payload.metainfo().infoHash()),
                    AddOptions.into(folder.resolve("leech")).withPeers(List.of(peer(seed))));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(third.joined()).as("the torrent's nodes are told").succeedsWithin(PATIENCE);
            assertThat(leech.dht().orElseThrow().joined())
                    .as("by a PORT message")
                    .succeedsWithin(PATIENCE);
        }
    }

    @Test
    void aPrivateTorrentIsToldToNobody() throws Exception {
        Payload secret = Payload.file("secret.bin", 20_000, 1 << 14, it -> it.isPrivate(true));
        try (Dht neighbour = Dht.open(DhtOptions.at(List.of(ANY_PORT)));
                Session session = Session.open(settings()
                        .dht(List.of(new HostPort(
                                "127.0.0.1",
                                neighbour.localAddresses().getFirst().getPort())))
                        .build())) {
            seed(session, secret);
            seed(session, payload);
            // The public one was announced after the private one.
            awaitAnnounce(neighbour, name);
            assertThat(neighbour.findPeers(secret.metainfo().infoHash().onTheWire()))
                    .succeedsWithin(PATIENCE)
                    .extracting(Found::peers)
                    .isEqualTo(List.of());
        }
    }

    @Test
    void neighboursFindEachOther() throws Exception {
        try (Session seed = Session.open(settings().localDiscovery(true).build());
                Session leech = Session.open(settings().localDiscovery(true).build())) {
            Torrent waiting =
                    leech.add(Magnet.of(payload.metainfo().infoHash()), AddOptions.into(folder.resolve("leech")));
            seed(seed, payload);

            assertThat(waiting.awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void neighboursAreToldOfWhatIsNotPrivate() throws Exception {
        Payload secret = Payload.file("secret.bin", 20_000, 1 << 14, it -> it.isPrivate(true));
        List<Digest> heard = Collections.synchronizedList(new ArrayList<>());
        try (Lane lane = Lane.start("listener");
                UdpGroup group = lane.join(
                        new InetSocketAddress("239.192.152.143", 6771),
                        List.of(NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())),
                        (socket, from, datagram) -> {
                            if (LocalAnnounce.decode(datagram)
                                    instanceof Decoding.Decoded<LocalAnnounce>(var announce)) {
                                heard.addAll(announce.infoHashes());
                            }
                        });
                Session session = Session.open(settings().localDiscovery(true).build())) {
            seed(session, secret);
            seed(session, payload);

            Waiting.until(() -> heard.contains(name));

            assertThat(heard).doesNotContain(secret.metainfo().infoHash().onTheWire());
            assertThat(group.interfaces()).hasSize(1);
        }
    }

    @Test
    void aPausedTorrentIsLookedForNoMore() throws Exception {
        try (Dht neighbour = Dht.open(DhtOptions.at(List.of(ANY_PORT)));
                Session session = Session.open(settings().dht(List.of()).build())) {
            Torrent torrent = seed(session, payload);
            torrent.pause();
            Waiting.until(() -> torrent.state() == TorrentState.PAUSED);
            session.dht().orElseThrow().addNode(neighbour.localAddresses().getFirst());
            assertThat(neighbour.joined()).succeedsWithin(PATIENCE);
            assertThat(neighbour.findPeers(name))
                    .succeedsWithin(PATIENCE)
                    .extracting(Found::peers)
                    .isEqualTo(List.of());

            torrent.resume();

            awaitAnnounce(neighbour, name);
        }
    }

    @Test
    void theNodesAreRememberedInTheStateFolder() throws Exception {
        Path state = folder.resolve("state");
        try (Dht neighbour = Dht.open(DhtOptions.at(List.of(ANY_PORT)))) {
            HostPort there = new HostPort(
                    "127.0.0.1", neighbour.localAddresses().getFirst().getPort());
            try (Session session = Session.open(
                    settings().stateFolder(state).dht(List.of(there)).build())) {
                assertThat(session.dht().orElseThrow().joined()).succeedsWithin(PATIENCE);
            }
            assertThat(Files.size(state.resolve("dht.state"))).isPositive();
            try (Session session =
                    Session.open(settings().stateFolder(state).dht(List.of()).build())) {
                assertThat(session.dht().orElseThrow().joined()).succeedsWithin(PATIENCE);
            }
        }
    }

    @Test
    void thereIsNoDhtUnlessItIsAskedForAndNeverAroundAProxy() {
        try (Session session = Session.open(settings().build())) {
            assertThat(session.dht()).isEmpty();
        }
        SessionSettings.Builder around =
                settings().proxy(URI.create("socks5://127.0.0.1:1")).dht(List.of());
        assertThatThrownBy(around::build).hasMessageContaining("DHT").hasMessageContaining("proxy");
        SessionSettings.Builder too =
                settings().proxy(URI.create("socks5://127.0.0.1:1")).localDiscovery(true);
        assertThatThrownBy(too::build).hasMessageContaining("proxy");
    }

    /** It listens nowhere then, as what it is bound to does not have that address. */
    @Test
    void whoeverIsBoundElsewhereThanItListensHasANodeAllTheSame() {
        try (Session session =
                Session.open(settings().bind("127.0.0.2").dht(List.of()).build())) {
            assertThat(session.listenAddresses()).isEmpty();
            assertThat(session.dht().orElseThrow().localAddresses())
                    .extracting(place -> place.getAddress().getHostAddress())
                    .containsExactly("127.0.0.2");
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (Dht other = Dht.open(DhtOptions.at(List.of(ANY_PORT)))) {
            InetSocketAddress taken = other.localAddresses().getFirst();
            SessionSettings wish =
                    SessionSettings.builder().listen(taken).dht(List.of()).build();
            assertThatThrownBy(() -> Session.open(wish))
                    .isInstanceOf(SpateException.CannotListen.class)
                    .hasMessageContaining(String.valueOf(taken.getPort()));
        }
    }

    /** Waits until somebody announces the swarm at a node. */
    private static void awaitAnnounce(Dht at, Digest name) {
        Waiting.until(() -> !at.findPeers(name).join().peers().isEmpty());
    }

    private static HostPort node(Session session) {
        return new HostPort(
                "127.0.0.1",
                session.dht().orElseThrow().localAddresses().getFirst().getPort());
    }

    private static PeerAddress peer(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }

    private Torrent seed(Session session, Payload content) throws Exception {
        Path place = content.writeTo(folder.resolve("seed" + content.metainfo().infoHash()));
        Torrent torrent = session.add(content.metainfo(), AddOptions.into(place));
        assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        return torrent;
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().listen(ANY_PORT);
    }
}
