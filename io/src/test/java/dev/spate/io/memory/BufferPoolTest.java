package dev.spate.io.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    @Test
    void lendsExactlyTheLengthAskedFor() {
        try (var pool = BufferPool.strict(1 << 20);
                Lease lease = lease(pool, 5000)) {
            assertThat(lease.buffer().isDirect()).isTrue();
            assertThat(lease.buffer().position()).isZero();
            assertThat(lease.buffer().limit()).isEqualTo(5000);
            assertThat(pool.leasedBytes()).isEqualTo(5120);
            assertThat(pool.leases()).isOne();
        }
    }

    @Test
    void lendsTheSameMemoryAgain() {
        var pool = new BufferPool(1 << 20);
        Lease first = lease(pool, 16384);
        ByteBuffer memory = first.buffer();
        first.close();
        assertThat(pool.idleBytes()).isEqualTo(16384);
        try (Lease second = lease(pool, 16000)) {
            assertThat(second.buffer()).isSameAs(memory);
            assertThat(pool.idleBytes()).isZero();
        }
    }

    @Test
    void refusesBeyondItsBoundUntilMemoryComesBack() {
        try (var pool = BufferPool.strict(64 * 1024)) {
            var woken = new AtomicInteger();
            Lease all = lease(pool, 64 * 1024);
            assertThat(pool.tryLease(1)).isNull();
            pool.whenReturned(woken::incrementAndGet);
            assertThat(woken).hasValue(0);
            all.close();
            assertThat(woken).hasValue(1);
            lease(pool, 1).close();
            assertThat(woken).hasValue(1);
        }
    }

    @Test
    void letsIdleBuffersGoForOthers() {
        try (var pool = BufferPool.strict(64 * 1024)) {
            lease(pool, 64 * 1024).close();
            assertThat(pool.idleBytes()).isEqualTo(64 * 1024);
            try (Lease small = lease(pool, 4096)) {
                assertThat(small.buffer().capacity()).isEqualTo(4096);
                assertThat(pool.idleBytes()).isZero();
            }
            pool.trim(0);
            assertThat(pool.idleBytes()).isZero();
        }
    }

    @Test
    void memoryReturnsWithTheLastHolder() {
        try (var pool = BufferPool.strict(1 << 20)) {
            Lease lease = lease(pool, 100);
            Lease same = lease.retain();
            lease.close();
            assertThat(pool.leases()).isOne();
            same.close();
            assertThat(pool.leases()).isZero();
        }
    }

    @Test
    void misuseFailsLoudly() {
        var pool = new BufferPool(1 << 20);
        Lease lease = lease(pool, 100);
        lease.close();
        assertThatIllegalStateException().isThrownBy(lease::close);
        assertThatIllegalStateException().isThrownBy(lease::retain);
        assertThatIllegalStateException().isThrownBy(lease::buffer);
        assertThat(pool.leases()).isZero();
        pool.close();
        assertThatIllegalStateException().isThrownBy(() -> pool.tryLease(1));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.tryLease(0));
    }

    @Test
    void strictPoolNamesTheLeak() {
        var pool = BufferPool.strict(1 << 20);
        Lease forgotten = lease(pool, 100);
        assertThatIllegalStateException()
                .isThrownBy(pool::close)
                .satisfies(leak -> assertThat(leak.getSuppressed()[0].getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("strictPoolNamesTheLeak")));
        forgotten.close();
    }

    @Test
    void strictPoolOverwritesWhatComesBack() {
        var pool = BufferPool.strict(1 << 20);
        Lease lease = lease(pool, 100);
        ByteBuffer memory = lease.buffer();
        lease.close();
        assertThat(memory.get(50)).isEqualTo((byte) 0xA5);
    }

    @Test
    void stepsWasteAFifthAtMost() {
        for (int bytes = 4097; bytes < 1 << 24; bytes += 1013) {
            int step = BufferPool.step(bytes);
            int size = BufferPool.size(step);
            assertThat(size).isGreaterThanOrEqualTo(bytes);
            assertThat(BufferPool.size(step - 1)).isLessThan(bytes);
            assertThat(BufferPool.step(size)).isEqualTo(step);
            assertThat(size - bytes).isLessThanOrEqualTo(size / 5);
        }
        assertThat(BufferPool.size(BufferPool.step(1))).isEqualTo(4096);
        assertThat(BufferPool.size(BufferPool.step(1 << 30))).isEqualTo(1 << 30);
    }

    /** Whatever is borrowed and returned, the books add up and the bound holds. */
    @Test
    void staysWithinItsBound() {
        long seed = 20260115;
        var random = new Random(seed);
        try (var pool = new BufferPool(1 << 20)) {
            List<Lease> out = new ArrayList<>();
            long leased = 0;
            for (int i = 0; i < 20_000; i++) {
                if (random.nextInt(5) < 3) {
                    int bytes = 1 + random.nextInt(1 << (4 + random.nextInt(15)));
                    int size = BufferPool.size(BufferPool.step(bytes));
                    Lease lease = pool.tryLease(bytes);
                    assertThat(lease == null).as("seed %d, step %d", seed, i).isEqualTo(leased + size > 1 << 20);
                    if (lease != null) {
                        out.add(lease);
                        leased += size;
                    }
                } else if (!out.isEmpty()) {
                    Lease lease = out.remove(random.nextInt(out.size()));
                    leased -= lease.buffer().capacity();
                    lease.close();
                }
                assertThat(pool.leasedBytes()).isEqualTo(leased);
                assertThat(pool.leasedBytes() + pool.idleBytes()).isLessThanOrEqualTo(1 << 20);
            }
            out.forEach(Lease::close);
        }
    }

    private static Lease lease(BufferPool pool, int bytes) {
        return Objects.requireNonNull(pool.tryLease(bytes));
    }
}
