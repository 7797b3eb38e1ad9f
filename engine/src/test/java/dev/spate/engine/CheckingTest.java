package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.store.Allocation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks at files that take as long as a test wants. */
@Timeout(120)
class CheckingTest {
    private static final int ALL = 1_000;

    /** What is read at a time. */
    private static final int PIECE = 256 << 10;

    /** More than a stretch, so that it needs a turn. */
    private static final int PIECES = 40;

    /** As much as all workers read before something else gets its turn, and more. */
    private static final int MANY_PIECES = 200;

    @TempDir
    private Path folder;

    private final GatedStore store = new GatedStore();
    private final Session session = Session.open(SessionSettings.builder()
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .contentStore(store)
            .build());

    @AfterEach
    void end() throws Exception {
        store.let(ALL);
        session.close();
        store.close();
    }

    private Torrent add(String name, int pieces, AddOptions options) throws Exception {
        Payload payload = Payload.file(name, pieces * PIECE - name.length(), PIECE);
        payload.writeTo(folder);
        return session.add(payload.metainfo(), options.withoutTrackers());
    }

    private Torrent add(String name, int pieces) throws Exception {
        return add(name, pieces, AddOptions.into(folder));
    }

    /** Lets one read after the other happen until something holds. */
    private void readUntil(BooleanSupplier holds) {
        Waiting.until(() -> {
            store.let(1);
            return holds.getAsBoolean();
        });
    }

    @Test
    void pausingHaltsItAndResumingGoesOnWhereItWas() throws Exception {
        Torrent torrent = add("file", PIECES);
        store.let(3);
        Waiting.until(() -> torrent.stats().checkedPieces() == 3);

        torrent.pause();
        Waiting.until(() -> torrent.state() == TorrentState.PAUSED);
        store.let(ALL);
        // Those whose reading was begun come to their end.
        Waiting.until(() -> torrent.stats().checkedPieces() == store.asked());
        assertThat(torrent.stats().checkedPieces()).isLessThan(PIECES);
        assertThat(torrent.diagnose()).containsExactly(new Hindrance.Paused());

        torrent.resume();
        assertThat(torrent.awaitCompletion(Duration.ofSeconds(60))).isTrue();
        assertThat(store.asked()).as("each piece once").isEqualTo(PIECES);
        Waiting.until(() -> torrent.state() == TorrentState.SEEDING);
    }

    @Test
    void oneTorrentIsReadAfterTheOther() throws Exception {
        Torrent first = add("first", MANY_PIECES);
        Waiting.until(() -> store.asked() > 0);
        Torrent second = add("second", PIECES);
        readUntil(() -> second.diagnose().equals(List.of(new Hindrance.CheckAwaited(1))));
        assertThat(first.diagnose()).hasSize(1).hasOnlyElementsOfType(Hindrance.Checking.class);

        first.pause();
        readUntil(() -> second.diagnose().getFirst() instanceof Hindrance.Checking);
        store.let(ALL);
        assertThat(second.awaitCompletion(Duration.ofSeconds(60))).isTrue();
        assertThat(first.state()).isEqualTo(TorrentState.PAUSED);

        first.resume();
        assertThat(first.awaitCompletion(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void aNewDownloadDoesNotWaitForIt() throws Exception {
        Torrent old = add("old", MANY_PIECES);
        Waiting.until(() -> store.asked() > 0);
        Torrent fresh = add("fresh", PIECES, AddOptions.into(folder.resolve("empty")));

        readUntil(() -> fresh.state() == TorrentState.DOWNLOADING);

        assertThat(old.state()).isEqualTo(TorrentState.CHECKING);
    }

    @Test
    void whatIsHaltedCanBeRemovedOrClosed() throws Exception {
        Torrent removed = add("removed", PIECES);
        Torrent closed = add("closed", PIECES);
        Waiting.until(() -> store.asked() > 0);
        removed.pause();
        closed.pause();
        store.let(ALL);

        session.remove(removed, false).join();
        session.close();

        assertThat(removed.state()).isEqualTo(TorrentState.REMOVED);
        assertThat(closed.state()).isEqualTo(TorrentState.REMOVED);
        assertThat(folder.resolve("removed")).exists();
    }

    @Test
    void aRecheckIsHaltedLikeTheFirstLook() throws Exception {
        store.let(PIECES);
        Torrent torrent = add("file", PIECES);
        assertThat(torrent.awaitCompletion(Duration.ofSeconds(60))).isTrue();

        torrent.recheck();
        torrent.pause();
        Waiting.until(() -> torrent.state() == TorrentState.PAUSED);
        store.let(ALL);
        torrent.resume();

        Waiting.until(() -> torrent.state() == TorrentState.SEEDING);
        assertThat(store.asked()).isEqualTo(2 * PIECES);
    }

    @Test
    void roomIsTakenAsTheOptionsSay() throws Exception {
        store.let(ALL);
        for (Allocation allocation : Allocation.values()) {
            Path into = folder.resolve(allocation.name());
            Torrent torrent =
                    add("new" + allocation, PIECES, AddOptions.into(into).withAllocation(allocation));
            Waiting.until(() -> torrent.state() == TorrentState.DOWNLOADING);

            Path file = into.resolve("new" + allocation);
            if (allocation == Allocation.NONE) {
                assertThat(file).doesNotExist();
            } else {
                assertThat(file).hasSize(torrent.metainfo().layout().totalLength());
                assertThat(Files.mismatch(file, zeros(file))).isEqualTo(-1);
            }
        }
    }

    private Path zeros(Path like) throws Exception {
        return Files.write(folder.resolve("zeros"), new byte[(int) Files.size(like)]);
    }
}
