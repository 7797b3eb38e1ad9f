package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtOptions;
import dev.spate.engine.talk.Dial;
import dev.spate.engine.talk.MessageChannel;
import dev.spate.engine.talk.PeerDialer;
import dev.spate.wire.Decoding;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.Reserved;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A torrent that deals with the peers that were named, while everybody else would like to be asked. */
@Timeout(120)
class ExclusiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path folder;

    /**
     * There are a tracker, which knows another seed; the DHT, where that one announces itself; a finder that names it; and the peer that was
     * named is connected to it, and would tell (BEP 11).
     */
    @Test
    void nobodyElseIsAsked() throws Exception {
        AtomicInteger finds = new AtomicInteger();
        try (RecordingTracker tracker = new RecordingTracker();
                Dht node = Dht.open(DhtOptions.at(List.of(ANY_PORT)))) {
            Payload payload =
                    Payload.file("file.bin", 300_001, 1 << 14, it -> it.trackers(List.of(List.of(tracker.httpUrl()))));
            HostPort there =
                    new HostPort("127.0.0.1", node.localAddresses().getFirst().getPort());
            try (FakePeer other = FakePeer.of(payload, channel -> {
                        channel.send(new PeerMessage.HaveNone());
                        channel.next(channel.now() + PATIENCE.toNanos());
                        channel.next(channel.now() + PATIENCE.toNanos());
                    });
                    Session seed = Session.open(settings().build());
                    Session leech = Session.open(settings()
                            .dht(List.of(there))
                            .peerFinder((name, port, found) -> {
                                finds.incrementAndGet();
                                found.accept(List.of(other.address()));
                                return () -> {};
                            })
                            .build())) {
                Torrent source = seed.add(
                        payload.metainfo(),
                        AddOptions.into(payload.writeTo(folder.resolve("seed")))
                                .withoutTrackers()
                                .withPeers(List.of(other.address())));
                Waiting.until(() -> !source.peers().isEmpty());
                int before = other.connections();
                Torrent torrent = leech.add(
                        payload.metainfo(),
                        AddOptions.into(folder.resolve("got")).onlyWith(List.of(peer(seed))));
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

                assertThat(payload.isIn(folder.resolve("got"))).isTrue();
                assertThat(refuses(leech, payload)).isTrue();
                assertThat(other.connections()).isEqualTo(before);
                assertThat(finds).hasValue(0);
                assertThat(tracker.all()).isEmpty();
                assertThat(node.findPeers(payload.metainfo().infoHash().onTheWire())
                                .join()
                                .peers())
                        .isEmpty();
                assertThat(torrent.trackers()).isEmpty();
                assertThat(torrent.peers()).allMatch(peer -> peer.address().equals(peer(seed)));
            }
        }
    }

    @Test
    void aMagnetLinksOwnTrackersAndPeersAreLeftAloneToo() throws Exception {
        try (RecordingTracker tracker = new RecordingTracker()) {
            Payload payload = Payload.file("file.bin", 300_001, 1 << 14);
            try (FakePeer other = FakePeer.silent(payload);
                    Session seed = Session.open(settings().build());
                    Session leech = Session.open(settings().dht(List.of()).build())) {
                seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));
                String link = payload.metainfo().magnet() + "&tr=" + tracker.httpUrl() + "&x.pe=" + other.address();
                Magnet magnet = Magnet.parse(link) instanceof Decoding.Decoded<Magnet>(var read)
                        ? read
                        : Magnet.of(payload.metainfo().infoHash());
                assertThat(magnet.peers()).isNotEmpty();
                assertThat(magnet.trackers()).isNotEmpty();

                Torrent torrent =
                        leech.add(magnet, AddOptions.into(folder.resolve("got")).onlyWith(List.of(peer(seed))));

                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                assertThat(other.connections()).isZero();
                assertThat(tracker.all()).isEmpty();
                assertThat(refuses(leech, payload)).isTrue();
            }
        }
    }

    /** Whether somebody who comes to a session of his own accord is turned away. */
    private static boolean refuses(Session session, Payload payload) {
        if (!(PeerDialer.direct().dial(peer(session), PATIENCE) instanceof Dial.Dialed.Connected(var channel))) {
            return true;
        }
        try (channel) {
            channel.send(new Handshake(
                    Reserved.NONE,
                    payload.metainfo().infoHash().onTheWire(),
                    PeerId.random("-XX0001-", new SplittableRandom())));
            return channel.handshake(channel.now() + PATIENCE.toNanos()) instanceof MessageChannel.Heard.Ended;
        }
    }

    private static PeerAddress peer(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().listen(ANY_PORT);
    }
}
