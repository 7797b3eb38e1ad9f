package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists from files, and sessions that obey them. */
@Timeout(120)
class IpBlockListTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path folder;

    private IpBlockList list(String text) throws IOException {
        return IpBlockList.read(Files.writeString(folder.resolve("list"), text));
    }

    @Test
    void readsPlainAndPackedFiles() throws IOException {
        String text = "# mine\n10.0.0.0/8\nnonsense\n";
        Path packed = folder.resolve("list.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        for (IpBlockList read : List.of(list(text), IpBlockList.read(packed))) {
            assertThat(read.blocks(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
            assertThat(read.blocks(LOOPBACK)).isFalse();
            assertThat(read.ranges()).isEqualTo(1);
            assertThat(read.lines()).isEqualTo(3);
            assertThat(read.badLines()).isEqualTo(1);
            assertThat(read.firstBadLines()).singleElement().asString().startsWith("line 3: ");
        }
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> IpBlockList.read(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        SpateException.Storage.class,
                        failure -> assertThat(failure.trouble()).isEqualTo(StorageTrouble.MISSING));
    }

    @Test
    void aCallerOnTheListIsRefusedBeforeAWordIsSaid() throws Exception {
        try (Session session = session()) {
            session.setIpFilter(list("127.0.0.0/8"));
            try (Socket caller =
                    new Socket(LOOPBACK, session.listenAddresses().getFirst().getPort())) {
                assertThat(caller.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(session.stats().refusedByFilter()).isEqualTo(1);
        }
    }

    @Test
    void aListThatComesLateClosesConnections() throws Exception {
        Payload payload = Payload.file("file.bin", 30_000, 1 << 14);
        try (Session seed = session();
                Session leech = session()) {
            // Both have nothing, so that neither has a reason of its own to close.
            seed.add(payload.metainfo(), AddOptions.into(Files.createDirectories(folder.resolve("empty"))));
            CompletableFuture<PeerAddress> connected = new CompletableFuture<>();
            // One that came before the other had looked at its files was closed for that.
            Set<String> reasons = ConcurrentHashMap.newKeySet();
            try (Subscription _ = leech.subscribe(event -> {
                switch (event) {
                    case Event.PeerConnected up -> connected.complete(up.peer());
                    case Event.PeerDisconnected down -> reasons.add(down.reason());
                    default -> {}
                }
            })) {
                leech.add(
                        payload.metainfo(),
                        AddOptions.into(Files.createDirectories(folder.resolve("leech")))
                                .withPeers(List.of(
                                        PeerAddress.of(seed.listenAddresses().getFirst()))));
                connected.get(60, TimeUnit.SECONDS);

                leech.setIpFilter(list("127.0.0.1"));
                Waiting.until(() -> reasons.stream().anyMatch(reason -> reason.contains("IP filter")));
            }
        }
    }

    @Test
    void aTorrentThatIsAddedLaterObeysTheListToo() throws Exception {
        Payload payload = Payload.file("file.bin", 30_000, 1 << 14);
        try (Session seed = session();
                Session leech = session()) {
            seed.add(payload.metainfo(), AddOptions.into(payload.writeTo(folder.resolve("seed"))));
            leech.setIpFilter(list("127.0.0.1"));
            List<PeerAddress> peers =
                    List.of(PeerAddress.of(seed.listenAddresses().getFirst()));
            Torrent torrent = leech.add(
                    payload.metainfo(),
                    AddOptions.into(Files.createDirectories(folder.resolve("leech")))
                            .withPeers(peers));
            leech.setIpFilter(IpBlockList.none());
            torrent.addPeers(peers);
            assertThat(torrent.awaitCompletion(Duration.ofSeconds(60))).isTrue();
        }
    }

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .build());
    }
}
