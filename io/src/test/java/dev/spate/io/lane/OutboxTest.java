package dev.spate.io.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.Lease;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final BufferPool pool = BufferPool.strict(64 << 20);
    private final Outbox out = Objects.requireNonNull(Outbox.tryNew(pool));

    @AfterEach
    void everyLeaseIsBack() {
        out.discard();
        out.free();
        pool.close();
    }

    /** Whatever is added, in whatever portions the socket takes it: the bytes come out in order, once. */
    @Test
    void sendsEverythingInOrder() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var expected = new ByteArrayOutputStream();
            var channel = new Portions(random);
            int messages = 200;
            while (messages > 0 || !out.isEmpty()) {
                while (messages > 0 && out.room() > 0) {
                    add(random, expected);
                    messages--;
                }
                int before = out.pending();
                long written = out.write(channel);
                assertThat(out.pending()).isEqualTo(before - (int) written);
            }
            assertThat(Arrays.equals(channel.taken.toByteArray(), expected.toByteArray()))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(pool.leases()).isOne();
        }
    }

    @Test
    void neighbouringMessagesAreOneEntry() throws IOException {
        out.small(100).put((byte) 1);
        out.small(8).put((byte) 2).put((byte) 3);
        var channel = new Portions(null);
        assertThat(out.write(channel)).isEqualTo(3);
        assertThat(channel.largestCall).isOne();
        assertThat(channel.taken.toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void roomEndsWithTheBudgetTheSlabOrTheEntries() {
        assertThat(out.room()).isEqualTo(Outbox.BUDGET);
        Lease large = lease(Outbox.BUDGET - 1);
        out.add(large.buffer(), large);
        assertThat(out.room()).isOne();
        out.discard();

        int messages = 0;
        for (; out.room() > 0; messages++) {
            out.small(9).putLong(0).put((byte) 0);
        }
        assertThat(messages).isBetween(800, 1000);
        out.discard();

        int blocks = 0;
        for (; out.room() > 0; blocks++) {
            out.small(1).put((byte) 0);
            Lease lease = lease(1);
            out.add(lease.buffer(), lease);
        }
        assertThat(blocks).isEqualTo(64);
    }

    @Test
    void overrunningTheEntriesFailsAndKeepsNoLease() {
        assertThatIllegalStateException().isThrownBy(() -> {
            while (true) {
                Lease lease = lease(1);
                out.add(lease.buffer(), lease);
            }
        });
    }

    @Test
    void closesTheLeaseOfNothingAndOfWhatIsNotDirect() {
        Lease empty = lease(1);
        out.add(empty.buffer().limit(0), empty);
        Lease heap = lease(1);
        assertThatIllegalArgumentException().isThrownBy(() -> out.add(ByteBuffer.allocate(1), heap));
        assertThat(out.isEmpty()).isTrue();
        assertThat(pool.leases()).isOne();
    }

    private void add(Random random, ByteArrayOutputStream expected) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 40_000 : 100)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            out.small(bytes.length + random.nextInt(10)).put(bytes);
        } else {
            Lease lease = lease(bytes.length + 1);
            out.add(lease.buffer().put(bytes).flip(), lease);
        }
        expected.writeBytes(bytes);
    }

    private Lease lease(int bytes) {
        return Objects.requireNonNull(pool.tryLease(bytes));
    }

    /** A socket that takes as much as chance lets it, or everything. */
    private static final class Portions implements GatheringByteChannel {
        private final Random random;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int largestCall;

        Portions(Random random) {
            this.random = random;
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) {
            largestCall = Math.max(largestCall, length);
            int left = random == null || random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(100_000);
            long total = 0;
            for (int i = offset; i < offset + length && left > 0; i++) {
                byte[] bytes = new byte[Math.min(left, from[i].remaining())];
                from[i].get(bytes);
                taken.writeBytes(bytes);
                left -= bytes.length;
                total += bytes.length;
            }
            return total;
        }

        @Override
        public long write(ByteBuffer[] from) {
            return write(from, 0, from.length);
        }

        @Override
        public int write(ByteBuffer from) {
            return (int) write(new ByteBuffer[] {from}, 0, 1);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
