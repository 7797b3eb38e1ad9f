package dev.spate.io.lane;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Not a test: what a thousand idle connections cost, both ends in this process. Argument: how many. */
final class IdleConnections {
    private IdleConnections() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        try (Lane lane = Lane.start("lane")) {
            connect(lane, 10);
            long heap = heapAfterCollection();
            long rss = rssKilobytes();
            connect(lane, count);
            System.out.printf(
                    "%d connections (both ends): heap %.2f KiB an end, resident %+d KiB in all%n",
                    count, (heapAfterCollection() - heap) / 1024.0 / (2 * count), rssKilobytes() - rss);
        }
    }

    private static void connect(Lane lane, int count) throws Exception {
        var up = new CountDownLatch(2 * count);
        TcpListener listener =
                lane.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024, channel -> {
                    lane.adopt(channel, new Quiet(up)).wantWrite();
                });
        for (int i = 0; i < count; i++) {
            lane.execute(() -> lane.connect(listener.localAddress(), null, Duration.ofSeconds(20), new Quiet(up)));
        }
        up.await();
    }

    private static long heapAfterCollection() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long rssKilobytes() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    /** Says hello and listens. */
    private static final class Quiet implements TcpHandler {
        private final CountDownLatch up;

        Quiet(CountDownLatch up) {
            this.up = up;
        }

        @Override
        public void connected(TcpConnection connection) {
            connection.wantWrite();
        }

        @Override
        public void received(TcpConnection connection, java.nio.ByteBuffer data) {
            up.countDown();
        }

        @Override
        public boolean gather(TcpConnection connection, Outbox out) {
            out.small(68).put(new byte[68]);
            return false;
        }

        @Override
        public void closed(TcpConnection connection, java.io.@org.jspecify.annotations.Nullable IOException cause) {}
    }
}
