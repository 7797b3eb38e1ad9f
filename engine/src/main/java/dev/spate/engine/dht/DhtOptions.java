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
 * @param answersPerSecond how many queries of one source are answered on average, 1 to 1,000,000,000; ten times as many at once
 */
public record DhtOptions(
        List<InetSocketAddress> bind,
        List<HostPort> routers,
        @Nullable Path stateFile,
        boolean readOnly,
        int answersPerSecond) {

    /** Enough for whoever asks decently; what is not answered cannot be used against others. */
    public static final int USUAL_ANSWERS = 20;

    public DhtOptions {
        bind = List.copyOf(bind);
        routers = List.copyOf(routers);
        if (bind.isEmpty() || bind.size() > 2) {
            throw new IllegalArgumentException("a node is bound to one or two addresses, not " + bind.size());
        }
        if (answersPerSecond < 1 || answersPerSecond > 1_000_000_000) {
            throw new IllegalArgumentException("not a number of answers a second: " + answersPerSecond);
        }
    }

    /** A node at these addresses, one or two, that knows nobody and keeps nothing. */
    public static DhtOptions at(List<InetSocketAddress> bind) {
        return new DhtOptions(bind, List.of(), null, false, USUAL_ANSWERS);
    }

    /** The same, beginning with these nodes. */
    public DhtOptions withRouters(List<HostPort> nodes) {
        return new DhtOptions(bind, nodes, stateFile, readOnly, answersPerSecond);
    }

    /** The same, keeping what it knows in a file, or nothing if that is null. */
    public DhtOptions withState(@Nullable Path file) {
        return new DhtOptions(bind, routers, file, readOnly, answersPerSecond);
    }

    /** The same, only reading. */
    public DhtOptions asReadOnly() {
        return new DhtOptions(bind, routers, stateFile, true, answersPerSecond);
    }

    /** The same with another limit of answers a second to each source. */
    public DhtOptions answering(int perSecond) {
        return new DhtOptions(bind, routers, stateFile, readOnly, perSecond);
    }
}
