package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.engine.store.Allocation;
import dev.spate.io.work.Workers;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A download that dies at any moment, over and over: no claim is ever wrong, what was reported comes back after a kill, and what was
 * saved comes back after a loss of power, without reading everything again.
 */
class CrashTest {
    private static final int PIECE_LENGTH = 64;

    private static Workers workers;

    @BeforeAll
    static void start() {
        workers = Workers.start("crash-test", 2);
    }

    @AfterAll
    static void stop() {
        workers.close();
    }

    /** One process after the other on the same disk. */
    private static final class Machine {
        final RandomGenerator random;
        final Samples samples;
        final FakeDisk disk = new FakeDisk();
        final MemoryResumeStore store = new MemoryResumeStore();
        final PieceChecker checker = new PieceChecker();

        TorrentStorage storage;
        Checkpoint checkpoint;
        PieceSet flushed;
        /** Written and told to the user, by any process. */
        final TreeSet<Integer> reported = new TreeSet<>();
        /** Reported and in a checkpoint. */
        final TreeSet<Integer> saved = new TreeSet<>();

        Machine(RandomGenerator random) {
            this(random, Samples.any(random, PIECE_LENGTH));
        }

        Machine(RandomGenerator random, Samples samples) {
            this.random = random;
            this.samples = samples;
            this.storage = new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
            this.flushed = new PieceSet(samples.pieces().pieces());
            this.checkpoint = new Checkpoint(storage, store, Samples.INFO_HASH, flushed, Samples.NOTES);
        }

        /** Begun since the last checkpoint. */
        final TreeSet<Integer> begun = new TreeSet<>();

        boolean wrote;

        /** Returns how many pieces had to be read. */
        int boot() {
            wrote = false;
            storage = new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
            Optional<ResumeFile.Found> resume = store.load(Samples.INFO_HASH)
                    .map(decoding -> ((Decoding.Decoded<ResumeFile.Found>) decoding).value());
            Opening opening = Opening.start(
                    storage,
                    samples.hashes(),
                    checker,
                    resume,
                    workers,
                    new CheckTurns(),
                    new BitSet(),
                    false,
                    Allocation.NONE);
            flushed = opening.result().join().flushed();
            checkpoint = new Checkpoint(storage, store, Samples.INFO_HASH, flushed, Samples.NOTES);
            return opening.checked();
        }

        void begin(int piece) throws StorageException {
            checkpoint.begun(piece);
            if (!wrote) {
                begun.clear();
            }
            wrote = true;
            begun.add(piece);
        }

        void write(int piece) throws StorageException {
            begin(piece);
            storage.writePiece(piece, samples.directPiece(piece));
            checkpoint.written(piece);
            flushed.add(piece);
            reported.add(piece);
        }

        void save() throws StorageException {
            checkpoint.save();
            begun.clear();
            saved.clear();
            for (int piece = flushed.next(0); piece >= 0; piece = flushed.next(piece + 1)) {
                saved.add(piece);
            }
        }

        int missingPiece() {
            int piece = random.nextInt(flushed.pieces());
            while (flushed.contains(piece)) {
                piece = (piece + 1) % flushed.pieces();
            }
            return piece;
        }

        boolean isOnDisk(int piece) throws StorageException {
            try {
                return checker.matches(samples.hashes(), piece, storage);
            } catch (StorageException.Missing | StorageException.Changed e) {
                return false;
            }
        }
    }

    @Test
    void losesNothingWhenTheProcessIsKilled() throws StorageException {
        for (int seed = 0; seed < 300; seed++) {
            Machine machine = new Machine(new Random(seed));
            machine.boot();
            for (int life = 0; life < 4; life++) {
                liveAndDie(machine);
                boolean remembered = machine.store.load(Samples.INFO_HASH).isPresent();
                int read = machine.boot();

                assertThat(machine.reported).as("seed %d, life %d", seed, life).allMatch(machine.flushed::contains);
                assertThat(remembered ? read : 0)
                        .as("pieces read, seed %d, life %d", seed, life)
                        .isLessThanOrEqualTo(machine.begun.size());
                assertClaimsAreTrue(machine, seed);
            }
        }
    }

    @Test
    void losesNothingSavedWhenThePowerFails() throws StorageException {
        for (int seed = 0; seed < 300; seed++) {
            Machine machine = new Machine(new Random(seed));
            machine.boot();
            for (int life = 0; life < 4; life++) {
                liveAndDie(machine);
                machine.disk.losePower();
                machine.store.losePower();
                machine.boot();

                assertThat(machine.saved).as("seed %d, life %d", seed, life).allMatch(machine.flushed::contains);
                assertClaimsAreTrue(machine, seed);
                machine.reported.removeIf(piece -> !machine.flushed.contains(piece));
            }
        }
    }

    /** Writes and saves until death comes, maybe half-way through a piece or a save. */
    private static void liveAndDie(Machine machine) throws StorageException {
        for (int step = machine.random.nextInt(12); step > 0 && !machine.flushed.isFull(); step--) {
            if (machine.random.nextInt(4) == 0) {
                machine.save();
            } else {
                machine.write(machine.missingPiece());
            }
        }
        if (machine.flushed.isFull()) {
            return;
        }
        int torn = machine.missingPiece();
        try {
            switch (machine.random.nextInt(3)) {
                case 0 -> {
                    machine.disk.failAfter(0, "killed");
                    machine.write(torn);
                    // Made of padding only, so that nothing was written.
                    machine.reported.remove(torn);
                }
                case 1 -> {
                    machine.begin(torn);
                    byte[] half = Arrays.copyOf(
                            machine.samples.piece(torn),
                            machine.samples.pieces().length(torn) / 2);
                    machine.storage.write(machine.samples.pieces().offset(torn), Samples.direct(half));
                }
                default -> {
                    machine.store.dieAtNextSave();
                    machine.save();
                }
            }
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("killed");
        } finally {
            machine.disk.heal();
            machine.store.live();
        }
    }

    private static void assertClaimsAreTrue(Machine machine, int seed) throws StorageException {
        for (int piece = machine.flushed.next(0); piece >= 0; piece = machine.flushed.next(piece + 1)) {
            assertThat(machine.isOnDisk(piece))
                    .as("piece %d, seed %d", piece, seed)
                    .isTrue();
        }
    }

    @Test
    void readsNothingAfterAProperEnd() throws StorageException {
        Machine machine = new Machine(new Random(1));
        machine.boot();
        machine.write(0);
        machine.checkpoint.close();

        assertThat(machine.boot()).isZero();
        assertThat(machine.flushed.count()).isEqualTo(1);
    }

    @Test
    void readsTheFilesAgainThatSomebodyChangedMeanwhile() throws StorageException {
        Machine machine = new Machine(new Random(1), Samples.of(new Random(1), PIECE_LENGTH, 200, 300));
        machine.boot();
        for (int piece = 0; piece < machine.flushed.pieces(); piece++) {
            machine.write(piece);
        }
        machine.checkpoint.close();
        byte[] other = machine.disk.bytes(machine.storage.path(0)).orElseThrow();
        other[0] ^= 1;
        machine.disk.put(machine.storage.path(0), other);

        int read = machine.boot();

        assertThat(read).isEqualTo(machine.samples.layout().endPiece(0));
        assertThat(machine.flushed.contains(0)).isFalse();
        assertThat(machine.flushed.count()).isEqualTo(machine.flushed.pieces() - 1);
    }
}
