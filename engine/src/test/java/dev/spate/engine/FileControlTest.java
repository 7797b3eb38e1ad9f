package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with the files of a torrent while a session runs it. */
@Timeout(120)
class FileControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Files whose borders lie within pieces of 32 KiB. */
    private final Payload payload = Payload.folder("top", List.of(100_000, 50_000, 1_000, 0, 200_000), 1 << 15);

    @TempDir
    private Path folder;

    private SessionSettings.Builder settings() {
        return SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .lanes(1)
                .workers(2);
    }

    private SessionSettings remembering() {
        return settings().stateFolder(folder.resolve("state")).build();
    }

    /** A seed with files of its own. */
    private Session seed() throws IOException {
        Path files = Files.createTempDirectory(folder, "seed");
        Session session = Session.open(settings().build());
        session.add(payload.metainfo(), AddOptions.into(payload.writeTo(files)).withoutTrackers());
        return session;
    }

    /** Lets a torrent know of a seed that it has not heard of, and so need not wait before it connects. */
    private static void tell(Torrent torrent, Session seed) {
        torrent.addPeers(List.of(PeerAddress.of(seed.listenAddresses().getFirst())));
    }

    private AddOptions into(String name, Session... seeds) {
        List<PeerAddress> peers = new ArrayList<>();
        for (Session seed : seeds) {
            peers.add(PeerAddress.of(seed.listenAddresses().getFirst()));
        }
        return AddOptions.into(folder.resolve(name)).withoutTrackers().withPeers(peers);
    }

    private Path file(String in, int number) {
        return folder.resolve(in).resolve("top/d/" + number);
    }

    private byte[] content(int number) {
        var entry = payload.metainfo().files().get(number);
        return Arrays.copyOfRange(payload.content(), (int) entry.offset(), (int) entry.end());
    }

    private List<String> below(String name) throws IOException {
        Path root = folder.resolve(name);
        if (Files.notExists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private static void awaitState(Session session, Torrent torrent, TorrentState wanted) throws Exception {
        BlockingQueue<TorrentState> states = new LinkedBlockingQueue<>();
        try (Subscription _ = session.subscribe(event -> {
            if (event instanceof Event.StateChanged(var which, var state)) {
                states.add(state);
            }
        })) {
            while (torrent.state() != wanted) {
                assertThat(states.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
            }
        }
    }

    @Test
    void getsTheFilesThatAreWantedAndMakesNoOthers() throws Exception {
        try (Session seed = seed();
                Session other = seed();
                Session leech = Session.open(settings().build())) {
            Torrent torrent = leech.add(
                    payload.metainfo(), into("leech", seed).withFilePriorities(Map.of(0, 0, 2, 0, 3, 0, 4, 0)));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(Files.readAllBytes(file("leech", 1))).isEqualTo(content(1));
            assertThat(below("leech"))
                    .containsExactly("." + payload.metainfo().infoHash().onTheWire() + ".parts", "top/d/1");
            assertThat(torrent.stats().isComplete()).isFalse();
            assertThat(torrent.state()).isEqualTo(TorrentState.SEEDING);
            assertThat(torrent.files().get(1).isComplete()).isTrue();
            assertThat(torrent.files().get(0).priority()).isZero();

            torrent.setFilePriorities(Map.of(0, 4, 2, 7, 3, 1, 4, 4)).get();
            tell(torrent, other);
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            assertThat(below("leech")).hasSize(5);
        }
    }

    @Test
    void aSelectionIsRememberedByTheNextSession() throws Exception {
        try (Session seed = seed()) {
            try (Session first = Session.open(remembering())) {
                Torrent torrent = first.add(payload.metainfo(), into("leech").withFilePriorities(Map.of(4, 0)));
                torrent.setFilePriority(Path.of("top/d/0"), 0).get();
            }
            try (Session second = Session.open(remembering())) {
                Torrent torrent = second.add(payload.metainfo(), into("leech", seed));
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

                assertThat(torrent.files().stream().map(FileStats::priority)).containsExactly(0, 4, 4, 4, 0);
                assertThat(file("leech", 0)).doesNotExist();
                assertThat(file("leech", 4)).doesNotExist();
            }
            try (Session third = Session.open(remembering())) {
                Torrent torrent = third.add(payload.metainfo(), into("leech", seed));
                awaitState(third, torrent, TorrentState.SEEDING);
                assertThat(torrent.stats().checkedPieces()).isZero();
            }
        }
    }

    @Test
    void refusesToMakeAFileWhereAForeignOneIs() throws Exception {
        try (Session seed = seed();
                Session leech = Session.open(remembering())) {
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed).withFilePriorities(Map.of(0, 0)));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            Files.writeString(file("leech", 0), "mine");

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> torrent.setFilePriority(0, 4).get())
                    .withCauseInstanceOf(SpateException.Storage.class);

            assertThat(file("leech", 0)).hasContent("mine");
            assertThat(torrent.files().getFirst().priority()).isZero();
            assertThat(torrent.state()).isEqualTo(TorrentState.SEEDING);
        }
    }

    @Test
    void renamesWhileItRunsAndRemembers() throws Exception {
        try (Session seed = seed()) {
            try (Session first = Session.open(remembering())) {
                Torrent torrent = first.add(payload.metainfo(), into("leech", seed));
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                torrent.renameFile(0, Path.of("new/name")).get();
                assertThat(torrent.state()).isEqualTo(TorrentState.SEEDING);
                torrent.renameTop("other").get();

                assertThat(Files.readAllBytes(folder.resolve("leech/other/new/name")))
                        .isEqualTo(content(0));
                assertThat(below("leech"))
                        .containsExactly("other/d/1", "other/d/2", "other/d/3", "other/d/4", "other/new/name");
                assertThat(torrent.files().getFirst().path()).isEqualTo(Path.of("other/new/name"));
                assertThatThrownBy(
                                () -> torrent.renameFile(1, Path.of("new/NAME")).get())
                        .hasCauseInstanceOf(SpateException.Refused.class);
                assertThatThrownBy(() -> torrent.renameFile(1, Path.of("../x")).get())
                        .hasCauseInstanceOf(SpateException.Refused.class);
                Files.writeString(folder.resolve("leech/other/foreign"), "mine");
                assertThatThrownBy(
                                () -> torrent.renameFile(1, Path.of("foreign")).get())
                        .hasCauseInstanceOf(SpateException.Storage.class);
                assertThat(folder.resolve("leech/other/foreign")).hasContent("mine");
            }
            try (Session second = Session.open(remembering())) {
                Torrent torrent = second.add(payload.metainfo(), into("leech"));
                awaitState(second, torrent, TorrentState.SEEDING);
                assertThat(torrent.stats().checkedPieces()).isZero();
                assertThat(torrent.files().getFirst().path()).isEqualTo(Path.of("other/new/name"));
            }
        }
    }

    @Test
    void movesWhatItHasAndGoesOnThere() throws Exception {
        try (Session seed = seed();
                Session other = seed()) {
            try (Session first = Session.open(remembering())) {
                Torrent torrent =
                        first.add(payload.metainfo(), into("leech", seed).withFilePriorities(Map.of(4, 0)));
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                MoveJob job = torrent.moveTo(folder.resolve("moved"));
                job.result().get();

                assertThat(job.progress().bytes()).isEqualTo(job.progress().allBytes());
                assertThat(below("leech")).isEmpty();
                assertThat(torrent.folder()).isEqualTo(folder.resolve("moved"));
                torrent.setFilePriority(4, 4).get();
                tell(torrent, other);
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
                assertThat(payload.isIn(folder.resolve("moved"))).isTrue();
            }
            try (Session second = Session.open(remembering())) {
                Torrent torrent = second.add(payload.metainfo(), into("leech"));
                awaitState(second, torrent, TorrentState.SEEDING);
                assertThat(torrent.stats().checkedPieces()).isZero();
                assertThat(torrent.folder()).isEqualTo(folder.resolve("moved"));
            }
        }
    }

    @Test
    void aMoveThatIsRefusedChangesNothing() throws Exception {
        Files.createDirectories(file("moved", 1).getParent());
        Files.writeString(file("moved", 1), "mine");
        try (Session seed = seed();
                Session leech = Session.open(settings().build())) {
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThatThrownBy(() ->
                            torrent.moveTo(folder.resolve("moved")).result().get())
                    .hasCauseInstanceOf(SpateException.Storage.class);

            assertThat(file("moved", 1)).hasContent("mine");
            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
            assertThat(torrent.state()).isEqualTo(TorrentState.SEEDING);
        }
    }

    @Test
    void incompleteFilesLieElsewhereAndHaveASuffix() throws Exception {
        AddOptions options = into("done").incompleteIn(folder.resolve("busy")).withSuffix();
        try (Session seed = seed();
                Session other = seed();
                Session leech = Session.open(remembering())) {
            Torrent torrent = leech.add(payload.metainfo(), options.withFilePriorities(Map.of(4, 0)));
            awaitState(leech, torrent, TorrentState.DOWNLOADING);
            tell(torrent, seed);
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();

            assertThat(below("busy")).isEmpty();
            assertThat(torrent.folder()).isEqualTo(folder.resolve("done"));
            torrent.setFilePriority(4, 4).get();
            tell(torrent, other);
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(payload.isIn(folder.resolve("done"))).isTrue();
            assertThat(below("done")).hasSize(5);
        }
    }

    @Test
    void fetchesAgainWhatSomebodyTookAway() throws Exception {
        try (Session seed = seed();
                Session other = seed();
                Session leech = Session.open(remembering());
                Session third = Session.open(settings().build())) {
            BlockingQueue<Event> lost = new LinkedBlockingQueue<>();
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            Files.write(file("leech", 4), new byte[10]);
            try (Subscription _ = leech.subscribe(event -> {
                if (event instanceof Event.FilesLost) {
                    lost.add(event);
                }
            })) {
                third.add(payload.metainfo(), into("third", leech));
                assertThat(lost.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOfSatisfying(
                                Event.FilesLost.class,
                                event -> assertThat(event.files()).containsExactly(file("leech", 4)));
                tell(torrent, other);
                assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            }
            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
        }
    }

    @Test
    void servesNothingOfAFileThatSomebodyWroteTo() throws Exception {
        try (Session seed = seed();
                Session other = seed();
                Session leech = Session.open(remembering());
                Session third = Session.open(settings().build())) {
            BlockingQueue<Event> events = new LinkedBlockingQueue<>();
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            settle(torrent);
            leech.subscribe(event -> {
                if (event instanceof Event.FilesLost) {
                    events.add(event);
                }
            });
            third.subscribe(event -> {
                if (event instanceof Event.PieceFailed) {
                    events.add(event);
                }
            });
            scribbleInto(file("leech", 4));

            Torrent got = third.add(payload.metainfo(), into("third", leech));

            // The one piece that was written into; the others of the file were read, and are as they were.
            assertThat(events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(Event.FilesLost.class, event -> {
                        assertThat(event.files()).containsExactly(file("leech", 4));
                        assertThat(event.pieces()).isEqualTo(1);
                    });
            tell(torrent, other);
            tell(got, other);
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            assertThat(got.awaitCompletion(PATIENCE)).isTrue();
            assertThat(events).isEmpty();
            assertThat(payload.isIn(folder.resolve("leech"))).isTrue();
        }
    }

    @Test
    void notesThatAFileWasWrittenToAndIsAsItWas() throws Exception {
        try (Session seed = seed();
                Session leech = Session.open(remembering());
                Session third = Session.open(settings().build())) {
            BlockingQueue<Event> lost = new LinkedBlockingQueue<>();
            Torrent torrent = leech.add(payload.metainfo(), into("leech", seed));
            assertThat(torrent.awaitCompletion(PATIENCE)).isTrue();
            settle(torrent);
            leech.subscribe(event -> {
                if (event instanceof Event.FilesLost) {
                    lost.add(event);
                }
            });
            Files.write(file("leech", 1), content(1), StandardOpenOption.WRITE);
            Files.setLastModifiedTime(
                    file("leech", 1), FileTime.from(Instant.now().plusSeconds(1)));

            Torrent got = third.add(payload.metainfo(), into("third", leech));

            assertThat(lost.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Event.FilesLost.class,
                            event -> assertThat(event.pieces()).isZero());
            tell(got, seed);
            assertThat(got.awaitCompletion(PATIENCE)).isTrue();
            assertThat(lost).isEmpty();
        }
    }

    /** Returns when it is remembered how the files look: an edit is done when it is saved, with all else. */
    private static void settle(Torrent torrent) throws Exception {
        torrent.setTrackers(List.of()).get();
    }

    /** Other bytes in the middle, no change of length; never in the same tick of the file system's clock as what was there. */
    private static void scribbleInto(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("scribble".getBytes(StandardCharsets.UTF_8)), channel.size() / 2);
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    }

    @Test
    void refusesSelectionsWhenTooManyWaitForTheFiles() throws Exception {
        Files.createDirectories(file("leech", 0).getParent());
        Files.writeString(file("leech", 0), "mine");
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        try (Session leech = Session.open(settings().build())) {
            Torrent torrent = leech.add(payload.metainfo(), into("leech"));
            awaitState(leech, torrent, TorrentState.FAILED);
            for (int i = 0; i < FileControl.MAX_WAITING; i++) {
                waiting.add(torrent.setFilePriority(1, 1));
            }
            assertThatThrownBy(() -> torrent.setFilePriority(1, 2).get())
                    .hasCauseInstanceOf(SpateException.Refused.class);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
        }
        assertThat(waiting).allMatch(CompletableFuture::isCompletedExceptionally);
    }
}
