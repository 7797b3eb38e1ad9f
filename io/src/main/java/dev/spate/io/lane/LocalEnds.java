package dev.spate.io.lane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses of this machine sockets may use: any, or those of a list, which changes as an interface comes and goes. A socket that is
 * bound to one of them leaves from nowhere else. Safe on any thread.
 */
public final class LocalEnds {
    private static final LocalEnds ANY = new LocalEnds(null);

    private volatile @Nullable List<InetAddress> addresses;

    private LocalEnds(@Nullable List<InetAddress> addresses) {
        this.addresses = addresses;
    }

    /** The choice is the system's. */
    public static LocalEnds any() {
        return ANY;
    }

    /** Only these; none at all when there are none. */
    public static LocalEnds only(List<InetAddress> addresses) {
        return new LocalEnds(List.copyOf(addresses));
    }

    /**
     * From now on these, instead of those before; sockets that are open already are the business of whoever opened them.
     *
     * @throws IllegalStateException if any may be used
     */
    public void become(List<InetAddress> others) {
        if (isAny()) {
            throw new IllegalStateException("the choice is the system's");
        }
        addresses = List.copyOf(others);
    }

    public boolean isAny() {
        return addresses == null;
    }

    /** The addresses that may be used; empty if there are none, and also if any may be. */
    public List<InetAddress> list() {
        List<InetAddress> known = addresses;
        return known == null ? List.of() : known;
    }

    /** Whether a socket may be bound to this address. */
    public boolean contain(InetAddress address) {
        List<InetAddress> known = addresses;
        return known == null || known.contains(address);
    }

    /**
     * Where to leave from on the way to a destination, with port 0.
     *
     * @return null where the choice is the system's
     * @throws IOException if there is no address of its family
     */
    public @Nullable InetSocketAddress towards(InetAddress destination) throws IOException {
        List<InetAddress> known = addresses;
        if (known == null) {
            return null;
        }
        for (InetAddress address : known) {
            if (address.getClass().equals(destination.getClass())) {
                return new InetSocketAddress(address, 0);
            }
        }
        throw new NoRouteToHostException(
                known.isEmpty()
                        ? "the network interface that was bound to has no address now"
                        : "the network interface that was bound to has no address of this family");
    }
}
