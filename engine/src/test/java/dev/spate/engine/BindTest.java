package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.tracker.AnnounceEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are bound to an interface, which the test lets go and come; all of 127.0.0.0/8 is ours on Linux. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class BindTest {
    private static final Duration GLANCE = Duration.ofMillis(5);
    private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.61");
    private static final InetAddress TWO = InetAddress.ofLiteral("127.0.0.62");

    @TempDir
    private Path folder;

    private volatile List<InetAddress> present = List.of(ONE);

    private final Payload payload = Payload.file("file.bin", 300_000, 1 << 15);

    @BeforeAll
    static void theLoopbackInterfaceIsWide() throws IOException {
        new ServerSocket(0, 1, ONE).close();
    }

    private Session session(SessionSettings.Builder settings) {
        return Session.open(
                settings.bind("tun0").build(),
                name -> {
                    assertThat(name).isEqualTo("tun0");
                    if (present.isEmpty()) {
                        throw new IOException("there is no network interface " + name);
                    }
                    return present;
                },
                GLANCE);
    }

    @Test
    void everythingLeavesFromTheAddressThatIsBoundTo() throws Exception {
        CompletableFuture<PeerAddress> seen = new CompletableFuture<>();
        try (RecordingTracker tracker = new RecordingTracker();
                Session seed = loopback();
                Session leech = session(SessionSettings.builder());
                Subscription _ = seed.subscribe(event -> {
                    if (event instanceof Event.PeerConnected up) {
                        seen.complete(up.peer());
                    }
                })) {
            assertThat(leech.listenAddresses())
                    .singleElement()
                    .satisfies(address -> assertThat(address.getAddress()).isEqualTo(ONE));
            seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));
            leech.add(
                    payload.metainfo(),
                    AddOptions.into(Files.createDirectories(folder.resolve("leech")))
                            .withTrackers(List.of(tracker.httpUrl(), tracker.udpUrl()))
                            .withPeers(List.of(
                                    PeerAddress.of(seed.listenAddresses().getFirst()))));
            assertThat(seen.get(60, TimeUnit.SECONDS).ip()).isEqualTo(ONE);
            assertThat(tracker.next(AnnounceEvent.STARTED).port())
                    .isEqualTo(leech.listenAddresses().getFirst().getPort());
        }
    }

    @Test
    void whenTheInterfaceGoesConnectionsAndDoorsGoAndTheyComeWithTheNextAddress() throws Exception {
        BlockingQueue<PeerAddress> seen = new LinkedBlockingQueue<>();
        Set<String> reasons = ConcurrentHashMap.newKeySet();
        try (Session other = loopback();
                Session bound = session(SessionSettings.builder());
                Subscription _ = other.subscribe(event -> {
                    if (event instanceof Event.PeerConnected up) {
                        seen.add(up.peer());
                    }
                });
                Subscription _ = bound.subscribe(event -> {
                    if (event instanceof Event.PeerDisconnected down) {
                        reasons.add(down.reason());
                    }
                })) {
            int port = bound.listenAddresses().getFirst().getPort();
            List<PeerAddress> peers =
                    List.of(PeerAddress.of(other.listenAddresses().getFirst()));
            // Neither has anything, so that neither closes.
            other.add(payload.metainfo(), AddOptions.into(Files.createDirectories(folder.resolve("other"))));
            Torrent torrent = bound.add(
                    payload.metainfo(),
                    AddOptions.into(Files.createDirectories(folder.resolve("bound")))
                            .withPeers(peers));
            assertThat(seen.poll(60, TimeUnit.SECONDS))
                    .satisfies(peer -> assertThat(peer.ip()).isEqualTo(ONE));

            present = List.of();
            // The other may have dialed us as well, and found that once is enough.
            Waiting.until(() -> reasons.stream().anyMatch(reason -> reason.contains("local address is gone")));
            Waiting.until(() -> bound.listenAddresses().isEmpty());

            present = List.of(TWO);
            Waiting.until(() -> bound.listenAddresses().equals(List.of(new InetSocketAddress(TWO, port))));
            torrent.addPeers(peers);
            assertThat(seen.poll(60, TimeUnit.SECONDS))
                    .satisfies(peer -> assertThat(peer.ip()).isEqualTo(TWO));
        }
    }

    @Test
    void severalAddressesShareAPort() {
        present = List.of(ONE, TWO);
        try (Session session = session(SessionSettings.builder())) {
            List<InetSocketAddress> addresses = session.listenAddresses();
            assertThat(addresses).extracting(InetSocketAddress::getAddress).containsExactly(ONE, TWO);
            assertThat(addresses.getFirst().getPort())
                    .isEqualTo(addresses.getLast().getPort());
        }
    }

    @Test
    void anAddressThatIsNotTheInterfacesIsNotListenedAt() {
        try (Session session = session(
                SessionSettings.builder().listen(new InetSocketAddress(TWO, 0), new InetSocketAddress(ONE, 0)))) {
            assertThat(session.listenAddresses())
                    .extracting(InetSocketAddress::getAddress)
                    .containsExactly(ONE);
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsSaidAtOnce() {
        SessionSettings settings =
                SessionSettings.builder().bind("no-such-interface").build();
        assertThatThrownBy(() -> Session.open(settings))
                .isInstanceOf(SpateException.NoInterface.class)
                .hasMessageContaining("no-such-interface");
    }

    private static Session loopback() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }
}
