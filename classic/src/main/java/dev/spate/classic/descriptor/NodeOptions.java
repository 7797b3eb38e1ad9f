package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node is set up.
 *
 * @param listen where it takes datagrams: an IPv4 address that others reach, for they are told of it; port 0 for any
 * @param neighbours that it passes questions on to
 * @param membership its file; null for a node that only passes on the questions of others
 */
public record NodeOptions(
        InetSocketAddress listen,
        List<PeerAddress> neighbours,
        @Nullable Membership membership) {
    public NodeOptions {
        neighbours = List.copyOf(neighbours);
        if (!(listen.getAddress() instanceof Inet4Address)
                || listen.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("not an IPv4 address that others can be told of: " + listen);
        }
    }
}
