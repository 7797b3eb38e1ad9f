package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredResumeTest {
    private static final Digest OTHER = Digest.ofHex("ffffffffffffffffffffffffffffffffffffffff");

    @TempDir
    Path temporary;

    private Path folder;
    private StoredResume store;

    @BeforeEach
    void open() {
        folder = temporary.resolve("state");
        store = StoredResume.in(folder);
    }

    private static ResumeData data(int... flushed) {
        PieceSet set = new PieceSet(20);
        for (int piece : flushed) {
            set.add(piece);
        }
        return new ResumeData(
                Samples.INFO_HASH, new ResumeData.Claim(set, List.of(TorrentStorage.NO_FILE), false), Samples.NOTES);
    }

    private ResumeFile.Found found() throws StorageException {
        return switch (StoredResume.in(folder).load(Samples.INFO_HASH).orElseThrow()) {
            case Decoding.Decoded<ResumeFile.Found>(var found) -> found;
            case Decoding<ResumeFile.Found> other -> throw new AssertionError(other);
        };
    }

    private static List<Integer> list(PieceSet set) {
        return IntStream.range(0, set.pieces()).filter(set::contains).boxed().toList();
    }

    @Test
    void remembersWhatWasSavedAndWhatBeganSince() throws StorageException {
        store.save(data(1, 2), List.of(5));
        store.begun(Samples.INFO_HASH, 7);
        store.begun(Samples.INFO_HASH, 3);

        assertThat(found().data()).isEqualTo(data(1, 2));
        assertThat(list(found().begun())).containsExactly(3, 5, 7);
    }

    @Test
    void aSaveReplacesEverything() throws StorageException {
        store.save(data(1), List.of());
        store.begun(Samples.INFO_HASH, 7);
        store.save(data(1, 7), List.of());
        store.begun(Samples.INFO_HASH, 8);

        assertThat(found().data()).isEqualTo(data(1, 7));
        assertThat(list(found().begun())).containsExactly(8);
    }

    @Test
    void nothingCanBeginBeforeSomethingWasSaved() {
        assertThatIllegalStateException().isThrownBy(() -> store.begun(Samples.INFO_HASH, 7));
    }

    @Test
    void knowsItsTorrents() throws StorageException {
        assertThat(store.torrents()).isEmpty();
        store.saveMetainfo(OTHER, new byte[] {1});
        store.saveMetainfo(Samples.INFO_HASH, new byte[] {2});
        store.save(data(), List.of());

        assertThat(store.torrents()).containsExactly(Samples.INFO_HASH, OTHER);
        assertThat(store.loadMetainfo(OTHER)).hasValue(new byte[] {1});

        store.remove(Samples.INFO_HASH);
        assertThat(store.torrents()).containsExactly(OTHER);
        assertThat(store.load(Samples.INFO_HASH)).isEmpty();
    }

    /** What the death of a process leaves beside the file does not matter. */
    @Test
    void ignoresTheRestsOfASaveThatDied() throws Exception {
        store.save(data(1), List.of());
        byte[] whole = Files.readAllBytes(folder.resolve(Samples.INFO_HASH + ".resume"));
        Files.write(folder.resolve(Samples.INFO_HASH + ".resume.tmp"), Arrays.copyOf(whole, whole.length / 2));

        assertThat(found().data()).isEqualTo(data(1));
        store.save(data(1, 2), List.of());
        assertThat(found().data()).isEqualTo(data(1, 2));
    }

    @Test
    void aFailedSaveLeavesTheOldFileAndItsRecords() throws Exception {
        store.save(data(1), List.of());
        store.begun(Samples.INFO_HASH, 4);
        StoredResume failing = StoredResume.in(folder, new FolderStateStore(folder, (file, bytes) -> {
            throw new IOException("No space left on device");
        }));

        assertThatExceptionOfType(StorageException.DiskFull.class)
                .isThrownBy(() -> failing.save(data(1, 4), List.of()))
                .withMessageContaining(".resume");
        store.begun(Samples.INFO_HASH, 5);
        assertThat(found().data()).isEqualTo(data(1));
        assertThat(list(found().begun())).containsExactly(4, 5);
    }

    @Test
    void keepsWhatItCannotReadWhenItIsReplaced() throws Exception {
        Files.createDirectories(folder);
        Path file = folder.resolve(Samples.INFO_HASH + ".resume");
        Files.writeString(file, "from the future");
        assertThat(store.load(Samples.INFO_HASH).orElseThrow()).isInstanceOf(Decoding.Malformed.class);

        store.save(data(1), List.of());

        assertThat(found().data()).isEqualTo(data(1));
        assertThat(folder.resolve(file.getFileName() + ".unreadable")).hasContent("from the future");
    }

    @Test
    void doesNotTakeAnotherTorrentsData() throws Exception {
        store.save(data(1), List.of());
        Files.copy(folder.resolve(Samples.INFO_HASH + ".resume"), folder.resolve(OTHER + ".resume"));

        assertThat(store.load(OTHER).orElseThrow()).isInstanceOf(Decoding.Malformed.class);
    }
}
