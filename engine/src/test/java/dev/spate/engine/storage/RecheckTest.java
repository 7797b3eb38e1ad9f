package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.io.work.Workers;
import dev.spate.wire.PieceSet;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecheckTest {
    private final Samples samples = Samples.of(new Random(1), 64, 200, -56, 300, 0, 500);
    private final FakeDisk disk = new FakeDisk();
    private final TorrentStorage storage =
            new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
    private final CheckTurns turns = new CheckTurns();
    private final Workers workers = Workers.start("recheck-test", 2);

    @AfterEach
    void stop() {
        workers.close();
    }

    private void put(int file, int length) {
        int begin = (int) samples.layout().offset(file);
        disk.put(storage.path(file), Arrays.copyOfRange(samples.bytes(), begin, begin + length));
    }

    private Recheck start(PieceChecker.PieceHashes hashes) {
        return Recheck.start(
                storage,
                hashes,
                new PieceChecker(),
                PieceSet.full(samples.pieces().pieces()),
                workers,
                turns);
    }

    @Test
    void findsWhatIsGood() {
        put(0, 200);
        put(2, 300);
        put(4, 500);

        Recheck recheck = start(samples.hashes());

        assertThat(recheck.result().join().isFull()).isTrue();
        assertThat(recheck.checked()).isEqualTo(samples.pieces().pieces());
    }

    @Test
    void readsNoPieceOfAMissingOrShortFile() {
        put(0, 200);
        put(2, 130);
        AtomicInteger read = new AtomicInteger();

        Recheck recheck = start((piece, sha1) -> {
            read.incrementAndGet();
            return samples.hashes().matches(piece, sha1);
        });
        PieceSet good = recheck.result().join();

        // 256 bytes of file and padding, and two pieces that lie in the 130 bytes of the next.
        assertThat(good.count()).isEqualTo(6);
        assertThat(read).hasValue(6);
        assertThat(recheck.checked()).isEqualTo(samples.pieces().pieces());
    }

    @Test
    void reportsADamagedPieceAsNotGood() {
        put(0, 200);
        put(2, 300);
        byte[] damaged = Arrays.copyOfRange(samples.bytes(), 556, 1056);
        damaged[0] ^= 1;
        disk.put(storage.path(4), damaged);

        PieceSet good = start(samples.hashes()).result().join();

        assertThat(good.count()).isEqualTo(samples.pieces().pieces() - 1);
        assertThat(good.contains(samples.pieces().pieceAt(556))).isFalse();
    }

    @Test
    void endsSoonWhenItIsCancelled() throws InterruptedException {
        put(0, 200);
        put(2, 300);
        put(4, 500);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Recheck recheck = start((piece, sha1) -> {
            reading.countDown();
            try {
                assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return true;
        });

        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        recheck.cancel();
        cancelled.countDown();

        assertThatThrownBy(() -> recheck.result().join()).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(recheck.checked()).isLessThanOrEqualTo(2);
    }

    @Test
    void haltsBetweenPiecesAndGoesOnWhereItWas() throws InterruptedException {
        put(0, 200);
        put(2, 300);
        put(4, 500);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        Set<Integer> read = ConcurrentHashMap.newKeySet();
        AtomicInteger reads = new AtomicInteger();
        Recheck recheck = start((piece, sha1) -> {
            reading.countDown();
            await(paused);
            reads.incrementAndGet();
            return read.add(piece);
        });

        await(reading);
        recheck.pause();
        paused.countDown();
        drain();
        int before = reads.get();
        drain();

        assertThat(before).isBetween(1, 2);
        assertThat(reads).hasValue(before);
        assertThat(recheck.result()).isNotDone();
        recheck.resume();
        assertThat(recheck.result().join().isFull()).isTrue();
        assertThat(reads).as("no piece is read twice").hasValue(samples.pieces().pieces());
    }

    @Test
    void whoHasMuchToReadWaitsForHisTurnAndWhoHasLittleDoesNot() throws InterruptedException {
        Samples large = Samples.of(new Random(2), 1 << 20, 9 << 20);
        TorrentStorage first = large(large, "first");
        TorrentStorage second = large(large, "second");
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        Recheck one = start(first, large, (piece, sha1) -> {
            reading.countDown();
            await(open);
            return large.hashes().matches(piece, sha1);
        });
        await(reading);
        AtomicInteger early = new AtomicInteger();
        Recheck two = start(second, large, (piece, sha1) -> {
            early.addAndGet(one.result().isDone() ? 0 : 1);
            return large.hashes().matches(piece, sha1);
        });
        Workers others = Workers.start("other", 1);
        put(0, 200);

        PieceSet little = Recheck.start(
                        storage,
                        samples.hashes(),
                        new PieceChecker(),
                        PieceSet.full(samples.pieces().pieces()),
                        others,
                        turns)
                .result()
                .join();
        others.close();
        assertThat(little.count()).isPositive();
        assertThat(two.result()).isNotDone();
        open.countDown();

        assertThat(one.result().join().isFull()).isTrue();
        assertThat(two.result().join().isFull()).isTrue();
        assertThat(early).hasValue(0);
        assertThat(two.ahead()).isZero();
    }

    @Test
    void whoIsPausedOrCancelledMakesPlaceForTheNext() throws InterruptedException {
        Samples large = Samples.of(new Random(2), 1 << 20, 9 << 20);
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        Recheck one = start(large(large, "first"), large, (piece, sha1) -> {
            reading.countDown();
            await(open);
            return large.hashes().matches(piece, sha1);
        });
        await(reading);
        Recheck two = start(large(large, "second"), large, large.hashes());
        Recheck three = start(large(large, "third"), large, large.hashes());

        one.pause();
        open.countDown();
        two.cancel();

        assertThat(three.result().join().isFull()).isTrue();
        one.resume();
        assertThat(one.result().join().isFull()).isTrue();
        assertThatThrownBy(() -> two.result().join()).hasRootCauseInstanceOf(CancellationException.class);
    }

    private TorrentStorage large(Samples large, String name) {
        TorrentStorage made =
                new TorrentStorage(Samples.INFO_HASH, large.layout(), Places.in(Samples.FOLDER.resolve(name)), disk);
        disk.put(made.path(0), large.bytes());
        return made;
    }

    private Recheck start(TorrentStorage of, Samples large, PieceChecker.PieceHashes hashes) {
        return Recheck.start(
                of, hashes, new PieceChecker(), PieceSet.full(large.pieces().pieces()), workers, turns);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns when both workers have done all that was given to them before, and what that led to. */
    private void drain() throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            CyclicBarrier both = new CyclicBarrier(3);
            for (int i = 0; i < 2; i++) {
                workers.submit(() -> both.await(10, TimeUnit.SECONDS), Runnable::run, _ -> {});
            }
            try {
                both.await(10, TimeUnit.SECONDS);
            } catch (BrokenBarrierException | TimeoutException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void failsWhenTheWorkersAreClosed() {
        workers.close();

        assertThatThrownBy(() -> start(samples.hashes()).result().join())
                .isInstanceOfAny(CancellationException.class, CompletionException.class);
    }
}
