package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.engine.store.Allocation;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoomTest {
    /** A file, a pad file, one longer than a stretch, an empty one, and the rest of the last piece. */
    private final Samples samples = Samples.of(new Random(1), 1 << 16, 100_000, -31_072, 20 << 20, 0, 7);

    private final FakeDisk disk = new FakeDisk();
    private final TorrentStorage storage =
            new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);

    private void prepare() throws StorageException {
        storage.prepare(new PieceSet(samples.pieces().pieces()), new BitSet(), false);
    }

    private long length(int file) {
        return disk.bytes(storage.path(file)).map(bytes -> (long) bytes.length).orElse(-1L);
    }

    private static int takeAll(Room room) throws StorageException {
        int calls = 1;
        while (room.takeMore()) {
            calls++;
        }
        return calls;
    }

    @Test
    void takesNoneBeforeTheBytesCome() throws StorageException {
        prepare();

        takeAll(new Room(storage, Allocation.NONE));

        assertThat(disk.files()).containsExactly(storage.path(3));
    }

    @Test
    void takesTheLengthOfEveryFileAtOnce() throws StorageException {
        prepare();

        takeAll(new Room(storage, Allocation.SPARSE));

        assertThat(length(0)).isEqualTo(100_000);
        assertThat(length(1)).as("a pad file").isEqualTo(-1);
        assertThat(length(2)).isEqualTo(20 << 20);
        assertThat(length(4)).isEqualTo(7);
        assertThat(disk.writes()).isZero();
    }

    @Test
    void writesZerosInStretchesAndSaysHowManyAreLeft() throws StorageException {
        prepare();
        Room room = new Room(storage, Allocation.FULL);

        assertThat(room.takeMore()).isTrue();
        assertThat(room.missing()).isEqualTo((20 << 20) + 7);
        assertThat(room.takeMore()).isTrue();
        assertThat(room.missing()).isEqualTo((12 << 20) + 7);
        assertThat(takeAll(room)).isEqualTo(4);

        assertThat(room.missing()).isZero();
        assertThat(length(2)).isEqualTo(20 << 20);
        assertThat(disk.writes()).isGreaterThan(80);
    }

    @Test
    void keepsWhatIsThere() throws StorageException {
        prepare();
        storage.writePiece(
                0,
                ByteBuffer.allocateDirect(1 << 16)
                        .put(samples.bytes(), 0, 1 << 16)
                        .flip());

        takeAll(new Room(storage, Allocation.FULL));

        byte[] there = disk.bytes(storage.path(0)).orElseThrow();
        assertThat(Arrays.copyOf(there, 1 << 16)).isEqualTo(Arrays.copyOf(samples.bytes(), 1 << 16));
        assertThat(there).hasSize(100_000);
    }

    @Test
    void takesNoneForFilesThatAreNotWantedUntilTheyAre() throws StorageException {
        BitSet unwanted = new BitSet();
        unwanted.set(2);
        storage.arrange(unwanted, null);
        prepare();

        takeAll(new Room(storage, Allocation.SPARSE));
        assertThat(length(2)).isEqualTo(-1);

        storage.want(2);
        storage.takeRoom(2, Allocation.FULL, () -> disk.writes() > 40);
        assertThat(length(2)).as("told to stop").isEqualTo(16 << 20);
        storage.takeRoom(2, Allocation.FULL, () -> false);
        assertThat(length(2)).isEqualTo(20 << 20);
    }

    @Test
    void aDiskThatIsTooSmallIsFoundOutAtOnce() throws StorageException {
        prepare();
        disk.failAfter(3, "No space left on device");

        assertThatExceptionOfType(StorageException.DiskFull.class)
                .isThrownBy(() -> takeAll(new Room(storage, Allocation.FULL)))
                .withMessageContaining(storage.path(2).toString());
    }
}
