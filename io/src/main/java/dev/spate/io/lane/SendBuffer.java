package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * How much the kernel holds of what a connection sends.
 *
 * <h2>Implementation note</h2>
 *
 * Over a distance the system tunes its buffers by itself, up to 4 MiB and more, and a fixed size would only be in its way: a
 * sender needs the product of rate and round trip, and stock systems let a program ask for a few hundred KiB at most. Within
 * one host the round trip is some microseconds, and the megabytes of an automatic buffer do nothing but leave the processor's
 * cache before they are read. Both ends together (LaneThroughput, one connection and sixteen): automatic 0.33 and 0.45 CPU
 * seconds a GiB, 128 KiB 0.20 and 0.31, 256 KiB 0.20 and 0.32, 1 MiB 0.27; a fixed receive buffer gained nothing and cost more
 * together with a fixed send buffer.
 */
final class SendBuffer {
    private static final int WITHIN_HOST = 256 * 1024;

    private SendBuffer() {}

    /** Sets it for a connected channel. */
    static void tune(SocketChannel channel) throws IOException {
        if (channel.getLocalAddress() instanceof InetSocketAddress local
                && channel.getRemoteAddress() instanceof InetSocketAddress remote
                && (remote.getAddress().isLoopbackAddress()
                        || remote.getAddress().equals(local.getAddress()))) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, WITHIN_HOST);
        }
    }
}
