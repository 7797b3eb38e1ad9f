package dev.spate.engine;

import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Stands before a peer on loopback and lets only so many bytes a second come from it. */
final class SlowLine implements AutoCloseable {
    /** Small, so that what lies in sockets is little compared with what is asked for. */
    private static final int BUFFER = 8 << 10;

    /** Less than two segments of the loopback interface, and its sender waits for a timer after each. */
    private static final int WINDOW = 128 << 10;

    private final ServerSocket door;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final InetSocketAddress behind;
    private final long bytesPerSecond;

    SlowLine(InetSocketAddress behind, long bytesPerSecond) throws IOException {
        this.behind = behind;
        this.bytesPerSecond = bytesPerSecond;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::welcome);
    }

    PeerAddress address() {
        return PeerAddress.of(door.getInetAddress().getAddress(), door.getLocalPort());
    }

    private void welcome() {
        try {
            while (true) {
                Socket near = door.accept();
                Socket far = new Socket();
                far.setReceiveBufferSize(WINDOW);
                far.connect(behind);
                threads.execute(() -> pump(near, far, Long.MAX_VALUE));
                threads.execute(() -> pump(far, near, bytesPerSecond));
            }
        } catch (IOException e) {
            assert door.isClosed() : e;
        }
    }

    private static void pump(Socket from, Socket to, long bytesPerSecond) {
        byte[] buffer = new byte[BUFFER];
        long free = System.nanoTime();
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                free = Math.max(free, System.nanoTime()) + bytes * 1_000_000_000L / bytesPerSecond;
                while (free - System.nanoTime() > 0) {
                    LockSupport.parkNanos(free - System.nanoTime());
                }
                out.write(buffer, 0, bytes);
            }
        } catch (IOException e) {
            assert from.isClosed() && to.isClosed() : e;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}
