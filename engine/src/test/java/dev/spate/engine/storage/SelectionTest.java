package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.engine.store.Allocation;
import dev.spate.io.work.Workers;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that are not wanted are never made, their share of wanted pieces is kept all the same, and none of it is ever lost. */
class SelectionTest {
    private static final int PIECE_LENGTH = 64;
    private static final Path PARTS = Samples.FOLDER.resolve(Places.partFile(Samples.INFO_HASH));

    private static Workers workers;

    private final FakeDisk disk = new FakeDisk();
    private final MemoryResumeStore store = new MemoryResumeStore();

    @BeforeAll
    static void start() {
        workers = Workers.start("selection-test", 2);
    }

    @AfterAll
    static void stop() {
        workers.close();
    }

    /** One process with these files open. */
    private final class Life {
        final Samples samples;
        final TorrentStorage storage;
        final Checkpoint checkpoint;
        final PieceSet flushed;

        Life(Samples samples, BitSet unwanted) {
            this.samples = samples;
            storage = new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
            Optional<ResumeFile.Found> resume = store.load(Samples.INFO_HASH)
                    .map(decoding -> ((Decoding.Decoded<ResumeFile.Found>) decoding).value());
            flushed = Opening.start(
                            storage,
                            samples.hashes(),
                            new PieceChecker(),
                            resume,
                            workers,
                            new CheckTurns(),
                            unwanted,
                            false,
                            Allocation.NONE)
                    .result()
                    .join()
                    .flushed();
            checkpoint = new Checkpoint(storage, store, Samples.INFO_HASH, flushed, Samples.NOTES);
        }

        void write(int piece) throws StorageException {
            checkpoint.begun(piece);
            storage.writePiece(piece, samples.directPiece(piece));
            checkpoint.written(piece);
            flushed.add(piece);
        }

        ByteBuffer read(int piece) throws StorageException {
            ByteBuffer into = ByteBuffer.allocateDirect(samples.pieces().length(piece));
            storage.read(samples.pieces().offset(piece), into);
            return into.flip();
        }

        void want(int file) throws StorageException {
            storage.want(file);
            checkpoint.save();
            storage.tidy();
        }
    }

    private static BitSet files(int... numbers) {
        BitSet set = new BitSet();
        for (int number : numbers) {
            set.set(number);
        }
        return set;
    }

    private byte[] onDisk(Life process, int file) {
        return disk.bytes(process.storage.path(file)).orElse(new byte[0]);
    }

    @Test
    void anUnwantedFileIsNotMadeAndItsShareIsKept() throws StorageException {
        // Pieces of 64: the first is of files 0 and 1, the third of 1 and 2.
        Samples samples = Samples.of(new Random(1), PIECE_LENGTH, 40, 100, 60, 0);
        Life process = new Life(samples, files(1, 3));
        process.write(0);
        process.write(2);

        assertThat(disk.bytes(process.storage.path(1))).isEmpty();
        assertThat(disk.bytes(process.storage.path(3))).isEmpty();
        assertThat(process.read(0)).isEqualTo(samples.directPiece(0));
        assertThat(process.read(2)).isEqualTo(samples.directPiece(2));
        assertThat(disk.bytes(PARTS)).isPresent();
    }

