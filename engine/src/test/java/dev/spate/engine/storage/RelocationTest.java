package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.store.FileStamp;
import dev.spate.wire.Decoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Files move all or not at all, whatever happens on the way. */
class RelocationTest {
    private static final Path SAME_DISK = Path.of("/downloads/other");
    private static final Path OTHER_DISK = Path.of("/elsewhere/folder");

    private final FakeDisk disk = new FakeDisk();
    private final MemoryResumeStore store = new MemoryResumeStore();
    private final Samples samples = Samples.of(new Random(1), 64, 200, 0, 70, 300);
    private final Places home = Places.in(Samples.FOLDER);
    private final List<Relocation.Progress> told = new ArrayList<>();

    private TorrentStorage storage(Places places) {
        return new TorrentStorage(Samples.INFO_HASH, samples.layout(), places, disk);
    }

    /** Puts all files at home. */
    private TorrentStorage filled() {
        TorrentStorage storage = storage(home);
        for (int file = 0; file < samples.layout().files(); file++) {
            disk.put(storage.path(file), content(file));
        }
        return storage;
    }

    private byte[] content(int file) {
        int begin = (int) samples.layout().offset(file);
        return Arrays.copyOfRange(
                samples.bytes(),
                begin,
                begin + (int) samples.layout().file(file).length());
    }

    private Relocation.Watch watch(int wishAfter, Relocation.Wish wish) {
        return new Relocation.Watch() {
            private int asked;

            @Override
            public void progress(Relocation.Progress progress) {
                told.add(progress);
            }

            @Override
            public Relocation.Wish wish() {
                return asked++ < wishAfter ? Relocation.Wish.GO_ON : wish;
            }
        };
    }

    private Relocation.Watch willing() {
        return watch(Integer.MAX_VALUE, Relocation.Wish.GO_ON);
    }

