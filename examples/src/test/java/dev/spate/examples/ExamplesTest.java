package dev.spate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.rate.RateLimits;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentFile;
import dev.spate.engine.files.TorrentFileSystems;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example. */
@Timeout(120)
class ExamplesTest {

    @TempDir
    private Path home;

    @Test
    void getsAFile() throws Exception {
        byte[] content = Loopback.write(home.resolve("seed/file.bin"), 1_500_001);
        try (Session seed = Session.open(Loopback.settings());
                Session leech = Session.open(Loopback.settings())) {
            Loopback.seed(seed, home.resolve("seed/file.bin"), home.resolve("file.torrent"));

            Path got = GetFile.get(leech, home.resolve("file.torrent"), Loopback.from(seed, home.resolve("downloads")));

            assertThat(got).isEqualTo(home.resolve("downloads/file.bin")).hasBinaryContent(content);
        }
    }

    @Test
    void seedsAFolder() throws Exception {
        byte[] content = Loopback.write(home.resolve("seed/holiday/sea/1.jpg"), 700_001);
        Path torrentFile = home.resolve("holiday.torrent");
        try (Session seed = Session.open(Loopback.settings());
                Session leech = Session.open(Loopback.settings())) {
            Torrent torrent =
                    SeedFolder.seed(seed, home.resolve("seed/holiday"), torrentFile, "http://127.0.0.1:1/announce");

            GetFile.get(
                    leech,
                    torrentFile,
                    Loopback.from(seed, home.resolve("downloads")).withoutTrackers());

            assertThat(home.resolve("downloads/holiday/sea/1.jpg")).hasBinaryContent(content);
            assertThat(torrent.metainfo().trackers()).containsExactly(List.of("http://127.0.0.1:1/announce"));
        }
    }

    @Test
    void playsAFilmLongBeforeAllOfItIsThere() throws Exception {
        Loopback.write(home.resolve("seed/cinema/readme.txt"), 1_000);
        byte[] content = Loopback.write(home.resolve("seed/cinema/film.mkv"), 2_000_001);
        try (Session seed = Session.open(Loopback.settings());
                Session leech = Session.open(Loopback.settings())) {
            Torrent seeded = Loopback.seed(seed, home.resolve("seed/cinema"), home.resolve("cinema.torrent"));
            seed.setLimits(RateLimits.NONE.withUp(1_000_000));
            TorrentFile film = StreamFilm.film(leech.add(
                    MetainfoFile.read(home.resolve("cinema.torrent")), Loopback.from(seed, home.resolve("downloads"))));

            byte[] index = StreamFilm.end(film, 5_000);
            long sentBeforePlaying = seeded.stats().uploaded();
            var player = new ByteArrayOutputStream();
            StreamFilm.play(film, player);

            assertThat(index).isEqualTo(Arrays.copyOfRange(content, content.length - 5_000, content.length));
            assertThat(sentBeforePlaying).isLessThan(content.length);
            assertThat(player.toByteArray()).isEqualTo(content);
        }
    }

    @Test
    void copiesOutOfATorrentThatIsOnItsWay() throws Exception {
        byte[] first = Loopback.write(home.resolve("seed/papers/a/first.pdf"), 300_001);
        byte[] second = Loopback.write(home.resolve("seed/papers/second.pdf"), 400_002);
        Loopback.write(home.resolve("seed/papers/long.tar"), 3_000_000);
        Files.createDirectories(home.resolve("copies"));
        try (Session seed = Session.open(Loopback.settings())) {
            Torrent seeded = Loopback.seed(seed, home.resolve("seed/papers"), home.resolve("papers.torrent"));
            seed.setLimits(RateLimits.NONE.withUp(1_500_000));

            List<Path> copied = CopyOut.copy(
                    home.resolve("papers.torrent"),
                    Map.of(
                            TorrentFileSystems.FOLDER, home.resolve("downloads"),
                            TorrentFileSystems.SETTINGS, Loopback.settings(),
                            TorrentFileSystems.PEERS, List.of(Loopback.address(seed))),
                    "glob:/**.pdf",
                    home.resolve("copies"));

            assertThat(copied).hasSize(2);
            assertThat(seeded.stats().uploaded()).as("not all of it was needed").isLessThan(3_500_000);
        }
        assertThat(home.resolve("copies/first.pdf")).hasBinaryContent(first);
        assertThat(home.resolve("copies/second.pdf")).hasBinaryContent(second);
    }

