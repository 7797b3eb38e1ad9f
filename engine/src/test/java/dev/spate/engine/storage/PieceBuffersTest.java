package dev.spate.engine.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PieceBuffersTest {
    private static final int SLAB = PieceBuffers.SLAB_LENGTH;

    private record Taken(PieceBuffers.Memory memory, byte mark) {}

    /** Whoever takes memory marks all of it; nobody else's mark may ever appear there. */
    @Test
    void memoryIsNeverGivenToTwoAndNeverExceedsTheBound() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            PieceBuffers buffers = new PieceBuffers(PieceBuffers.MIN_LIMIT);
            List<PieceBuffers.Share> shares = List.of(buffers.share(() -> {}), buffers.share(() -> {}));
            List<Taken> all = new ArrayList<>();
            for (int step = 0; step < 400; step++) {
                if (random.nextInt(5) < 3) {
                    int length = random.nextBoolean() ? random.nextInt(1, 2 * SLAB) : random.nextInt(1, SLAB / 4);
                    PieceBuffers.Memory memory = shares.get(random.nextInt(2)).take(length);
                    if (memory != null) {
                        assertThat(memory.parts().stream()
                                        .mapToInt(ByteBuffer::capacity)
                                        .sum())
                                .isGreaterThanOrEqualTo(length);
                        Taken taken = new Taken(memory, (byte) step);
                        fill(taken);
                        all.add(taken);
                    }
                } else if (!all.isEmpty()) {
                    Taken taken = all.remove(random.nextInt(all.size()));
                    assertMarked(taken, seed);
                    taken.memory.close();
                }
                assertThat(buffers.used()).isLessThanOrEqualTo(buffers.limit());
            }
            all.forEach(taken -> taken.memory.close());
            assertThat(buffers.used()).isZero();
        }
    }

    private static void fill(Taken taken) {
        for (ByteBuffer part : taken.memory.parts()) {
            for (int i = 0; i < part.capacity(); i += 4096) {
                part.put(i, taken.mark);
            }
        }
    }

    private static void assertMarked(Taken taken, int seed) {
        for (ByteBuffer part : taken.memory.parts()) {
            for (int i = 0; i < part.capacity(); i += 4096) {
                assertThat(part.get(i)).as("seed %d", seed).isEqualTo(taken.mark);
            }
        }
    }

    @Test
    void smallPiecesShareASlab() {
        PieceBuffers buffers = new PieceBuffers(PieceBuffers.MIN_LIMIT);
        PieceBuffers.Share share = buffers.share(() -> {});
        for (int i = 0; i < PieceBuffers.SLOTS; i++) {
            assertThat(share.take(PieceBuffers.SLOT_LENGTH)).isNotNull();
        }

        assertThat(buffers.used()).isEqualTo(SLAB);
    }

    @Test
    void oneTorrentLeavesRoomForAnother() {
        PieceBuffers buffers = new PieceBuffers(64 * SLAB);
        PieceBuffers.Share greedy = buffers.share(() -> {});
        int taken = 0;
        while (greedy.take(SLAB) != null) {
            taken++;
        }

        assertThat(taken).isEqualTo(56);
        assertThat(buffers.share(() -> {}).take(SLAB)).isNotNull();
    }

    @Test
    void whoeverWasRefusedIsToldOnce() {
        PieceBuffers buffers = new PieceBuffers(PieceBuffers.MIN_LIMIT);
        AtomicInteger told = new AtomicInteger();
        PieceBuffers.Share share = buffers.share(told::incrementAndGet);
        List<PieceBuffers.Memory> taken = new ArrayList<>();
        for (PieceBuffers.Memory memory = share.take(SLAB); memory != null; memory = share.take(SLAB)) {
            taken.add(memory);
        }

        taken.get(0).close();
        taken.get(1).close();

        assertThat(told).hasValue(1);
    }

    @Test
    void overdrawnMemoryIsCountedAndComesBack() {
        PieceBuffers buffers = new PieceBuffers(PieceBuffers.MIN_LIMIT);
        PieceBuffers.Share share = buffers.share(() -> {});
        List<PieceBuffers.Memory> extra = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            extra.add(share.overdraw());
        }

        assertThat(buffers.used()).isGreaterThan(buffers.limit());
        assertThat(share.take(SLAB)).isNull();

        extra.forEach(PieceBuffers.Memory::close);
        assertThat(share.take(SLAB)).isNotNull();
    }

    @Test
    void trimKeepsWhatWasInUseSinceTheLastTime() {
        PieceBuffers buffers = new PieceBuffers(PieceBuffers.MIN_LIMIT);
        PieceBuffers.Share share = buffers.share(() -> {});
        PieceBuffers.Memory first = requireNonNull(share.take(SLAB));
        ByteBuffer memory = first.parts().getFirst();
        first.close();

        // Needed a moment ago, so it stays; the second time it was idle all along.
        buffers.trim();
        memory.put(0, (byte) 1);
        buffers.trim();

        assertThatIllegalStateException().isThrownBy(() -> memory.put(0, (byte) 1));
    }

    @Test
    void memoryGivenBackTwiceIsABug() {
        PieceBuffers.Memory memory = requireNonNull(
                new PieceBuffers(PieceBuffers.MIN_LIMIT).share(() -> {}).take(1));
        memory.close();

        assertThatIllegalStateException().isThrownBy(memory::close);
    }
}
