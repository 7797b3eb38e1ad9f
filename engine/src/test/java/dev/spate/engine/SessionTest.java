package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.store.MemoryStateStore;
import dev.spate.engine.store.StateStore;
import dev.spate.wire.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sessions on loopback, each with its own lanes, workers and files. */
@Timeout(120)
class SessionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void oneSessionGetsWhatTheOtherSeeds() throws Exception {
        Payload payload = Payload.file("file.bin", 3_000_001, 1 << 16);
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, payload);
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            assertThat(torrent.stats().isComplete()).isTrue();
            assertThat(torrent.stats().flushedBytes()).isEqualTo(3_000_001);
            assertThat(torrent.stats().corruptBytes()).isZero();
            assertThat(torrent.files()).containsExactly(new FileStats(0, Path.of("file.bin"), 3_000_001, 3_000_001, 4));
        }
    }

    @Test
    void manyFilesOfAllSizesArriveWhole() throws Exception {
        List<Integer> lengths = new ArrayList<>(List.of(0, 1, 16_383, 16_384, 16_385, 0, 300_000, 65_536));
        lengths.addAll(Collections.nCopies(300, 1_000));
        Payload payload = Payload.folder("top", lengths, 1 << 15);
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, payload);
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
        }
    }

    @Test
    void piecesTooLargeForTheirMemoryArriveAllTheSame() throws Exception {
        // Four MiB of memory keep no piece of more than half a MiB.
        Payload payload = Payload.file("large.bin", 9_000_000, 1 << 22);
        try (Session seed = session();
                Session leech = Session.open(settings().pieceMemory(4 << 20).build())) {
            seed(seed, payload);
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
        }
    }

    @Test
    void severalHundredTorrentsShareOnePort() throws Exception {
        int torrents = 300;
        try (Session seed = session();
                Session leech = session()) {
            List<Torrent> all = new ArrayList<>();
            for (int i = 0; i < torrents; i++) {
                Payload payload = Payload.file("file" + i, 20_000 + i, 1 << 14);
                seed(seed, payload);
                all.add(leech.add(payload.metainfo(), into("leech", seed)));
            }
            for (Torrent torrent : all) {
                assertThat(torrent.awaitCompletion(PATIENCE)).as(torrent.name()).isTrue();
            }
            assertThat(leech.torrents()).hasSize(torrents);
        }
    }

    @Test
    void goesOnWhereAnEarlierSessionStopped() throws Exception {
        Payload payload = Payload.file("file.bin", 2_000_000, 1 << 15);
        // Half of it is there, the rest never was.
        Path half = Files.createDirectory(folder.resolve("leech"));
        Files.write(half.resolve("file.bin"), Arrays.copyOf(payload.content(), 1_000_000));
        goesOn(payload, half, settings().stateFolder(folder.resolve("state")).build());
    }

    @Test
    void goesOnWithAStoreOfTheProgramsOwn() throws Exception {
        Payload payload = Payload.file("file.bin", 2_000_000, 1 << 15);
        Path half = Files.createDirectory(folder.resolve("leech"));
        Files.write(half.resolve("file.bin"), Arrays.copyOf(payload.content(), 1_000_000));
        MemoryStateStore store = new MemoryStateStore();

        goesOn(payload, half, settings().stateStore(store).build());

        assertThat(store.list(StateStore.Kind.PROGRESS))
                .containsExactly(payload.metainfo().infoHash().onTheWire());
        assertThat(store.open()).isEmpty();
    }

    private void goesOn(Payload payload, Path half, SessionSettings settings) throws Exception {
        try (Session first = Session.open(settings)) {
            Torrent torrent =
                    first.add(payload.metainfo(), AddOptions.into(half).withoutTrackers());
            awaitState(first, torrent, TorrentState.DOWNLOADING);
            assertThat(torrent.stats().flushedPieces()).isEqualTo(1_000_000 / (1 << 15));
        }
        try (Session seed = session();
                Session second = Session.open(settings)) {
            seed(seed, payload);
            Torrent torrent = second.add(payload.metainfo(), into("leech", seed));

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(payload.isIn(half)).isTrue();
            assertThat(torrent.stats().downloaded()).isLessThan(1_200_000);
        }
    }

    @Test
    void whatIsRememberedOfOneFolderIsNotHeldAgainstAnother() throws Exception {
        Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
        SessionSettings settings =
                settings().stateFolder(folder.resolve("state")).build();
        try (Session first = Session.open(settings)) {
            Torrent torrent = first.add(
                    payload.metainfo(),
                    AddOptions.into(folder.resolve("nothing")).withoutTrackers());
            awaitState(first, torrent, TorrentState.DOWNLOADING);
        }
        try (Session second = Session.open(settings)) {
            Path complete = payload.writeTo(folder.resolve("complete"));
            Torrent torrent =
                    second.add(payload.metainfo(), AddOptions.into(complete).withoutTrackers());

            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
        }
    }

    @Test
    void pausesAndResumes() throws Exception {
        Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
        try (Session seed = session();
                Session leech = session()) {
            seed(seed, payload);
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed).startPaused());
            awaitState(leech, torrent, TorrentState.PAUSED);
            assertThat(torrent.stats().downloaded()).isZero();

            torrent.resume();
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            awaitState(leech, torrent, TorrentState.SEEDING);

            torrent.pause();
            awaitState(leech, torrent, TorrentState.PAUSED);
            torrent.resume();
            awaitState(leech, torrent, TorrentState.SEEDING);
        }
    }

    @Test
    void aRecheckFindsWhatWasDamaged() throws Exception {
        Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
        Path path = payload.writeTo(folder.resolve("data"));
        try (Session session = session()) {
            Torrent torrent =
                    session.add(payload.metainfo(), AddOptions.into(path).withoutTrackers());
            awaitState(session, torrent, TorrentState.SEEDING);
            byte[] damaged = payload.content().clone();
            damaged[100_000] ^= 1;
            Files.write(path.resolve("file.bin"), damaged);

            torrent.recheck();
            awaitState(session, torrent, TorrentState.DOWNLOADING);

            assertThat(torrent.stats().flushedPieces())
                    .isEqualTo(payload.metainfo().layout().pieces() - 1);
            assertThat(torrent.pieces().contains(100_000 >> 15)).isFalse();
        }
    }

    @Test
    void whatIsNotOursIsNotOverwrittenUnasked() throws Exception {
        Payload payload = Payload.file("file.bin", 100_000, 1 << 15);
        Path data = Files.createDirectory(folder.resolve("data"));
        byte[] precious = "somebody else's diary".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(data.resolve("file.bin"), precious);
        try (Session session = session()) {
            Torrent torrent =
                    session.add(payload.metainfo(), AddOptions.into(data).withoutTrackers());

            assertThatThrownBy(() -> torrent.awaitCompletion(PATIENCE))
                    .isInstanceOfSatisfying(
                            SpateException.Storage.class,
                            failure -> assertThat(failure.trouble()).isEqualTo(StorageTrouble.NAME_CLASH))
                    .hasMessageContaining("file.bin");
            assertThat(torrent.state()).isEqualTo(TorrentState.FAILED);
            assertThat(data.resolve("file.bin")).hasBinaryContent(precious);
        }
    }

    @Test
    void saysAtOnceThatAFileIsWhereTheFolderShouldBe() throws Exception {
        Payload payload = Payload.file("file.bin", 100_000, 1 << 15);
        Path occupied = Files.writeString(folder.resolve("occupied"), "a file");
        try (Session session = session()) {
            Torrent torrent =
                    session.add(payload.metainfo(), AddOptions.into(occupied).withoutTrackers());

            assertThatThrownBy(() -> torrent.awaitCompletion(PATIENCE))
                    .isInstanceOf(SpateException.Storage.class)
                    .hasMessageContaining("occupied");
        }
    }

    @Test
    void removesATorrentAndItsFilesButNothingElse() throws Exception {
        Payload payload = Payload.folder("top", List.of(1_000, 2_000), 1 << 14);
        Path data = payload.writeTo(folder.resolve("data"));
        Files.writeString(data.resolve("top/mine.txt"), "not the torrent's");
        try (Session session = session()) {
            Torrent torrent =
                    session.add(payload.metainfo(), AddOptions.into(data).withoutTrackers());
            torrent.completion().get(60, TimeUnit.SECONDS);

            session.remove(torrent, true).get(60, TimeUnit.SECONDS);

            assertThat(session.torrents()).isEmpty();
            assertThat(torrent.state()).isEqualTo(TorrentState.REMOVED);
            assertThat(data.resolve("top/d/0")).doesNotExist();
            assertThat(data.resolve("top/mine.txt")).exists();
        }
    }

    @Test
    void refusesWhatItHasAndWhatItCannotDo() throws Exception {
        Payload payload = Payload.file("file.bin", 1_000, 1 << 14);
        Session session = session();
        try (session) {
            session.add(payload.metainfo(), AddOptions.into(folder));
            assertThatThrownBy(() -> session.add(payload.metainfo(), AddOptions.into(folder)))
                    .isInstanceOf(SpateException.Duplicate.class);
        }
        assertThatThrownBy(() -> session.add(payload.metainfo(), AddOptions.into(folder)))
                .isInstanceOf(SpateException.Closed.class);
    }

    @Test
    void saysWhichPortIsTaken() {
        try (Session first = session()) {
            InetSocketAddress taken = first.listenAddresses().getFirst();
            assertThatThrownBy(() ->
                            Session.open(SessionSettings.builder().listen(taken).build()))
                    .isInstanceOf(SpateException.CannotListen.class)
                    .hasMessageContaining(String.valueOf(taken.getPort()));
        }
    }

    /** A signal may end the program while it closes its session; what it closes must be saved all the same. */
    @Test
    void whoeverClosesItAgainWaitsForTheEndToo() throws Exception {
        Payload payload = Payload.file("file.bin", 500_000, 1 << 15);
        Path state = folder.resolve("state");
        Path data = payload.writeTo(folder.resolve("data"));
        for (int i = 0; i < 5; i++) {
            Session session = Session.open(settings().stateFolder(state).build());
            Torrent torrent = session.add(payload.metainfo(), AddOptions.into(data));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(torrent.stats().checkedPieces()).isEqualTo(i == 0 ? 16 : 0);

            CountDownLatch closing = new CountDownLatch(2);
            List<TorrentState> after = Collections.synchronizedList(new ArrayList<>());
            for (int closer = 0; closer < 2; closer++) {
                Thread.ofPlatform().start(() -> {
                    session.close();
                    after.add(torrent.state());
                    closing.countDown();
                });
            }

            assertThat(closing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(after).containsOnly(TorrentState.REMOVED);
        }
    }

    @Test
    void leavesNoThreadBehind() {
        Session session = session();
        session.add(
                Payload.file("file.bin", 1_000, 1 << 14).metainfo(),
                AddOptions.into(folder).withoutTrackers());
        session.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("spate-"));
    }

    private static void awaitState(Session session, Torrent torrent, TorrentState wanted) throws Exception {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        try (Subscription _ = session.subscribe(event -> {
            if (event instanceof Event.StateChanged(var whose, var state) && whose == torrent && state == wanted) {
                reached.complete(null);
            }
        })) {
            if (torrent.state() != wanted) {
                reached.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private void seed(Session session, Payload payload) throws Exception {
        Torrent torrent = session.add(
                payload.metainfo(),
                AddOptions.into(payload.writeTo(folder.resolve("seed"))).withoutTrackers());
        assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
    }

    private AddOptions into(String name, Session seed) {
        return AddOptions.into(folder.resolve(name))
                .withoutTrackers()
                .withPeers(List.of(PeerAddress.of(seed.listenAddresses().getFirst())));
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Session session() {
        return Session.open(settings().build());
    }
}