    @Test
    void aFileThatIsWantedLaterGetsWhatWasKept() throws StorageException {
        Samples samples = Samples.of(new Random(1), PIECE_LENGTH, 40, 100, 60, 0);
        Life process = new Life(samples, files(1, 3));
        process.write(0);
        process.write(2);
        process.want(1);
        process.want(3);
        process.write(1);

        assertThat(disk.bytes(PARTS)).isEmpty();
        assertThat(onDisk(process, 1)).isEqualTo(Arrays.copyOfRange(samples.bytes(), 40, 140));
        assertThat(disk.bytes(process.storage.path(3)))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEmpty());
    }

    @Test
    void aPieceBetweenTwoUnwantedFilesStaysForTheSecond() throws StorageException {
        Samples samples = Samples.of(new Random(1), PIECE_LENGTH, 20, 20, 20, 100);
        Life process = new Life(samples, files(1, 2));
        process.write(0);
        process.want(1);

        assertThat(disk.bytes(PARTS)).isPresent();
        assertThat(process.read(0)).isEqualTo(samples.directPiece(0));
        process.want(2);
        assertThat(disk.bytes(PARTS)).isEmpty();
        assertThat(process.read(0)).isEqualTo(samples.directPiece(0));
    }

    @Test
    void aFileThatIsThereStaysWhenItIsNotWantedAnyMore() throws StorageException {
        Samples samples = Samples.of(new Random(1), PIECE_LENGTH, 100, 100);
        Life process = new Life(samples, files());
        process.write(0);
        process.storage.unwant(0);
        process.storage.unwant(1);
        process.write(1);

        assertThat(disk.bytes(process.storage.path(0))).isPresent();
        assertThat(disk.bytes(process.storage.path(1))).isEmpty();
        assertThat(process.read(1)).isEqualTo(samples.directPiece(1));
    }

    @Test
    void aForeignFileInThePlaceOfAnUnwantedOneIsLeftAlone() throws StorageException {
        Samples samples = Samples.of(new Random(1), PIECE_LENGTH, 40, 100, 60);
        Life process = new Life(samples, files(1));
        process.write(0);
        byte[] foreign = {1, 2, 3};
        disk.put(process.storage.path(1), foreign);

        assertThatExceptionOfType(StorageException.NameClash.class).isThrownBy(() -> process.storage.want(1));

        assertThat(onDisk(process, 1)).isEqualTo(foreign);
        assertThat(process.read(0)).isEqualTo(samples.directPiece(0));
    }

    @Test
    void claimsOnThePartFileAreBelievedAfterAProperEndAndNotWithoutIt() throws StorageException {
        Samples samples = Samples.of(new Random(1), PIECE_LENGTH, 40, 100, 60);
        Life process = new Life(samples, files(1));
        process.write(0);
        process.checkpoint.close();

        assertThat(new Life(samples, files(1)).flushed.contains(0)).isTrue();
        disk.remove(PARTS);
        assertThat(new Life(samples, files(1)).flushed.contains(0)).isFalse();
    }

    /** Any files, any selection, that changes and is cut short at any change of the disk: what was saved comes back and is true. */
    @Test
    void losesNothingWhenTheProcessIsKilledWhileTheSelectionChanges() throws StorageException {
        for (int seed = 0; seed < 400; seed++) {
            SelectionTest fresh = new SelectionTest();
            fresh.liveAndDie(seed);
        }
    }

    private void liveAndDie(int seed) throws StorageException {
        Random random = new Random(seed);
        Samples samples = Samples.any(random, PIECE_LENGTH);
        BitSet unwanted = new BitSet();
        for (int file = 0; file < samples.layout().files(); file++) {
            unwanted.set(file, random.nextBoolean());
        }
        BitSet remembered = (BitSet) unwanted.clone();
        Life process = new Life(samples, unwanted);
        TreeSet<Integer> reported = new TreeSet<>();
        for (int life = 0; life < 4; life++) {
            disk.dieAfter(random.nextInt(30), store::dieAtNextSave);
            try {
                for (int step = 0; step < 12; step++) {
                    int file = random.nextInt(samples.layout().files());
                    switch (random.nextInt(4)) {
                        case 0 -> process.checkpoint.save();
                        case 1 -> {
                            process.storage.want(file);
                            process.checkpoint.save();
                            remembered.clear(file);
                            process.storage.tidy();
                        }
                        default -> {
                            int piece = random.nextInt(process.flushed.pieces());
                            if (!process.flushed.contains(piece)) {
                                process.write(piece);
                                reported.add(piece);
                            }
                        }
                    }
                }
            } catch (StorageException e) {
                assertThat(e).hasMessageContaining("killed");
            }
            disk.heal();
            store.live();
            process = new Life(samples, remembered);
            for (int piece : reported) {
                assertThat(process.flushed.contains(piece))
                        .as("piece %d, seed %d, life %d", piece, seed, life)
                        .isTrue();
                assertThat(process.read(piece))
                        .as("piece %d, seed %d, life %d", piece, seed, life)
                        .isEqualTo(samples.directPiece(piece));
            }
        }
    }
}
