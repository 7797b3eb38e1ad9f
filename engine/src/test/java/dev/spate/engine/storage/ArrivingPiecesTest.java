package dev.spate.engine.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ArrivingPiecesTest {
    private static final int BLOCK = PieceLayout.BLOCK_LENGTH;

    /** Kept whole with this much memory. */
    private static final int WHOLE = 20 * BLOCK;

    /** Streamed with this much memory. */
    private static final int LONG = 100 * BLOCK;

    private final FakeDisk disk = new FakeDisk();
    private final PieceBuffers buffers = new PieceBuffers(PieceBuffers.MIN_LIMIT);

    private ArrivingPieces pieces(Samples samples) throws StorageException {
        TorrentStorage storage =
                new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
        PieceSet none = new PieceSet(samples.pieces().pieces());
        storage.prepare(none, new BitSet(), true);
        Checkpoint checkpoint = new Checkpoint(storage, ResumeStore.none(), Samples.INFO_HASH, none, Samples.NOTES);
        return new ArrivingPieces(storage, checkpoint, new PieceChecker(), samples.hashes(), buffers, () -> {});
    }

    private static ArrivingPiece open(ArrivingPieces pieces, int piece) {
        assertThat(pieces.tryOpen(piece)).isTrue();
        return requireNonNull(pieces.get(piece));
    }

    /** Sends a block in several parts; true when a spill is asked for. */
    private static boolean send(ArrivingPiece piece, byte[] content, int block, Random random) {
        int begin = block * BLOCK;
        int end = Math.min(content.length, begin + BLOCK);
        for (int at = begin; at < end; ) {
            int length = random.nextInt(1, end - at + 1);
            piece.put(at, ByteBuffer.wrap(content, at, length));
            at += length;
        }
        return piece.blockArrived(begin);
    }

    private static List<Integer> blocks(Samples samples, int piece, Random random, boolean shuffled) {
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < samples.pieces().blocks(piece); i++) {
            blocks.add(i);
        }
        if (shuffled) {
            Collections.shuffle(blocks, random);
        }
        return blocks;
    }

    private void assertOnDisk(Samples samples) throws StorageException {
        TorrentStorage storage =
                new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
        ByteBuffer all = ByteBuffer.allocateDirect(samples.bytes().length);
        storage.read(0, all);
        assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(samples.bytes()));
    }

    /** Blocks in any order, spilled on other threads meanwhile or not at all: the bytes on disk are those that were sent. */
    @Test
    void bringsPiecesOfAnyLengthToDisk() throws Exception {
        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
            for (int seed = 0; seed < 60; seed++) {
                Random random = new Random(seed);
                int length = random.nextBoolean() ? WHOLE : LONG;
                Samples samples = Samples.of(random, length, length / 3, -77, length + 5_000, 0, 12_345);
                ArrivingPieces pieces = pieces(samples);
                for (int number = 0; number < samples.pieces().pieces(); number++) {
                    ArrivingPiece piece = open(pieces, number);
                    List<Future<?>> spills = new ArrayList<>();
                    for (int block : blocks(samples, number, random, seed % 3 > 0)) {
                        if (send(piece, samples.piece(number), block, random) && seed % 4 > 0) {
                            spills.add(workers.submit(() -> {
                                piece.spill();
                                return null;
                            }));
                        }
                    }
                    Future<ArrivingPiece.Verdict> verdict = workers.submit(() -> piece.verify(true));
                    assertThat(verdict.get().good()).as("seed %d", seed).isTrue();
                    assertThat(verdict.get().blockDigests().orElseThrow())
                            .hasSize(samples.pieces().blocks(number));
                    for (Future<?> spill : spills) {
                        spill.get();
                    }
                    piece.flush();
                    pieces.close(number);
                }

                assertOnDisk(samples);
                assertThat(buffers.used()).as("seed %d", seed).isZero();
            }
        }
    }

    @Test
    void badDataOfAWholePieceNeverReachesTheDisk() throws StorageException {
        Samples samples = Samples.of(new Random(1), WHOLE, WHOLE);
        ArrivingPiece piece = open(pieces(samples), 0);
        byte[] bad = samples.piece(0);
        bad[3 * BLOCK + 5] ^= 1;
        blocks(samples, 0, new Random(1), false).forEach(block -> send(piece, bad, block, new Random(block)));

        ArrivingPiece.Verdict verdict = piece.verify(false);

        assertThat(verdict.good()).isFalse();
        assertThat(disk.writes()).isZero();
    }

    /** What smart ban needs: the digests of two deliveries differ exactly where the blocks do. */
    @Test
    void digestsTellWhichBlockWasBad() throws StorageException {
        for (int length : List.of(WHOLE, LONG)) {
            Samples samples = Samples.of(new Random(1), length, length);
            byte[] bad = samples.piece(0);
            bad[3 * BLOCK + 5] ^= 1;
            long[] first = verdict(samples, bad).blockDigests().orElseThrow();
            ArrivingPiece.Verdict second = verdict(samples, samples.piece(0));

            assertThat(second.good()).isTrue();
            for (int block = 0; block < first.length; block++) {
                assertThat(first[block] == second.blockDigests().orElseThrow()[block])
                        .isEqualTo(block != 3);
            }
        }
    }

    private ArrivingPiece.Verdict verdict(Samples samples, byte[] content) throws StorageException {
        ArrivingPieces pieces = pieces(samples);
        ArrivingPiece piece = open(pieces, 0);
        for (int block : blocks(samples, 0, new Random(1), true)) {
            send(piece, content, block, new Random(block));
        }
        ArrivingPiece.Verdict verdict = piece.verify(true);
        pieces.close(0);
        return verdict;
    }

    @Test
    void aFullDiskIsToldAndThePieceCanBeWrittenLater() throws StorageException {
        for (int length : List.of(WHOLE, LONG)) {
            Samples samples = Samples.of(new Random(length), length, length);
            ArrivingPiece piece = open(pieces(samples), 0);
            for (int block : blocks(samples, 0, new Random(1), true)) {
                send(piece, samples.piece(0), block, new Random(block));
            }
            disk.failAfter(1, "No space left on device");

            assertThatThrownBy(() -> {
                        piece.verify(false);
                        piece.flush();
                    })
                    .isInstanceOf(StorageException.DiskFull.class)
                    .hasMessageContaining("file0")
                    .hasMessageContaining("make room");

            disk.heal();
            assertThat(piece.verify(false).good()).isTrue();
            piece.flush();
            assertOnDisk(samples);
            piece.close();
        }
    }

    @Test
    void aStreamedPieceKeepsWithinItsMemoryWhenSpilled() throws StorageException {
        Samples samples = Samples.of(new Random(1), LONG, LONG);
        ArrivingPiece piece = open(pieces(samples), 0);
        long before = buffers.used();
        for (int block : blocks(samples, 0, new Random(2), true)) {
            if (send(piece, samples.piece(0), block, new Random(block))) {
                piece.spill();
            }
            assertThat(piece.isShortOfMemory()).isFalse();
        }

        assertThat(buffers.used()).isEqualTo(before);
        assertThat(piece.verify(false).good()).isTrue();
    }

    @Test
    void aSpillThatComesAfterTheEndOfItsPieceDoesNothing() throws StorageException {
        Samples samples = Samples.of(new Random(1), LONG, LONG);
        ArrivingPieces pieces = pieces(samples);
        ArrivingPiece piece = open(pieces, 0);
        for (int block : blocks(samples, 0, new Random(2), false)) {
            send(piece, samples.piece(0), block, new Random(block));
        }
        assertThat(piece.verify(false).good()).isTrue();
        piece.flush();
        pieces.close(0);

        piece.spill();

        assertThat(buffers.used()).isZero();
    }

    @Test
    void aStreamedPieceThatIsNotSpilledSaysSoAndLosesNothing() throws StorageException {
        Samples samples = Samples.of(new Random(1), LONG, LONG);
        ArrivingPieces pieces = pieces(samples);
        ArrivingPiece piece = open(pieces, 0);
        boolean shortOfMemory = false;
        for (int block : blocks(samples, 0, new Random(2), false)) {
            send(piece, samples.piece(0), block, new Random(block));
            shortOfMemory |= piece.isShortOfMemory();
        }

        assertThat(shortOfMemory).isTrue();
        assertThat(piece.verify(false).good()).isTrue();
        pieces.close();
        assertThat(buffers.used()).isZero();
    }

    @Test
    void memoryOfADroppedPieceComesBackWhenItsWorkerIsDone() throws Exception {
        Samples samples = Samples.of(new Random(1), WHOLE, WHOLE);
        ArrivingPieces pieces = pieces(samples);
        ArrivingPiece piece = open(pieces, 0);
        for (int block : blocks(samples, 0, new Random(1), false)) {
            send(piece, samples.piece(0), block, new Random(block));
        }
        try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
            Future<ArrivingPiece.Verdict> verdict = worker.submit(() -> piece.verify(false));
            pieces.close(0);
            try {
                assertThat(verdict.get().good()).isTrue();
            } catch (ExecutionException e) {
                // The piece was closed before the worker came to it.
                assertThat(e).hasCauseInstanceOf(CancellationException.class);
            }
        }

        assertThat(buffers.used()).isZero();
        assertThatThrownBy(() -> piece.verify(false)).isInstanceOf(CancellationException.class);
    }
}
