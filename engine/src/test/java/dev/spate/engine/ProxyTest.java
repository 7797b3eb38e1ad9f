package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AnnounceEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions behind a proxy: everything goes through it, and nothing at all when it is gone. */
@Timeout(120)
class ProxyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", 2_000_001, 1 << 16);

    @Test
    void aTorrentComesThroughASocksProxy() throws Exception {
        try (RelayingProxy proxy = new RelayingProxy()) {
            comesThrough(proxy, proxy.socks());
        }
    }

    @Test
    void aTorrentComesThroughAnHttpProxy() throws Exception {
        try (RelayingProxy proxy = new RelayingProxy()) {
            comesThrough(proxy, proxy.http());
        }
    }

    private void comesThrough(RelayingProxy proxy, URI uri) throws Exception {
        try (Session seed = seed();
                Session leech =
                        Session.open(SessionSettings.builder().proxy(uri).build())) {
            assertThat(leech.listenAddresses()).isEmpty();
            Torrent torrent = leech.add(payload.metainfo(), leeching(seed));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            // More than once if the seed was not ready yet.
            assertThat(proxy.destinations()).containsOnly("tcp " + address(seed));
        }
    }

    @Test
    void nobodyIsReachedWhenTheProxyIsGone() throws Exception {
        int dead;
        try (ServerSocket port = new ServerSocket(0)) {
            dead = port.getLocalPort();
        }
        CompletableFuture<String> closed = new CompletableFuture<>();
        CompletableFuture<PeerAddress> reached = new CompletableFuture<>();
        try (Session seed = seed();
                Session leech = Session.open(SessionSettings.builder()
                        .proxy(URI.create("socks5://127.0.0.1:" + dead))
                        .build());
                Subscription _ = leech.subscribe(event -> {
                    if (event instanceof Event.PeerDisconnected down) {
                        closed.complete(down.reason());
                    }
                });
                Subscription _ = seed.subscribe(event -> {
                    if (event instanceof Event.PeerConnected up) {
                        reached.complete(up.peer());
                    }
                })) {
            leech.add(payload.metainfo(), leeching(seed));

            assertThat(closed.get(60, TimeUnit.SECONDS)).contains("the proxy cannot be reached");
            assertThat(reached).isNotDone();
        }
    }

    @Test
    void peersMayBeLeftToTheDirectWay() throws Exception {
        try (RelayingProxy proxy = new RelayingProxy();
                Session seed = seed();
                Session leech = Session.open(SessionSettings.builder()
                        .proxy(proxy.socks())
                        .proxyPeers(false)
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .build())) {
            Torrent torrent = leech.add(payload.metainfo(), leeching(seed));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(proxy.destinations()).isEmpty();
        }
    }

    @Test
    void aUdpTrackerIsAskedThroughTheProxyWhichLooksItsNameUp() throws Exception {
        try (RelayingProxy proxy = new RelayingProxy();
                RecordingTracker tracker = new RecordingTracker();
                Session session = Session.open(
                        SessionSettings.builder().proxy(proxy.socks()).build())) {
            String url = tracker.udpUrl().replace("127.0.0.1", RelayingProxy.SECRET_NAME);
            Torrent torrent = session.add(
                    payload.metainfo(), AddOptions.into(leechFolder()).withTrackers(List.of(url)));

            assertThat(tracker.next(AnnounceEvent.STARTED).left()).isEqualTo(2_000_001);
            assertThat(proxy.destinations())
                    .allMatch(destination -> destination.startsWith("udp " + RelayingProxy.SECRET_NAME + ":"));
            assertThat(torrent.infoHash()).isEqualTo(payload.metainfo().infoHash());
        }
    }

    @Test
    void aUdpTrackerIsAskedByItsAddressToo() throws Exception {
        try (RelayingProxy proxy = new RelayingProxy();
                RecordingTracker tracker = new RecordingTracker();
                Session session = Session.open(
                        SessionSettings.builder().proxy(proxy.socks()).build())) {
            assertThat(session.scrape(
                                    tracker.udpUrl(), List.of(payload.metainfo().infoHash()))
                            .get(60, TimeUnit.SECONDS))
                    .hasSize(1);
            assertThat(proxy.destinations()).isNotEmpty();
        }
    }

    @Test
    void aUdpTrackerIsNotAskedAroundAnHttpProxy() throws Exception {
        try (RelayingProxy proxy = new RelayingProxy();
                RecordingTracker tracker = new RecordingTracker();
                Session session = Session.open(
                        SessionSettings.builder().proxy(proxy.http()).build())) {
            assertThatThrownBy(() -> session.scrape(
                                    tracker.udpUrl(), List.of(payload.metainfo().infoHash()))
                            .get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("HTTP proxy");
        }
    }

    @Test
    void aProxyWithoutAnAddressIsSaidAtOnce() {
        SessionSettings settings = SessionSettings.builder()
                .proxy(URI.create("socks5://no-such-host.invalid:1080"))
                .build();
        assertThatThrownBy(() -> Session.open(settings)).isInstanceOf(SpateException.NoProxy.class);
    }

    private Session seed() throws Exception {
        Session seed = Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
        seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));
        return seed;
    }

    private static PeerAddress address(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }

    private Path leechFolder() throws Exception {
        return Files.createDirectories(folder.resolve("leech"));
    }

    private AddOptions leeching(Session seed) throws Exception {
        return AddOptions.into(leechFolder()).withPeers(List.of(address(seed)));
    }
}