    @Test
    void keepsATorrentInMemoryAndGivesItToOthers() throws Exception {
        byte[] first = Loopback.write(home.resolve("seed/box/first.bin"), 300_001);
        byte[] second = Loopback.write(home.resolve("seed/box/second.bin"), 400_002);
        Path torrentFile = home.resolve("box.torrent");
        MemoryStore store = new MemoryStore();
        try (Session seed = Session.open(Loopback.settings());
                Session middle =
                        Session.open(Loopback.settingsOf(GetIntoMemory.keepingIn(store, SessionSettings.builder())));
                Session leech = Session.open(Loopback.settings())) {
            Torrent seeded = Loopback.seed(seed, home.resolve("seed/box"), torrentFile);
            List<Path> files = GetIntoMemory.get(
                    middle, torrentFile, options -> options.withPeers(List.of(Loopback.address(seed))));
            seed.remove(seeded, false).join();
            GetFile.get(leech, torrentFile, Loopback.from(middle, home.resolve("downloads")));

            assertThat(files).hasSize(2).allSatisfy(file -> assertThat(file).doesNotExist());
            assertThat(store.bytes(files.getFirst())).contains(first);
            assertThat(home.resolve("downloads/box/first.bin")).hasBinaryContent(first);
            assertThat(home.resolve("downloads/box/second.bin")).hasBinaryContent(second);
        }
    }

    @Test
    void choosesMovesAndDeletesFilesInMemoryAsOnDisk() throws Exception {
        byte[] wanted = Loopback.write(home.resolve("seed/box/a.bin"), 100_001);
        byte[] other = Loopback.write(home.resolve("seed/box/b.bin"), 100_002);
        MemoryStore store = new MemoryStore();
        try (Session seed = Session.open(Loopback.settings());
                Session leech =
                        Session.open(Loopback.settingsOf(GetIntoMemory.keepingIn(store, SessionSettings.builder())))) {
            Loopback.seed(seed, home.resolve("seed/box"), home.resolve("box.torrent"));
            Torrent torrent = leech.add(
                    MetainfoFile.read(home.resolve("box.torrent")),
                    Loopback.from(seed, Path.of("/one")).withSuffix().withFilePriorities(Map.of(1, 0)));
            torrent.completion().join();
            assertThat(store.bytes(Path.of("/one/box/a.bin"))).contains(wanted);
            assertThat(store.bytes(Path.of("/one/box/b.bin"))).as("not wanted").isEmpty();

            torrent.setFilePriority(1, 4).join();
            torrent.completion().join();
            torrent.moveTo(Path.of("/two")).result().join();
            assertThat(store.bytes(Path.of("/two/box/a.bin"))).contains(wanted);
            assertThat(store.bytes(Path.of("/two/box/b.bin"))).contains(other);
            assertThat(store.isThere(Path.of("/one"))).isFalse();

            leech.remove(torrent, true).join();
            assertThat(store.isThere(Path.of("/two"))).isFalse();
        }
    }

    @Test
    void bringsABuildToFiftyMachines() throws Exception {
        byte[] content = Loopback.write(home.resolve("build/app.jar"), 1_000_001);

        DistributeBuild.Outcome outcome =
                DistributeBuild.distribute(home.resolve("build"), home.resolve("machines"), 50);

        assertThat(outcome.machines()).isEqualTo(50);
        assertThat(outcome.fromEachOther()).isPositive();
        assertThat(outcome.fromOrigin() + outcome.fromEachOther()).isGreaterThanOrEqualTo(50 * outcome.size());
        for (int i = 0; i < 50; i++) {
            assertThat(home.resolve("machines/machine-" + i + "/build/app.jar")).hasBinaryContent(content);
        }
        IO.println(outcome);
    }
}