    private void assertIsAt(Places places) {
        TorrentStorage there = storage(places);
        List<Path> expected = new ArrayList<>();
        for (int file = 0; file < samples.layout().files(); file++) {
            assertThat(disk.bytes(there.path(file)))
                    .as(there.path(file).toString())
                    .isPresent();
            assertThat(disk.bytes(there.path(file)).orElseThrow()).isEqualTo(content(file));
            expected.add(there.path(file));
        }
        assertThat(disk.files()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private Places recovered(Places thought) throws StorageException {
        return Relocation.recover(disk, store, Samples.INFO_HASH, thought);
    }

    @Test
    void movesWithinAFileSystemAndToAnother() throws StorageException {
        TorrentStorage storage = filled();
        List<FileStamp> before = storage.stamps();

        storage.move(home.withRoot(SAME_DISK), store, willing());
        assertIsAt(home.withRoot(SAME_DISK));
        storage.move(home.withRoot(OTHER_DISK), store, willing());
        assertIsAt(home.withRoot(OTHER_DISK));

        // So that resume data still fits.
        assertThat(storage.stamps()).isEqualTo(before);
        assertThat(told.getLast()).isEqualTo(new Relocation.Progress(4, 4, 570, 570));
    }

    @Test
    void renamesAFileAndTheTop() throws StorageException {
        TorrentStorage storage = filled();
        Places renamed = home.withName(2, List.of("new", "name")).withTop(samples.layout(), "top");

        storage.move(renamed, store, willing());

        assertThat(storage.path(2)).isEqualTo(Samples.FOLDER.resolve("top/new/name"));
        assertIsAt(renamed);
    }

    @Test
    void refusesBeforeAnythingMovesWhenSomethingIsInTheWay() throws StorageException {
        TorrentStorage storage = filled();
        Path inTheWay = storage(home.withRoot(OTHER_DISK)).path(3);
        disk.put(inTheWay, new byte[] {1});

        assertThatExceptionOfType(StorageException.NameClash.class)
                .isThrownBy(() -> storage.move(home.withRoot(OTHER_DISK), store, willing()))
                .satisfies(clash -> assertThat(clash.paths()).containsExactly(inTheWay));

        assertThat(disk.bytes(inTheWay).orElseThrow()).isEqualTo(new byte[] {1});
        disk.remove(inTheWay);
        assertIsAt(home);
        assertThat(store.loadMove(Samples.INFO_HASH)).isEmpty();
    }

    @Test
    void goesBackWhenCancelledAtAnyMoment() throws StorageException {
        for (Path target : List.of(SAME_DISK, OTHER_DISK)) {
            boolean cancelled = true;
            for (int asked = 0; cancelled; asked++) {
                RelocationTest fresh = new RelocationTest();
                cancelled = fresh.cancel(target, asked);
            }
        }
    }

    private boolean cancel(Path target, int asked) throws StorageException {
        TorrentStorage storage = filled();
        try {
            storage.move(home.withRoot(target), store, watch(asked, Relocation.Wish.GO_BACK));
        } catch (CancellationException e) {
            assertIsAt(home);
            assertThat(storage.folder()).isEqualTo(Samples.FOLDER);
            assertThat(store.loadMove(Samples.INFO_HASH)).isEmpty();
            return true;
        }
        assertIsAt(home.withRoot(target));
        return false;
    }

    @Test
    void whatIsLeftHalfWayIsCarriedOn() throws StorageException {
        TorrentStorage storage = filled();
        assertThatThrownBy(() -> storage.move(home.withRoot(OTHER_DISK), store, watch(3, Relocation.Wish.LEAVE)))
                .isInstanceOf(CancellationException.class);

        assertThat(recovered(home)).isEqualTo(home.withRoot(OTHER_DISK));
        assertIsAt(home.withRoot(OTHER_DISK));
    }

    @Test
    void goesBackWhenTheOtherDiskIsFull() throws StorageException {
        TorrentStorage storage = filled();
        disk.failAfter(2, "No space left on device");

        assertThatExceptionOfType(StorageException.DiskFull.class)
                .isThrownBy(() -> storage.move(home.withRoot(OTHER_DISK), store, willing()));

        disk.heal();
        assertIsAt(home);
        assertThat(storage.path(0)).isEqualTo(storage(home).path(0));
    }

    /** Whatever change of the disk is the last before the process dies, the next one carries the move to its end. */
    @Test
    void losesNothingWhenTheProcessIsKilledAtAnyStep() throws StorageException {
        for (Path target : List.of(SAME_DISK, OTHER_DISK)) {
            boolean died = true;
            for (int changes = 0; died; changes++) {
                died = new RelocationTest().kill(target, changes);
            }
        }
    }

    private boolean kill(Path target, int changes) throws StorageException {
        TorrentStorage storage = filled();
        disk.dieAfter(changes, store::dieAtNextSave);
        boolean died = false;
        try {
            storage.move(home.withRoot(target), store, willing());
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("killed");
            died = true;
        }
        disk.heal();
        store.live();
        // It may die once more while it carries on.
        disk.dieAfter(changes / 2, store::dieAtNextSave);
        try {
            recovered(home);
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("killed");
        }
        disk.heal();
        store.live();
        Places now = recovered(home);
        assertThat(now.root()).isIn(Samples.FOLDER, target);
        assertIsAt(now);
        if (changes > 0) {
            assertThat(now.root()).as("after %d changes", changes).isEqualTo(target);
        }
        return died;
    }

    @Test
    void aFileThatAppearsWhereACopyWasToGoIsNotTouched() throws StorageException {
        TorrentStorage storage = filled();
        assertThatThrownBy(() -> storage.move(home.withRoot(OTHER_DISK), store, watch(0, Relocation.Wish.LEAVE)))
                .isInstanceOf(CancellationException.class);
        Path target = storage(home.withRoot(OTHER_DISK)).path(3);
        disk.put(target, new byte[] {1, 2});

        assertThatExceptionOfType(StorageException.NameClash.class).isThrownBy(() -> recovered(home));

        assertThat(disk.bytes(target).orElseThrow()).isEqualTo(new byte[] {1, 2});
        disk.remove(target);
        assertIsAt(home);
    }

    @Test
    void aJournalSaysWhatWasWrittenAndNothingWhenDamaged() {
        MoveJournal journal = new MoveJournal(
                Samples.INFO_HASH,
                Samples.FOLDER,
                new Places(OTHER_DISK, Optional.of("top"), new TreeMap<>(), true),
                List.of(new Relocation.Step(List.of("a", "b"), List.of("c"))),
                true);
        byte[] written = journal.encode();

        assertThat(MoveJournal.decode(written)).isEqualTo(new Decoding.Decoded<>(journal));
        for (int bit = 0; bit < written.length * 8; bit++) {
            byte[] damaged = written.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(MoveJournal.decode(damaged)).isInstanceOf(Decoding.Malformed.class);
        }
        assertThat(MoveJournal.decode(Arrays.copyOf(written, written.length / 2)))
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void namesAreSafeAndClashWithNoOtherOfTheTorrent() {
        assertThatThrownBy(() -> home.withName(0, List.of("..", "x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> home.withName(0, List.of("a/b"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> home.withTop(samples.layout(), "")).isInstanceOf(IllegalArgumentException.class);
        assertThat(home.withName(0, List.of("folder1", "FILE1")).clash(samples.layout()))
                .isPresent();
        assertThat(home.withName(0, List.of("folder1", "file1", "x")).clash(samples.layout()))
                .isPresent();
        assertThat(home.withName(0, List.of("folder1", "fresh")).clash(samples.layout()))
                .isEmpty();
    }
}
