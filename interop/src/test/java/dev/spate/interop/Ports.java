package dev.spate.interop;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports on 127.0.0.1 for programs that cannot choose their own. */
final class Ports {

    // Below the range that Linux takes for outgoing connections (from 32768), and different from run to run.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(LOWEST + (int) (ProcessHandle.current().pid() * 37 % (HIGHEST - LOWEST)));

    private Ports() {}

    /** A port that is free for TCP and UDP; never the same twice. */
    static int free() throws IOException {
        for (int tried = 0; tried < HIGHEST - LOWEST; tried++) {
            int port = NEXT.getAndUpdate(last -> last >= HIGHEST ? LOWEST : last + 1);
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (var tcp = new ServerSocket();
                    var udp = new DatagramSocket(null)) {
                tcp.bind(address);
                udp.bind(address);
                return port;
            } catch (IOException inUse) {
                // The next one may be free.
            }
        }
        throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
    }
}
