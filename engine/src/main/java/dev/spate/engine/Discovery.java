package dev.spate.engine;

import dev.spate.core.swarm.PeerSource;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtListener;
import dev.spate.engine.shell.Directory;
import dev.spate.engine.shell.LocalDiscovery;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.io.lane.Lane;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the swarms of a session and their peers find each other without trackers: peers by connecting to us, and all by the DHT and in
 * the local network. A private torrent (BEP 27) is for those who connect only. Safe on any thread.
 */
final class Discovery {

    /** So many nodes of a torrent are met; the names of each would be looked up. */
    private static final int MAX_NODES = 32;

    private static final System.Logger LOG = System.getLogger(Discovery.class.getName());

    private final Directory directory;
    private final ProgramFinders finders;

    /** Of the swarms that are looked for in the DHT. */
    private final Map<Digest, Search> searches = new ConcurrentHashMap<>();

    private volatile @Nullable Dht dht;
    private volatile int dhtPort;
    private volatile @Nullable LocalDiscovery neighbours;

    Discovery(Directory directory, List<PeerFinder> finders) {
        this.directory = directory;
        this.finders = new ProgramFinders(finders, (name, peers) -> met(name, PeerSource.USER, peers));
    }

    /** Has this node from now on; before any swarm enters. */
    void use(Dht node) {
        dht = node;
        dhtPort = node.localAddresses().getFirst().getPort();
    }

    /**
     * Tells the neighbours from now on; before any swarm enters.
     *
     * @param places where the session listens at a moment
     */
    void tellNeighbours(Lane lane, Supplier<List<InetSocketAddress>> places) {
        neighbours = new LocalDiscovery(lane, places, (name, peer) -> met(name, PeerSource.LSD, List.of(peer)));
    }

    /** Hands peers over to the lane of their swarm, if it still runs. */
    private void met(Digest name, PeerSource source, List<PeerAddress> peers) {
        SwarmRunner runner = directory.find(name);
        if (runner != null) {
            runner.soon(() -> runner.addPeers(source, peers));
        }
    }

    @Nullable
    Dht dht() {
        return dht;
    }

    /** The session may use other local addresses than before. */
    void bindTo(IntFunction<List<InetSocketAddress>> places) {
        Dht node = dht;
        if (node != null) {
            node.bindTo(places.apply(dhtPort));
        }
    }

    /** Nobody is told or looked for any more. */
    void close() {
        LocalDiscovery local = neighbours;
        if (local != null) {
            local.close();
        }
        Dht node = dht;
        if (node != null) {
            node.close();
        }
    }

    /** Where our DHT node takes datagrams, as peers are told; 0 for nowhere. */
    int dhtPort() {
        return dhtPort;
    }

    /**
     * A swarm may be found from now on, and its peers are looked for. Said again when something of it has changed.
     *
     * @param port where peers reach us, or 0 when they cannot
     * @param seed whether we have everything
     */
    void enter(Digest name, SwarmRunner runner, int port, boolean isPrivate, boolean seed) {
        directory.enter(name, runner);
        if (isPrivate) {
            // It was told of if it began with a magnet link, which does not say what is private.
            conceal(name);
            return;
        }
        finders.enter(name, port);
        LocalDiscovery local = neighbours;
        if (local != null) {
            local.enter(name);
        }
        Dht node = dht;
        if (node == null) {
            return;
        }
        Search search = new Search(name);
        if (node.announce(name, port, false, seed, search)) {
            searches.put(name, search);
        } else {
            LOG.log(System.Logger.Level.WARNING, "{0} is not looked for in the DHT: it is one too many", name);
        }
    }

    /** How far the DHT has been searched for a swarm; empty if it is not. */
    Optional<Situation.DhtSearch> search(Digest name) {
        return Optional.ofNullable(searches.get(name)).map(search -> search.last);
    }

    /** A swarm rests or is over. */
    void leave(Digest name) {
        directory.remove(name);
        conceal(name);
    }

    private void conceal(Digest name) {
        finders.leave(name);
        LocalDiscovery local = neighbours;
        if (local != null) {
            local.leave(name);
        }
        Dht node = dht;
        if (node != null) {
            node.withdraw(name);
            searches.remove(name);
        }
    }

    /** Somebody said that there is a DHT node at an address. */
    void nodeTold(PeerAddress address) {
        Dht node = dht;
        if (node != null) {
            node.addNode(address.toSocketAddress());
        }
    }

    /** A torrent names nodes to begin with (BEP 5, "torrent file extensions"). */
    void nodesTold(List<HostPort> addresses) {
        Dht node = dht;
        if (node != null) {
            addresses.stream().limit(MAX_NODES).forEach(node::addNode);
        }
    }

    /** Hands what the DHT finds over to the swarm, and remembers how the last round went. */
    private final class Search implements DhtListener {
        private final Digest name;
        private volatile Situation.DhtSearch last = Situation.DhtSearch.BEGUN;

        Search(Digest name) {
            this.name = name;
        }

        @Override
        public void peersFound(List<PeerAddress> peers) {
            met(name, PeerSource.DHT, peers);
        }

        @Override
        public void roundOver(int nodes) {
            last = new Situation.DhtSearch(true, nodes);
        }
    }
}
