package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.queue.QueueLimits;
import dev.spate.wire.Decoding;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Magnet;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real torrents that stand still, each for a reason of its own. */
@Timeout(120)
class DiagnoseTest {
    private final Payload payload = Payload.file("file.bin", 100_000, 1 << 14);

    @TempDir
    private Path folder;

    private static Session session() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }

    private AddOptions options() {
        return AddOptions.into(folder.resolve("leech"));
    }

    private static PeerAddress nobody() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new PeerAddress(gone.getInetAddress(), gone.getLocalPort());
        }
    }

    private static void await(Torrent torrent, Hindrance... reasons) {
        Waiting.until(() -> torrent.diagnose().equals(List.of(reasons)));
    }

    @Test
    void aloneInTheWorld() {
        try (Session session = session()) {
            Torrent torrent = session.add(payload.metainfo(), options());
            await(torrent, new Hindrance.NobodyToAsk());
            torrent.pause();
            await(torrent, new Hindrance.Paused());
            session.remove(torrent, false).join();
            await(torrent, new Hindrance.Ended());
        }
    }

    @Test
    void inTheQueue() {
        try (Session session = session()) {
            session.rules().setQueueLimits(new QueueLimits(0, 0, 0));
            Torrent torrent = session.add(payload.metainfo(), options());
            await(torrent, new Hindrance.Queued(false, 0, 0));
        }
    }

    @Test
    void aMagnetLinkWithoutPeers() {
        try (Session session = session()) {
            if (Magnet.parse("magnet:?xt=urn:btih:"
                            + payload.metainfo().infoHash().v1())
                    instanceof Decoding.Decoded<Magnet>(var magnet)) {
                await(session.add(magnet, options()), new Hindrance.NobodyToAsk());
            } else {
                throw new AssertionError();
            }
        }
    }

    @Test
    void aMagnetLinkThatTheDhtDoesNotKnow() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Session known = Session.open(inTheDht());
                Session alone = Session.open(inTheDht(new HostPort("127.0.0.1", silent.getLocalPort())));
                Session session = Session.open(inTheDht(new HostPort(
                        "127.0.0.1",
                        known.dht().orElseThrow().localAddresses().getFirst().getPort())))) {
            Magnet magnet = Magnet.of(payload.metainfo().infoHash());
            await(alone.add(magnet, options()), new Hindrance.DhtUnreachable());
            await(session.add(magnet, options()), new Hindrance.DhtKnowsNobody(1));
        }
    }

    private static SessionSettings inTheDht(HostPort... routers) {
        return SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .dht(List.of(routers))
                .build();
    }

    @Test
    void aTrackerThatRefuses() throws Exception {
        try (RecordingTracker tracker = new RecordingTracker();
                Session session = session()) {
            tracker.refuse("unregistered torrent");
            Torrent torrent = session.add(payload.metainfo(), options().withTrackers(List.of(tracker.httpUrl())));
            await(torrent, new Hindrance.TrackerRefuses(tracker.httpUrl(), "unregistered torrent"));
        }
    }

    @Test
    void aPeerThatIsNotThere() throws Exception {
        PeerAddress gone = nobody();
        try (Session session = session()) {
            Torrent torrent = session.add(payload.metainfo(), options().withPeers(List.of(gone)));
            Waiting.until(() -> torrent.diagnose().stream()
                    .anyMatch(reason -> reason instanceof Hindrance.PeersUnreachable(int addresses, String why)
                            && addresses == 1
                            && why.contains("refused")));
        }
    }

    @Test
    void aPeerOnTheList() throws Exception {
        PeerAddress gone = nobody();
        try (Session session = session()) {
            session.setIpFilter(IpBlockList.read(Files.writeString(folder.resolve("list"), "127.0.0.0/8\n")));
            Torrent torrent = session.add(payload.metainfo(), options().withPeers(List.of(gone)));
            await(torrent, new Hindrance.NobodyToAsk(), new Hindrance.ShutOutByFilter(1));
        }
    }

    @Test
    void filesInTheWay() throws Exception {
        Files.createDirectories(folder.resolve("leech"));
        Files.writeString(folder.resolve("leech/file.bin"), "mine");
        try (Session session = session()) {
            Torrent torrent = session.add(payload.metainfo(), options());
            Waiting.until(() -> torrent.state() == TorrentState.FAILED);
            assertThat(torrent.diagnose()).singleElement().satisfies(reason -> {
                assertThat(reason).isInstanceOf(Hindrance.Failed.class);
                assertThat(reason.sentence()).contains("file.bin");
                assertThat(reason.remedy()).contains("choose another folder");
            });
        }
    }

    @Test
    void peersThatHaveNothingEither() throws Exception {
        try (Session one = session();
                Session other = session()) {
            Torrent there = one.add(payload.metainfo(), options());
            Torrent here = other.add(
                    payload.metainfo(),
                    AddOptions.into(folder.resolve("other"))
                            .withPeers(List.of(new PeerAddress(
                                    InetAddress.getLoopbackAddress(),
                                    one.listenAddresses().getFirst().getPort()))));
            int pieces = payload.metainfo().layout().pieces();
            await(here, new Hindrance.NobodyHas(pieces, pieces, 0));
            assertThat(there.diagnose()).isEqualTo(here.diagnose());
        }
    }
}
