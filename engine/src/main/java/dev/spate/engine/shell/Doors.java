package dev.spate.engine.shell;

import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.lane.TcpAcceptor;
import dev.spate.io.lane.TcpListener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses at which a session listens. Where it is bound to an interface, a wildcard means each address of the interface, and the doors
 * follow: those at addresses that went are closed, those at addresses that came are opened, at the port that was given before.
 * Safe on any thread.
 */
public final class Doors {

    /** Connections that the system may hold until we accept them. */
    private static final int BACKLOG = 256;

    private static final System.Logger LOG = System.getLogger(Doors.class.getName());

    private final Lane lane;
    private final TcpAcceptor acceptor;
    private final LocalEnds ends;
    private final List<Wanted> wanted;
    private final Map<InetSocketAddress, TcpListener> open = new LinkedHashMap<>();
    private boolean closed;

    /** An address as it was asked for, and the port that it got. */
    private static final class Wanted {
        private final InetSocketAddress address;
        private int port;

        Wanted(InetSocketAddress address) {
            this.address = address;
            this.port = address.getPort();
        }
    }

    /** An address could not be had. */
    public static final class NoDoorException extends IOException {
        private static final long serialVersionUID = 1;
        private final InetSocketAddress address;

        NoDoorException(InetSocketAddress address, IOException cause) {
            super(cause.getMessage(), cause);
            this.address = address;
        }

        public InetSocketAddress address() {
            return address;
        }
    }

    /** Listens nowhere yet. */
    public Doors(Lane lane, TcpAcceptor acceptor, LocalEnds ends, List<InetSocketAddress> wanted) {
        this.lane = lane;
        this.acceptor = acceptor;
        this.ends = ends;
        this.wanted = wanted.stream().map(Wanted::new).toList();
    }

    /**
     * Listens at every address.
     *
     * @throws NoDoorException if one cannot be had; others may be open then
     */
    public synchronized void open() throws NoDoorException {
        for (Wanted each : wanted) {
            for (InetAddress local : locals(each)) {
                InetSocketAddress key = new InetSocketAddress(local, each.address.getPort());
                if (!closed && !open.containsKey(key)) {
                    open.put(key, open(each, local));
                }
            }
        }
    }

    /** The local addresses are others now; what cannot be had is logged, and tried again with the next change. */
    public synchronized void follow() {
        open.entrySet().removeIf(door -> {
            boolean gone = !ends.contain(door.getKey().getAddress());
            if (gone) {
                door.getValue().close();
            }
            return gone;
        });
        try {
            open();
        } catch (NoDoorException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot listen at " + e.address(), e);
        }
    }

    private List<InetAddress> locals(Wanted each) {
        InetAddress address = each.address.getAddress();
        if (ends.isAny()) {
            return List.of(address);
        }
        return address.isAnyLocalAddress()
                ? ends.list()
                : ends.list().stream().filter(address::equals).toList();
    }

    private TcpListener open(Wanted each, InetAddress local) throws NoDoorException {
        InetSocketAddress at = new InetSocketAddress(local, each.port);
        try {
            TcpListener listener = listen(at, each.address.getPort() == 0);
            each.port = listener.localAddress().getPort();
            return listener;
        } catch (IOException e) {
            throw new NoDoorException(at, e);
        }
    }

    private TcpListener listen(InetSocketAddress at, boolean anyPort) throws IOException {
        try {
            return lane.listen(at, BACKLOG, acceptor);
        } catch (BindException taken) {
            if (!anyPort || at.getPort() == 0) {
                throw taken;
            }
            return lane.listen(new InetSocketAddress(at.getAddress(), 0), BACKLOG, acceptor);
        }
    }

    /** Where it listens, with the ports that were given out. */
    public synchronized List<InetSocketAddress> addresses() {
        List<InetSocketAddress> all = new ArrayList<>();
        open.values().forEach(listener -> all.add(listener.localAddress()));
        return all;
    }

    /** The port to be told to others: that of the first address that was asked for; 0 if there is none. */
    public synchronized int port() {
        return wanted.isEmpty() ? 0 : wanted.getFirst().port;
    }

    /**
     * Where datagrams are to be taken: at the addresses at which it listens, but one a family, and where it listens nowhere at those that
     * may be used.
     *
     * @return one or two; none while the interface that is bound to has no address
     */
    public synchronized List<InetSocketAddress> datagramPlaces(int port) {
        List<InetAddress> all = new ArrayList<>();
        for (Wanted each : wanted) {
            all.addAll(locals(each));
        }
        if (all.isEmpty()) {
            all.addAll(ends.isAny() ? List.of(new InetSocketAddress(0).getAddress()) : ends.list());
        }
        Map<Class<?>, InetSocketAddress> places = new LinkedHashMap<>();
        for (InetAddress address : all) {
            if (address.isAnyLocalAddress()) {
                return List.of(new InetSocketAddress(address, port));
            }
            places.putIfAbsent(address.getClass(), new InetSocketAddress(address, port));
        }
        return List.copyOf(places.values());
    }

    /** Nobody comes in any more. */
    public synchronized void close() {
        closed = true;
        open.values().forEach(TcpListener::close);
        open.clear();
    }
}
