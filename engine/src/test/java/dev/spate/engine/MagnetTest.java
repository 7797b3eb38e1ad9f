package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Magnet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Torrents that begin with a magnet link, on loopback. */
@Timeout(120)
class MagnetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Payload payload = Payload.file("file.bin", 3_000_001, 1 << 14);

    @Test
    void getsMetadataAndDataOverTheSameConnection() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, payload);
            List<String> events = Collections.synchronizedList(new ArrayList<>());
            leech.subscribe(event -> events.add(event.getClass().getSimpleName()));
            Torrent torrent = leech.add(link(seed), AddOptions.into(folder.resolve("leech")));
            assertThat(torrent.infoHash()).isEqualTo(payload.metainfo().infoHash());

            assertThat(torrent.awaitMetadata(PATIENCE)).isTrue();
            assertThat(torrent.metainfo().infoBytes())
                    .isEqualTo(payload.metainfo().infoBytes());
            assertThat(torrent.metadata().join()).isEqualTo(torrent.metainfo());
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            assertThat(List.copyOf(events)).contains("MetadataReceived").containsOnlyOnce("PeerConnected");
        }
    }

    /** A folder of thousands of files has metadata of many pieces. */
    @Test
    void getsLongMetadata() throws Exception {
        Payload many = Payload.folder("top", Collections.nCopies(3000, 10), 1 << 14);
        assertThat(many.metainfo().infoBytes().length).isGreaterThan(3 << 14);
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, many);
            Magnet magnet = Magnet.of(many.metainfo().infoHash());
            Torrent torrent =
                    leech.add(magnet, AddOptions.into(folder.resolve("leech")).withPeers(List.of(address(seed))));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(many.isIn(folder.resolve("leech"))).isTrue();
        }
    }

    @Test
    void isNobodyUntilItsMetadataIsThere() throws Exception {
        try (Session leech = session()) {
            Torrent torrent = leech.add(Magnet.of(payload.metainfo().infoHash()), AddOptions.into(folder));

            assertThat(torrent.state()).isEqualTo(TorrentState.FETCHING_METADATA);
            assertThat(torrent.name()).isEqualTo(payload.metainfo().infoHash().toString());
            assertThat(torrent.hasMetadata()).isFalse();
            assertThat(torrent.awaitMetadata(Duration.ZERO)).isFalse();
            assertThatThrownBy(torrent::metainfo).isInstanceOf(IllegalStateException.class);
            assertThat(torrent.stats().pieces()).isZero();
            assertThat(torrent.files()).isEmpty();
            assertThat(torrent.peers()).isEmpty();
            assertThat(torrent.trackers()).isEmpty();
            assertThat(torrent.availability()).isEmpty();
            torrent.recheck();
            torrent.announce();

            leech.remove(torrent, true).get(30, TimeUnit.SECONDS);
            assertThat(torrent.state()).isEqualTo(TorrentState.REMOVED);
            assertThatThrownBy(() -> torrent.awaitMetadata(PATIENCE)).isInstanceOf(SpateException.Closed.class);
            assertThat(torrent.completion()).isCompletedExceptionally();
        }
    }

    @Test
    void pausesAndResumesWithoutMetadata() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, payload);
            Torrent torrent = leech.add(
                    link(seed), AddOptions.into(folder.resolve("leech")).startPaused());
            awaitState(leech, torrent, TorrentState.PAUSED);
            assertThat(torrent.hasMetadata()).isFalse();

            torrent.resume();

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
        }
    }

    @Test
    void stopsAtTheMetadataIfNothingElseIsWanted() throws Exception {
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, payload);
            Torrent torrent = leech.add(
                    link(seed), AddOptions.into(folder.resolve("leech")).metadataOnly());

            assertThat(torrent.awaitMetadata(PATIENCE)).isTrue();
            awaitState(leech, torrent, TorrentState.PAUSED);
            assertThat(torrent.name()).isEqualTo("file.bin");
            assertThat(folder.resolve("leech")).doesNotExist();

            torrent.resume();
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void aRestartDoesNotAskForTheMetadataAgain() throws Exception {
        SessionSettings settings =
                settings().stateFolder(folder.resolve("state")).build();
        Magnet magnet = Magnet.of(payload.metainfo().infoHash());
        try (Session first = Session.open(settings)) {
            Torrent torrent = first.add(magnet, AddOptions.into(folder.resolve("leech")));
            awaitFile(first, torrent, folder.resolve("state").resolve(magnet.infoHash() + ".magnet"));
        }
        try (Session seed = session();
                Session second = Session.open(settings)) {
            assertThat(second.rememberedMagnets()).containsExactly(magnet);
            seed(seed, payload);
            Torrent torrent =
                    second.add(magnet, AddOptions.into(folder.resolve("leech")).withPeers(List.of(address(seed))));
            assertThat(torrent.awaitMetadata(PATIENCE)).isTrue();
        }
        try (Session third = Session.open(settings)) {
            assertThat(third.rememberedMagnets()).isEmpty();
            Torrent torrent = third.add(magnet, AddOptions.into(folder.resolve("leech")));

            assertThat(torrent.awaitMetadata(PATIENCE))
                    .as("nobody is there to ask")
                    .isTrue();

            third.remove(torrent, true).get(30, TimeUnit.SECONDS);
        }
        try (Session fourth = Session.open(settings)) {
            Torrent torrent = fourth.add(magnet, AddOptions.into(folder.resolve("leech")));
            assertThat(torrent.hasMetadata()).as("removed, hence forgotten").isFalse();
        }
    }

    /** Two leeches with magnet links: the second gets the metadata from the first, who got it from the seed and told of the other. */
    @Test
    void metadataIsGivenOn() throws Exception {
        try (Session seed = session();
                Session first = session();
                Session second = session()) {
            seed(seed, payload);
            Torrent one = first.add(link(seed), AddOptions.into(folder.resolve("one")));
            assertThat(one.awaitCompletion(PATIENCE)).isTrue();
            Torrent other = second.add(link(first), AddOptions.into(folder.resolve("two")));

            assertThat(other.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(folder.resolve("two"))).isTrue();
        }
    }

    @Test
    void refusesWhatItCannotTransfer() {
        Magnet v2 = Magnet.of(new InfoHash(null, Digest.of(new byte[32])));
        try (Session session = session()) {
            assertThatThrownBy(() -> session.add(v2, AddOptions.into(folder)))
                    .isInstanceOf(SpateException.Unsupported.class);
            session.add(Magnet.of(payload.metainfo().infoHash()), AddOptions.into(folder));
            assertThatThrownBy(() -> session.add(payload.metainfo(), AddOptions.into(folder)))
                    .isInstanceOf(SpateException.Duplicate.class);
        }
    }

    private Magnet link(Session peer) {
        InetSocketAddress there = peer.listenAddresses().getFirst();
        return new Magnet(
                payload.metainfo().infoHash(),
                "a film",
                List.of(),
                List.of(),
                List.of(new HostPort(there.getAddress().getHostAddress(), there.getPort())),
                List.of());
    }

    private static PeerAddress address(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }

    private void seed(Session session, Payload content) throws Exception {
        Path place = content.writeTo(folder.resolve("seed" + content.metainfo().infoHash()));
        Torrent torrent = session.add(content.metainfo(), AddOptions.into(place));
        assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
    }

    private static void awaitFile(Session session, Torrent torrent, Path file) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file) && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(file).exists();
        assertThat(session.torrents()).contains(torrent);
    }

    private static void awaitState(Session session, Torrent torrent, TorrentState state) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        try (var _ = session.subscribe(event -> {
            if (event instanceof Event.StateChanged(var _, var now) && now == state) {
                reached.countDown();
            }
        })) {
            if (torrent.state() != state) {
                assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    private static Session session() {
        return Session.open(settings().build());
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}
