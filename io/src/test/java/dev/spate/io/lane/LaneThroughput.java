package dev.spate.io.lane;

import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.Lease;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Not a test: bytes a second and CPU seconds a GiB of a connection between two lanes, beside plain NIO code that does the same,
 * shape and all: sixteen blocks of 16 KiB, each behind a header of 13 bytes, a gathering write. Arguments: GiB per run, runs,
 * connections.
 */
final class LaneThroughput {
    private static final int BLOCK = 16 * 1024;
    private static final int BLOCKS = 16;
    private static final int HEADER = 13;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private LaneThroughput() {}

    public static void main(String[] arguments) throws Exception {
        double gib = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        int connections = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        long bytes = (long) (gib * (1L << 30));
        for (int run = 0; run < runs; run++) {
            plain(bytes);
            lanes(bytes, connections);
        }
    }

    /** One connection between two lanes. */
    private static void lanes(long bytes, int connections) throws Exception {
        var pool = new BufferPool(64 << 20);
        var received = new AtomicLong();
        var done = new CountDownLatch(1);
        var cpu = new AtomicLong[] {new AtomicLong(), new AtomicLong()};
        try (Lane seed = Lane.start("seed");
                Lane leech = Lane.start("leech")) {
            TcpListener listener = seed.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    128,
                    channel -> seed.adopt(channel, new Seed(pool)).wantWrite());
            long begin = System.nanoTime();
            for (int i = 0; i < connections; i++) {
                leech.execute(() -> leech.connect(
                        listener.localAddress(), null, Duration.ofSeconds(5), new Leech(bytes, received, () -> {
                            cpu[0].set(THREADS.getCurrentThreadCpuTime());
                            seed.execute(() -> {
                                cpu[1].set(THREADS.getCurrentThreadCpuTime());
                                done.countDown();
                            });
                        })));
            }
            done.await();
            report("lanes x " + connections, bytes, System.nanoTime() - begin, cpu[1].get(), cpu[0].get());
        }
    }

    private static void report(String what, long bytes, long nanos, long seedCpu, long leechCpu) {
        double gib = bytes / (double) (1L << 30);
        System.out.printf(
                "%-12s %6.0f MB/s  CPU-s/GiB: seed %.2f, leech %.2f%n",
                what, bytes * 1e3 / nanos, seedCpu / 1e9 / gib, leechCpu / 1e9 / gib);
    }

    private static final class Seed implements TcpHandler {
        private final BufferPool pool;

        Seed(BufferPool pool) {
            this.pool = pool;
        }

        @Override
        public void connected(TcpConnection connection) {}

        @Override
        public void received(TcpConnection connection, ByteBuffer data) {}

        @Override
        public boolean gather(TcpConnection connection, Outbox out) {
            while (out.room() >= BLOCK * BLOCKS) {
                Lease lease = pool.tryLease(BLOCK * BLOCKS);
                if (lease == null) {
                    return false;
                }
                for (int i = 0; i < BLOCKS; i++) {
                    out.small(HEADER).putInt(BLOCK + 9).put((byte) 7).putInt(0).putInt(i * BLOCK);
                    out.add(lease.buffer().slice(i * BLOCK, BLOCK), i == BLOCKS - 1 ? lease : lease.retain());
                }
            }
            return true;
        }

        @Override
        public void closed(TcpConnection connection, @Nullable IOException cause) {}
    }

    private static final class Leech implements TcpHandler {
        private final long wanted;
        private final AtomicLong received;
        private final Runnable done;
        private final ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);

        Leech(long wanted, AtomicLong received, Runnable done) {
            this.wanted = wanted;
            this.received = received;
            this.done = done;
        }

        @Override
        public void connected(TcpConnection connection) {}

        @Override
        public void received(TcpConnection connection, ByteBuffer data) {
            int count = data.remaining();
            copy(data, piece);
            long before = received.getAndAdd(count);
            if (before < wanted && before + count >= wanted) {
                done.run();
            }
        }

        @Override
        public boolean gather(TcpConnection connection, Outbox out) {
            return false;
        }

        @Override
        public void closed(TcpConnection connection, @Nullable IOException cause) {}
    }

    private static void copy(ByteBuffer data, ByteBuffer piece) {
        while (data.hasRemaining()) {
            if (piece.remaining() < BLOCK) {
                piece.clear();
            }
            int part = Math.min(BLOCK, data.remaining());
            piece.put(piece.position(), data, data.position(), part).position(piece.position() + part);
            data.position(data.position() + part);
        }
    }

    /** The same work in blocking channels, a thread a side, nothing around it. */
    private static void plain(long bytes) throws Exception {
        try (var server = java.nio.channels.ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var seedCpu = new AtomicLong();
            Thread seed = Thread.ofPlatform().daemon().start(() -> {
                try (SocketChannel channel = server.accept()) {
                    seedPlain(channel, bytes);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                } finally {
                    seedCpu.set(THREADS.getCurrentThreadCpuTime());
                }
            });
            var leechCpu = new AtomicLong();
            long begin = System.nanoTime();
            Thread leech = Thread.ofPlatform().daemon().start(() -> {
                try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
                    ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
                    while (channel.read(buffer.clear()) >= 0) {
                        copy(buffer.flip(), piece);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                } finally {
                    leechCpu.set(THREADS.getCurrentThreadCpuTime());
                }
            });
            leech.join();
            long nanos = System.nanoTime() - begin;
            seed.join();
            report("plain NIO", bytes, nanos, seedCpu.get(), leechCpu.get());
        }
    }

    private static void seedPlain(SocketChannel channel, long bytes) throws IOException {
        ByteBuffer payload = ByteBuffer.allocateDirect(BLOCK * BLOCKS);
        ByteBuffer headers = ByteBuffer.allocateDirect(HEADER * BLOCKS);
        var parts = new ByteBuffer[2 * BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            parts[2 * i] = headers.slice(i * HEADER, HEADER);
            parts[2 * i + 1] = payload.slice(i * BLOCK, BLOCK);
        }
        for (long sent = 0; sent < bytes; ) {
            for (ByteBuffer part : parts) {
                part.clear();
            }
            while (parts[parts.length - 1].hasRemaining()) {
                sent += channel.write(parts);
            }
        }
    }
}
