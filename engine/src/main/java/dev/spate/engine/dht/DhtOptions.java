package dev.spate.engine.dht;

import dev.spate.wire.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a DHT node is set up.
 *
 * @param bind where it takes datagrams: one or two local addresses with port 0 for any; a wildcard address takes both families
 *     where the system has both
 * @param routers nodes that are always there, to begin with; looked up in the background, and again when nobody else is known
 * @param stateFile where the node keeps what it knows from one run to the next; null to keep nothing
 * @param readOnly whether it answers nobody and asks to be put in no table (BEP 43)
 */
public record DhtOptions(
        List<InetSocketAddress> bind,
        List<HostPort> routers,
        @Nullable Path stateFile,
        boolean readOnly) {

    public DhtOptions {
        bind = List.copyOf(bind);
        routers = List.copyOf(routers);
        if (bind.isEmpty() || bind.size() > 2) {
            throw new IllegalArgumentException("a node is bound to one or two addresses, not " + bind.size());
        }
    }

    /** A node at this port of all local addresses, that knows nobody and keeps nothing. */
    public static DhtOptions atPort(int port) {
        return new DhtOptions(List.of(new InetSocketAddress(port)), List.of(), null, false);
    }
}
