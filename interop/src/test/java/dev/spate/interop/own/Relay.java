package dev.spate.interop.own;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A slow road to a peer on 127.0.0.1: takes connections and carries their bytes at a limited rate. */
public final class Relay implements AutoCloseable {
    private static final int STEP = 16 << 10;

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong carried = new AtomicLong();
    private final int port;
    private final long bytesPerSecond;

    /** @param port where the peer listens */
    public Relay(int port, long bytesPerSecond) throws IOException {
        this.port = port;
        this.bytesPerSecond = bytesPerSecond;
        Thread.ofVirtual().start(this::welcome);
    }

    /** Where to connect to. */
    public String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /** Bytes that came from the peer. */
    public long carried() {
        return carried.get();
    }

    private void welcome() {
        try {
            while (true) {
                Socket guest = door.accept();
                open.add(guest);
                Socket host = new Socket();
                open.add(host);
                // What lies in sockets was carried too fast.
                host.setReceiveBufferSize(STEP);
                host.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                Thread.ofVirtual().start(() -> carry(guest, host, false));
                Thread.ofVirtual().start(() -> carry(host, guest, true));
            }
        } catch (IOException e) {
            // The door was closed, or the peer behind is no more; who comes now finds nobody.
        }
    }

    private void carry(Socket from, Socket to, boolean limited) {
        byte[] bytes = new byte[STEP];
        try (from;
                to) {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                out.write(bytes, 0, read);
                if (limited) {
                    carried.addAndGet(read);
                    LockSupport.parkNanos(read * 1_000_000_000L / bytesPerSecond);
                }
            }
        } catch (IOException e) {
            // One of the two was killed; the other learns of it by the close.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
