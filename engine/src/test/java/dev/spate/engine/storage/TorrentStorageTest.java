package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spate.io.file.FilePool;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorrentStorageTest {

    @TempDir
    Path folder;

    private final FilePool pool = new FilePool(4);

    @AfterEach
    void close() {
        pool.close();
    }

    private TorrentStorage storage(Samples samples) {
        return new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(folder), new FileSystemStore(pool));
    }

    private static PieceSet none(Samples samples) {
        return new PieceSet(samples.pieces().pieces());
    }

    private static TorrentStorage prepared(TorrentStorage storage, Samples samples) throws StorageException {
        storage.prepare(none(samples), new BitSet(), false);
        return storage;
    }

    private Path put(TorrentStorage storage, int file, byte[] bytes) throws IOException {
        Path path = storage.path(file);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    /** Pieces in any order, ranges of any kind, on real files, against the bytes themselves. */
    @Test
    void readsWhatWasWritten() throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Samples samples = Samples.any(random, 256);
            Path own = Files.createDirectory(folder.resolve("run" + seed));
            try (TorrentStorage storage = new TorrentStorage(
                    Samples.INFO_HASH, samples.layout(), Places.in(own), new FileSystemStore(pool))) {
                prepared(storage, samples);
                List<Integer> order = new ArrayList<>();
                for (int piece = 0; piece < samples.pieces().pieces(); piece++) {
                    order.add(random.nextInt(order.size() + 1), piece);
                }
                for (int piece : order) {
                    storage.writePiece(piece, samples.directPiece(piece));
                }
                storage.force();
                for (int i = 0; i < 20; i++) {
                    int begin = random.nextInt(samples.bytes().length);
                    int end = random.nextInt(begin, samples.bytes().length + 1);
                    ByteBuffer read = ByteBuffer.allocateDirect(end - begin);
                    storage.read(begin, read);
                    assertThat(read.flip())
                            .as("seed %d", seed)
                            .isEqualTo(ByteBuffer.wrap(samples.bytes(), begin, end - begin));
                }
                assertThat(storage.stamps())
                        .extracting(stamp -> stamp.length())
                        .containsExactlyElementsOf(expectedLengths(samples.layout()));
            }
        }
    }

    private static List<Long> expectedLengths(FileLayout layout) {
        List<Long> lengths = new ArrayList<>();
        for (int file = 0; file < layout.files(); file++) {
            lengths.add(layout.file(file).isStored() ? layout.file(file).length() : -1);
        }
        // There is no part file.
        lengths.add(-1L);
        return lengths;
    }

    @Test
    void makesEmptyFilesAtOnceAndPadFilesNever() throws StorageException {
        Samples samples = Samples.of(new Random(1), 100, 50, 0, -50, 10);
        TorrentStorage storage = prepared(storage(samples), samples);

        assertThat(storage.path(1)).isEmptyFile();
        storage.writePiece(0, samples.directPiece(0));
        assertThat(storage.path(2)).doesNotExist();
    }

    @Test
    void namesAFileThatIsMissingOrTooShort() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 60, 40);
        TorrentStorage storage = prepared(storage(samples), samples);
        ByteBuffer into = ByteBuffer.allocateDirect(100);

        assertThatExceptionOfType(StorageException.Missing.class)
                .isThrownBy(() -> storage.read(0, into))
                .satisfies(e -> assertThat(e.subject()).isEqualTo(storage.path(0)))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("read"))
                .withMessageContaining("recheck");

        put(storage, 0, new byte[59]);
        assertThatExceptionOfType(StorageException.Changed.class)
                .isThrownBy(() -> storage.read(0, into.clear()))
                .withMessageContaining("file0")
                .withMessageContaining("ends before byte 60");
    }

    @Test
    void writesNothingBeforeItIsKnownThatItMay() {
        Samples samples = Samples.of(new Random(1), 100, 60, 40);
        TorrentStorage storage = storage(samples);

        assertThatIllegalStateException().isThrownBy(() -> storage.writePiece(0, samples.directPiece(0)));
        assertThatIllegalStateException().isThrownBy(storage::delete);
    }

    @Test
    void somebodyElsesFileIsANameClashUntilTheUserSaysOtherwise() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 60, 40);
        TorrentStorage storage = storage(samples);
        Path foreign = put(storage, 0, new byte[] {1, 2, 3});
        Path second = put(storage, 1, new byte[] {4});

        assertThatExceptionOfType(StorageException.NameClash.class)
                .isThrownBy(() -> prepared(storage, samples))
                .satisfies(e -> assertThat(e.paths()).containsExactly(foreign, second))
                .withMessageContaining("allow overwriting");
        assertThat(foreign).hasBinaryContent(new byte[] {1, 2, 3});

        storage.prepare(none(samples), new BitSet(), true);
        storage.writePiece(0, samples.directPiece(0));
        assertThat(foreign).hasBinaryContent(Arrays.copyOf(samples.bytes(), 60));
    }

    @Test
    void aFileWithAGoodPieceIsOurs() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250);
        TorrentStorage storage = storage(samples);
        put(storage, 0, Arrays.copyOf(samples.bytes(), 130));
        PieceSet verified = none(samples);
        verified.add(0);

        storage.prepare(verified, new BitSet(), false);

        storage.writePiece(1, samples.directPiece(1));
        assertThat(storage.path(0)).hasBinaryContent(Arrays.copyOf(samples.bytes(), 200));
    }

    @Test
    void aFileOfZerosHasNothingToLose() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250);
        TorrentStorage storage = storage(samples);
        put(storage, 0, new byte[250]);

        prepared(storage, samples);
    }

    @Test
    void aFileThatIsTooLongIsANameClashEvenWhenItsBeginningIsGood() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250);
        TorrentStorage storage = storage(samples);
        Path path = put(storage, 0, Arrays.copyOf(samples.bytes(), 251));
        PieceSet verified = PieceSet.full(3);

        assertThatExceptionOfType(StorageException.NameClash.class)
                .isThrownBy(() -> storage.prepare(verified, new BitSet(), false))
                .withMessageContaining("longer");

        storage.prepare(verified, new BitSet(), true);
        assertThat(path).hasBinaryContent(samples.bytes());
    }

    @Test
    void aFolderInThePlaceOfAFileIsAClashThatNobodyCanAllow() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250);
        TorrentStorage storage = storage(samples);
        Files.createDirectories(storage.path(0));

        assertThatExceptionOfType(StorageException.NameClash.class)
                .isThrownBy(() -> storage.prepare(none(samples), new BitSet(), true));
    }

    @Test
    void aFileInThePlaceOfAFolderIsAClash() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250);
        Files.writeString(folder.resolve("torrent"), "mine");
        TorrentStorage storage = storage(samples);

        assertThatExceptionOfType(StorageException.NameClash.class)
                .isThrownBy(() -> storage.prepare(none(samples), new BitSet(), true));
        assertThat(folder.resolve("torrent")).hasContent("mine");
    }

    @Test
    void neverFollowsASymbolicLink(@TempDir Path outside) throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250);
        TorrentStorage storage = storage(samples);
        Path victim = Files.writeString(outside.resolve("victim"), "precious");
        Files.createDirectories(storage.path(0).getParent());
        Files.createSymbolicLink(storage.path(0), victim);

        assertThatExceptionOfType(StorageException.UnsafePath.class)
                .isThrownBy(() -> storage.prepare(none(samples), new BitSet(), true))
                .withMessageContaining("symbolic link");

        Files.delete(storage.path(0));
        Files.delete(storage.path(0).getParent());
        prepared(storage, samples);
        Files.createSymbolicLink(storage.path(0).getParent(), outside);

        assertThatExceptionOfType(StorageException.UnsafePath.class)
                .isThrownBy(() -> storage.writePiece(0, samples.directPiece(0)));
        assertThat(outside).isDirectoryNotContaining("glob:**file0");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void tellsAFullDiskFromAFolderThatMayNotBeWritten() throws StorageException {
        Samples samples = Samples.of(new Random(1), 100, 250);
        FakeDisk disk = new FakeDisk();
        TorrentStorage storage = prepared(
                new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk), samples);

        for (String words : List.of("No space left on device", "Disk quota exceeded")) {
            disk.failAfter(0, words);
            assertThatExceptionOfType(StorageException.DiskFull.class)
                    .isThrownBy(() -> storage.writePiece(0, samples.directPiece(0)));
        }
        for (String words : List.of("Read-only file system", "Permission denied")) {
            disk.failAfter(0, words);
            assertThatExceptionOfType(StorageException.NotPermitted.class)
                    .isThrownBy(() -> storage.writePiece(0, samples.directPiece(0)));
        }
        disk.failAfter(0, "Input/output error");
        StorageException.Failed failed = catchThrowableOfType(
                StorageException.Failed.class, () -> storage.writePiece(0, samples.directPiece(0)));
        assertThat(failed).hasMessageContaining("Input/output error").hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void holdsNoDescriptorAfterItLetGoAndGoesOnWhenItIsUsed() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 250, 70);
        try (TorrentStorage storage = prepared(storage(samples), samples)) {
            storage.writePiece(0, samples.directPiece(0));
            assertThat(pool.openFiles()).isPositive();

            storage.release();
            assertThat(pool.openFiles()).isZero();

            for (int piece = 1; piece < samples.pieces().pieces(); piece++) {
                storage.writePiece(piece, samples.directPiece(piece));
            }
            ByteBuffer read = ByteBuffer.allocateDirect(samples.bytes().length);
            storage.read(0, read);
            assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(samples.bytes()));
        }
    }

    /** A real device without room, where the system offers one. */
    @Test
    void recognizesTheSystemsOwnFullDisk() throws StorageException {
        IOException full =
                catchThrowableOfType(IOException.class, () -> Files.write(Path.of("/dev/full"), new byte[] {1}));
        assumeTrue(full != null && Files.exists(Path.of("/dev/full")));

        assertThat(StorageException.ofFolder("write", folder, full)).isInstanceOf(StorageException.DiskFull.class);
    }

    /** What 10,000 small files demand: no flush of the device for each piece. */
    @Test
    void forcesOnlyWhenAskedAndEachFileOnce() throws StorageException {
        long[] lengths = new long[500];
        Arrays.fill(lengths, 64);
        Samples samples = Samples.of(new Random(1), 128, lengths);
        FakeDisk disk = new FakeDisk();
        TorrentStorage storage = prepared(
                new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk), samples);
        for (int piece = 0; piece < samples.pieces().pieces(); piece++) {
            storage.writePiece(piece, samples.directPiece(piece));
        }
        assertThat(disk.forces()).isZero();

        storage.force();
        storage.force();
        assertThat(disk.forces()).isEqualTo(500);
    }

    /** Or a checkpoint that runs while a piece is being written would let the next one claim what was never forced. */
    @Test
    void aForceDuringAWriteDoesNotCountForIt() throws StorageException {
        Samples samples = Samples.of(new Random(1), 100, 250);
        FakeDisk disk = new FakeDisk();
        TorrentStorage storage = prepared(
                new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk), samples);
        storage.writePiece(0, samples.directPiece(0));
        disk.beforeWrites(() -> {
            try {
                storage.force();
            } catch (StorageException e) {
                throw new AssertionError(e);
            }
        });
        storage.writePiece(1, samples.directPiece(1));
        storage.force();
        disk.losePower();

        assertThat(disk.bytes(storage.path(0)).orElseThrow()).isEqualTo(Arrays.copyOf(samples.bytes(), 200));
    }

    @Test
    void deletesItsOwnAndNothingElse() throws Exception {
        Samples samples = Samples.of(new Random(1), 100, 60, 40, 0);
        TorrentStorage storage = prepared(storage(samples), samples);
        storage.writePiece(0, samples.directPiece(0));
        Path guest = Files.writeString(storage.path(1).resolveSibling("guest"), "stays");

        storage.delete();

        assertThat(storage.path(0).getParent()).doesNotExist();
        assertThat(guest).hasContent("stays");
        assertThat(folder).exists();
    }

    @Test
    void refusesANameThatLeavesTheFolder() {
        FileLayout layout = new FileLayout(
                new PieceLayout(1, 1), List.of(new FileLayout.StoredFile(List.of("a", "..", "..", "b"), 1, true)));

        assertThatIllegalStateException()
                .isThrownBy(() -> new TorrentStorage(
                                Samples.INFO_HASH, layout, Places.in(folder), new FileSystemStore(pool))
                        .path(0));
    }
}
