package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The hidden file for parts of pieces whose files are not wanted: keeps what it was given, and believes nothing that is damaged. */
class PartFileTest {
    private static final Path PATH = Samples.FOLDER.resolve("parts");

    private final Samples samples = Samples.of(new Random(1), 64, 1_000);
    private final FakeDisk disk = new FakeDisk();

    private PartFile open() {
        return new PartFile(Samples.INFO_HASH, samples.pieces(), disk.file(Samples.FOLDER, Path.of("parts")), PATH);
    }

    private static ByteBuffer bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return Samples.direct(bytes);
    }

    private static ByteBuffer read(PartFile parts, int piece, int begin, int length) throws StorageException {
        ByteBuffer into = ByteBuffer.allocateDirect(length);
        parts.read(piece, begin, into);
        return into.flip();
    }

    @Test
    void keepsPartsOfPiecesWhoeverOpensItNext() throws StorageException {
        PartFile parts = open();
        parts.write(7, 10, bytes(20, 1));
        parts.write(3, 0, bytes(5, 2));
        parts.write(7, 30, bytes(4, 3));

        PartFile again = open();

        assertThat(again.pieces()).containsExactly(3, 7);
        assertThat(read(again, 7, 10, 20)).isEqualTo(bytes(20, 1));
        assertThat(read(again, 7, 30, 4)).isEqualTo(bytes(4, 3));
        assertThat(read(again, 3, 0, 5)).isEqualTo(bytes(5, 2));
    }

    @Test
    void isNoLongerThanItsSlotsAndGivesThemToOthers() throws StorageException {
        PartFile parts = open();
        parts.write(1, 0, bytes(64, 1));
        parts.write(2, 0, bytes(64, 2));
        long length = disk.bytes(PATH).orElseThrow().length;
        assertThat(length).isEqualTo(PartFile.HEADER_LENGTH + 2 * (PartFile.RECORD_LENGTH + 64));

        parts.release(1);
        parts.write(5, 0, bytes(64, 5));

        assertThat(disk.bytes(PATH).orElseThrow()).hasSize((int) length);
        assertThat(open().pieces()).containsExactly(2, 5);
    }

    @Test
    void goesWithItsLastPiece() throws StorageException {
        PartFile parts = open();
        parts.write(1, 0, bytes(64, 1));

        parts.release(1);

        assertThat(disk.bytes(PATH)).isEmpty();
        parts.write(2, 0, bytes(64, 2));
        assertThat(open().pieces()).containsExactly(2);
    }

    /** A flipped bit of the index may cost a piece and must never give one the bytes of another. */
    @Test
    void believesNoRecordThatIsDamaged() throws StorageException {
        PartFile parts = open();
        parts.write(7, 0, bytes(64, 1));
        byte[] good = disk.bytes(PATH).orElseThrow();
        for (int bit = 0; bit < (PartFile.RECORD_LENGTH - 4) * 8; bit++) {
            byte[] damaged = good.clone();
            damaged[PartFile.HEADER_LENGTH + bit / 8] ^= (byte) (1 << bit % 8);
            disk.put(PATH, damaged);

            assertThat(open().pieces()).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void believesNeitherOfTwoSlotsForOnePiece() throws StorageException {
        PartFile parts = open();
        parts.write(7, 0, bytes(64, 1));
        byte[] one = disk.bytes(PATH).orElseThrow();
        disk.remove(PATH);
        PartFile other = open();
        other.write(6, 0, bytes(64, 2));
        other.write(7, 0, bytes(64, 2));
        byte[] both = disk.bytes(PATH).orElseThrow();
        System.arraycopy(one, PartFile.HEADER_LENGTH, both, PartFile.HEADER_LENGTH, PartFile.RECORD_LENGTH);
        disk.put(PATH, both);

        assertThat(open().pieces()).isEmpty();
    }

    @Test
    void readsNothingOfAPieceThatItDoesNotHave() {
        assertThatExceptionOfType(StorageException.Missing.class).isThrownBy(() -> read(open(), 2, 0, 1));
    }

    @Test
    void leavesAForeignFileOfItsNameAlone() {
        byte[] foreign = "somebody's letters, longer than a header, and with nothing of ours in them"
                .getBytes(StandardCharsets.UTF_8);
        disk.put(PATH, foreign);

        assertThatExceptionOfType(StorageException.NameClash.class).isThrownBy(() -> open().write(1, 0, bytes(64, 1)));
        assertThat(disk.bytes(PATH).orElseThrow()).isEqualTo(foreign);
    }

    @Test
    void takesWhatALossOfPowerLeftForEmpty() throws StorageException {
        disk.put(PATH, new byte[500]);

        PartFile parts = open();
        parts.write(4, 0, bytes(64, 1));

        assertThat(open().pieces()).containsExactly(4);
    }
}
