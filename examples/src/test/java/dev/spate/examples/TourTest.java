package dev.spate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.rate.RateLimits;
import dev.spate.engine.AddOptions;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Subscription;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Walks the tour on the loopback interface. */
@Timeout(120)
class TourTest {

    @TempDir
    private Path home;

    private Path torrentFile;
    private byte[] film;

    @BeforeEach
    void makeACinema() throws Exception {
        film = Loopback.write(home.resolve("seed/cinema/film.mkv"), 500_001);
        Loopback.write(home.resolve("seed/cinema/zebra.txt"), 40_000);
        torrentFile = home.resolve("cinema.torrent");
    }

    private Torrent seed(Session session) throws Exception {
        return Loopback.seed(session, home.resolve("seed/cinema"), torrentFile);
    }

    @Test
    void settingsSayWhatTheyShall() {
        SessionSettings plain = Tour.settings(home);
        assertThat(plain.listen()).extracting(InetSocketAddress::getPort).containsExactly(6881, 6881);
        assertThat(plain.stateFolder()).contains(home);
        assertThat(Tour.behindAProxy().proxy()).contains(URI.create("socks5://me:secret@192.0.2.1:1080"));
        assertThat(Tour.behindAProxy().listen()).isEmpty();
        assertThat(Tour.inTheDht().dht()).isPresent();
        assertThat(Tour.onOneInterface("tun0").bind()).isEqualTo(Optional.of("tun0"));
    }

    @Test
    void aMagnetLinkAndEventsAndAFuture() throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        try (Session seed = Session.open(Loopback.settings());
                Session leech = Session.open(Loopback.settings());
                Subscription subscription = Tour.listen(leech, log::add)) {
            Torrent seeded = seed(seed);
            Torrent torrent = Tour.addMagnet(leech, seeded.metainfo().magnet().toString(), home.resolve("downloads"));
            torrent.addPeers(List.of(Loopback.address(seed)));

            assertThat(Tour.whyNot(torrent)).doesNotContain("null");
            assertThat(Tour.whenDone(torrent).join()).isEqualTo(home.resolve("downloads/cinema"));
            assertThat(Tour.wentWrong(torrent)).isEqualTo("complete");
            assertThat(log.take()).isEqualTo("cinema is complete");
            assertThat(subscription.missed()).isZero();
        }
        assertThat(home.resolve("downloads/cinema/film.mkv")).hasBinaryContent(film);
        assertThat(Tour.percentThere(torrentFile, home.resolve("downloads"))).isEqualTo(100);
    }

    @Test
    void aDirectoryOfTheCluster() throws Exception {
        try (Session seed = Session.open(Loopback.settings());
                Session leech = Session.open(Loopback.settingsOf(Tour.withPeersOfTheCluster(
                        SessionSettings.builder(), infoHash -> List.of(Loopback.address(seed)))))) {
            seed(seed);
            Torrent torrent = leech.add(MetainfoFile.read(torrentFile), AddOptions.into(home.resolve("downloads")));
            Tour.whenDone(torrent).join();
            assertThat(Tour.whyNot(torrent)).isEmpty();
        }
        assertThat(home.resolve("downloads/cinema/film.mkv")).hasBinaryContent(film);
    }

    @Test
    void aChoiceOfFilesElsewhereUntilTheyAreComplete() throws Exception {
        try (Session seed = Session.open(Loopback.settings());
                Session leech = Session.open(Loopback.settings())) {
            seed(seed);
            Torrent torrent = Tour.addWithOptions(
                    leech, torrentFile, home.resolve("downloads"), home.resolve("incomplete"), Loopback.address(seed));
            Tour.choose(torrent);
            torrent.completion().join();
            Tour.copyFrom(torrent, home.resolve("copy.mkv"));
            Tour.move(torrent, home.resolve("elsewhere"));

            assertThat(home.resolve("copy.mkv")).hasBinaryContent(film);
            assertThat(home.resolve("elsewhere/cinema/the film.mkv")).hasBinaryContent(film);
            assertThat(home.resolve("elsewhere/cinema/zebra.txt")).doesNotExist();
        }
    }

    @Test
    void limitsQueueAndFilter() throws Exception {
        Path list = Files.writeString(home.resolve("list.txt"), "192.0.2.0/24\nnonsense\n");
        try (Session session = Session.open(Loopback.settings())) {
            Torrent torrent = seed(session);
            Tour.limit(session, torrent);
            Tour.slowerInOfficeHours(session);
            Tour.queue(session, torrent);
            Tour.shutOut(session, list);

            assertThat(session.rules().limits()).isEqualTo(RateLimits.NONE.withUp(2 << 20));
            assertThat(session.rules().groupLimits()).containsOnlyKeys("background");
            assertThat(torrent.rules().group()).contains("background");
            assertThat(session.rules().queueLimits().downloads()).isEqualTo(3);
            assertThat(torrent.rules().isForced()).isTrue();
        }
    }

    @Test
    void aFailureIsSaidInWords() throws Exception {
        try (Session session = Session.open(Loopback.settings())) {
            seed(session);
        }
        Loopback.write(home.resolve("taken/cinema/film.mkv"), 7);
        try (Session session = Session.open(Loopback.settings())) {
            Torrent torrent = session.add(MetainfoFile.read(torrentFile), AddOptions.into(home.resolve("taken")));

            assertThat(Tour.wentWrong(torrent))
                    .startsWith("choose another folder: ")
                    .contains("film.mkv");
            assertThat(torrent.state()).isEqualTo(TorrentState.FAILED);
        }
    }
}
