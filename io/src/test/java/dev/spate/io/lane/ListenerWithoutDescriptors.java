package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The other process of {@link TcpListenerTest}: listens until it has no descriptor left, closes what it holds, and goes on. */
final class ListenerWithoutDescriptors implements TcpAcceptor {
    private final List<SocketChannel> held = new ArrayList<>();
    private final int expected;
    private final CountDownLatch done = new CountDownLatch(1);
    private int accepted;
    private boolean failed;

    private ListenerWithoutDescriptors(int expected) {
        this.expected = expected;
    }

    public static void main(String[] arguments) throws Exception {
        var acceptor = new ListenerWithoutDescriptors(Integer.parseInt(arguments[0]));
        try (Lane lane = Lane.start("lane")) {
            TcpListener listener =
                    lane.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000, acceptor);
            System.out.println(listener.localAddress().getPort());
            acceptor.done.await();
        }
    }

    @Override
    public void accepted(SocketChannel channel) {
        held.add(channel);
        accepted++;
        if (accepted == expected) {
            System.out.println(failed ? "accepted all after failing" : "never failed");
            done.countDown();
        }
    }

    @Override
    public void acceptFailed(IOException cause) {
        failed = true;
        for (SocketChannel channel : held) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        held.clear();
    }
}
