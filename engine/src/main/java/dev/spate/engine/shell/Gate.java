package dev.spate.engine.shell;

import dev.spate.core.filter.IpFilter;
import dev.spate.io.lane.TcpAcceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;

/** The user's list of addresses where all threads of a session see it, and the refusal of those on it before a word is said. */
public final class Gate {
    private static final System.Logger LOG = System.getLogger(Gate.class.getName());

    private volatile IpFilter filter = IpFilter.none();
    private final LongAdder refused = new LongAdder();

    public IpFilter filter() {
        return filter;
    }

    /** Replaces the list, for those who come from now on. */
    public void filter(IpFilter list) {
        filter = list;
    }

    /** How many connections were refused. */
    public long refused() {
        return refused.sum();
    }

    /** Lets connections through to {@code inner}, unless they come from an address on the list. */
    public TcpAcceptor before(TcpAcceptor inner) {
        return channel -> {
            if (isShutOut(channel)) {
                refused.increment();
                close(channel);
            } else {
                inner.accepted(channel);
            }
        };
    }

    private boolean isShutOut(SocketChannel channel) {
        try {
            return channel.getRemoteAddress() instanceof InetSocketAddress from && filter.blocks(from.getAddress());
        } catch (IOException dead) {
            // Whoever adopts it finds out.
            return false;
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a refused connection", e);
        }
    }
}
