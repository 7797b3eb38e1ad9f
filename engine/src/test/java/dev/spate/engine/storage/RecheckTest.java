package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.io.work.Workers;
import dev.spate.wire.PieceSet;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecheckTest {
    private final Samples samples = Samples.of(new Random(1), 64, 200, -56, 300, 0, 500);
    private final FakeDisk disk = new FakeDisk();
    private final TorrentStorage storage =
            new TorrentStorage(Samples.INFO_HASH, samples.layout(), Places.in(Samples.FOLDER), disk);
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
                workers);
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
    void failsWhenTheWorkersAreClosed() {
        workers.close();

        assertThatThrownBy(() -> start(samples.hashes()).result().join())
                .isInstanceOfAny(CancellationException.class, CompletionException.class);
    }
}
