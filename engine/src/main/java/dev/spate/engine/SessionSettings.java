package dev.spate.engine;

import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.StateStore;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.wire.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a session that does not change while it lives.
 *
 * @param listen where peers may reach us; port 0 takes a free one. Empty: nobody can
 * @param stateFolder where resume data is kept, or empty: nothing is remembered after the session
 * @param stateStore where it is kept instead, by a program that brings a store of its own; never together with a folder
 * @param contentStore where the files of torrents lie, by a program that brings a store of its own; empty: in the file system
 * @param maxConnections connections to peers in all torrents together, half-open ones included; at least 1
 * @param maxConnectionsPerTorrent the same for each torrent; at least 1
 * @param pieceMemory bytes of piece buffers in all torrents together; at least 4 MiB
 * @param lanes threads that own sockets and swarms, 1 to 64
 * @param workers threads that hash, write and read, 1 to 64
 * @param proxy where everything must go through, {@code socks5://user:password@host:port} or {@code http://host:port}; what it
 *     cannot carry (UDP through an HTTP proxy) is refused and never goes around it, and names are looked up by it
 * @param proxyPeers whether connections to peers go through the proxy as well; otherwise they are made directly, and only
 *     trackers are asked through it
 * @param bind the network interface, by its name, or the local address that everything is bound to: peers, trackers, datagrams. While
 *     it has no address nothing is sent or received; when it has one again it goes on. A wildcard in {@code listen} means its addresses
 * @param portMapping whether the network's gateway is asked to let peers through to us (PCP, NAT-PMP, UPnP); never together with a
 *     proxy
 * @param dht the nodes to begin with in the DHT (BEP 5), {@link dev.spate.engine.dht.Dht#ROUTERS} for instance; or empty: no part is taken in it. Not
 *     with a proxy for peers, which it would go around
 * @param localDiscovery whether neighbours in the local network are told of the torrents that are not private, and heard (BEP 14), on the
 *     network interfaces at which the session listens. Not with a proxy for peers either
 * @param peerFinders the program's own ways to find peers
 * @param clock tells the time of day, for schedules and for when torrents were added and completed; what is measured in seconds goes by
 *     the system's monotonic clock
 * @param userAgent what HTTP trackers are told
 */
public record SessionSettings(
        List<InetSocketAddress> listen,
        Optional<Path> stateFolder,
        Optional<StateStore> stateStore,
        Optional<ContentStore> contentStore,
        int maxConnections,
        int maxConnectionsPerTorrent,
        long pieceMemory,
        int lanes,
        int workers,
        Optional<URI> proxy,
        boolean proxyPeers,
        Optional<String> bind,
        boolean portMapping,
        Optional<List<HostPort>> dht,
        boolean localDiscovery,
        List<PeerFinder> peerFinders,
        Clock clock,
        String userAgent) {

    private static final long MIN_PIECE_MEMORY = 4 << 20;

    public SessionSettings {
        listen = List.copyOf(listen);
        if (stateFolder.isPresent() && stateStore.isPresent()) {
            throw new IllegalArgumentException("state is kept in a folder or in a store, not in both");
        }
        Objects.requireNonNull(contentStore);
        proxy.ifPresent(ProxySettings::of);
        Objects.requireNonNull(bind);
        if (portMapping && proxy.isPresent()) {
            throw new IllegalArgumentException("ports are not mapped when a proxy is set: that would go around it");
        }
        dht = dht.map(List::copyOf);
        if ((dht.isPresent() || localDiscovery) && proxy.isPresent() && proxyPeers) {
            throw new IllegalArgumentException(
                    "no DHT and no local discovery when peers are met through a proxy: they would go around it");
        }
        peerFinders = List.copyOf(peerFinders);
        Objects.requireNonNull(clock);
        Objects.requireNonNull(userAgent);
        require(maxConnections >= 1, "maxConnections", maxConnections);
        require(maxConnectionsPerTorrent >= 1, "maxConnectionsPerTorrent", maxConnectionsPerTorrent);
        require(pieceMemory >= MIN_PIECE_MEMORY, "pieceMemory", pieceMemory);
        require(lanes >= 1 && lanes <= 64, "lanes", lanes);
        require(workers >= 1 && workers <= 64, "workers", workers);
    }

    /** The settings of {@link #builder()} as it comes. */
    public static SessionSettings defaults() {
        return builder().build();
    }

    /**
     * Begins with: any address at a free port, no state folder, 500 connections, 80 a torrent, 64 MiB of piece buffers, a lane
     * for every two processors, a worker for each, no proxy, no part in the DHT or local discovery. With a proxy nobody listens, unless it is said where: who connects to us
     * directly learns where we are.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether anything is remembered after the session. */
    boolean isRemembered() {
        return stateFolder.isPresent() || stateStore.isPresent();
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " out of bounds: " + value);
        }
    }

    /** Collects settings; not for use by several threads at once. */
    public static final class Builder {
        private @Nullable List<InetSocketAddress> listen;
        private Optional<Path> stateFolder = Optional.empty();
        private Optional<StateStore> stateStore = Optional.empty();
        private Optional<ContentStore> contentStore = Optional.empty();
        private int maxConnections = 500;
        private int maxConnectionsPerTorrent = 80;
        private long pieceMemory = 64 << 20;
        private int lanes = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
        private int workers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16);
        private Optional<URI> proxy = Optional.empty();
        private boolean proxyPeers = true;
        private Optional<String> bind = Optional.empty();
        private boolean portMapping;
        private Optional<List<HostPort>> dht = Optional.empty();
        private boolean localDiscovery;
        private final List<PeerFinder> peerFinders = new ArrayList<>();
        private Clock clock = Clock.system(ZoneId.systemDefault());
        private String userAgent = Version.USER_AGENT;

        private Builder() {}

        /** Where peers may reach us, port 0 for a free one; none to be reached by nobody. */
        public Builder listen(InetSocketAddress... addresses) {
            listen = List.of(addresses);
            return this;
        }

        /** A folder where progress is remembered from one session to the next; made if it is missing. */
        public Builder stateFolder(Path folder) {
            stateFolder = Optional.of(folder);
            return this;
        }

        /** A store of the program's own, where progress is remembered instead of in a folder. */
        public Builder stateStore(StateStore store) {
            stateStore = Optional.of(store);
            return this;
        }

        /** A store of the program's own, where the files of torrents lie instead of in the file system; not closed with the session. */
        public Builder contentStore(ContentStore store) {
            contentStore = Optional.of(store);
            return this;
        }

        /** Connections to peers, half-open ones included; each at least 1. */
        public Builder maxConnections(int inAll, int perTorrent) {
            maxConnections = inAll;
            maxConnectionsPerTorrent = perTorrent;
            return this;
        }

        /** Bytes of piece buffers of all torrents together; at least 4 MiB. */
        public Builder pieceMemory(long bytes) {
            pieceMemory = bytes;
            return this;
        }

        /** Threads that own sockets and swarms, 1 to 64. */
        public Builder lanes(int threads) {
            lanes = threads;
            return this;
        }

        /** Threads that hash, write and read, 1 to 64. */
        public Builder workers(int threads) {
            workers = threads;
            return this;
        }

        /** Everything through a proxy. Then nobody can connect to us, unless {@link #listen} says where. */
        public Builder proxy(URI address) {
            proxy = Optional.of(address);
            return this;
        }

        /** Whether peers are connected to through the proxy as well, which is what a proxy does from the start. */
        public Builder proxyPeers(boolean through) {
            proxyPeers = through;
            return this;
        }

        /** The one network interface, or local address, that is used; see {@link SessionSettings#bind}. */
        public Builder bind(String interfaceOrAddress) {
            bind = Optional.of(interfaceOrAddress);
            return this;
        }

        /** Whether the gateway is asked to let peers through; never together with a proxy. */
        public Builder portMapping(boolean wanted) {
            portMapping = wanted;
            return this;
        }

        /** Takes part in the DHT, beginning with these nodes, those that are known from before and those that torrents and peers name. */
        public Builder dht(List<HostPort> routers) {
            dht = Optional.of(routers);
            return this;
        }

        /** Another way to find peers. */
        public Builder peerFinder(PeerFinder finder) {
            peerFinders.add(finder);
            return this;
        }

        /** What tells the time of day, with its time zone; the system's without this. */
        public Builder clock(Clock wallClock) {
            clock = wallClock;
            return this;
        }

        /** Whether neighbours in the local network are told of torrents that are not private, and heard. */
        public Builder localDiscovery(boolean wanted) {
            localDiscovery = wanted;
            return this;
        }

        /** What HTTP trackers are told that we are. */
        public Builder userAgent(String text) {
            userAgent = text;
            return this;
        }

        /** The settings as they were collected; {@link IllegalArgumentException} if they contradict each other. */
        public SessionSettings build() {
            List<InetSocketAddress> usual =
                    proxy.isPresent() && proxyPeers ? List.of() : List.of(new InetSocketAddress(0));
            return new SessionSettings(
                    listen == null ? usual : listen,
                    stateFolder,
                    stateStore,
                    contentStore,
                    maxConnections,
                    maxConnectionsPerTorrent,
                    pieceMemory,
                    lanes,
                    workers,
                    proxy,
                    proxyPeers,
                    bind,
                    portMapping,
                    dht,
                    localDiscovery,
                    peerFinders,
                    clock,
                    userAgent);
        }
    }
}
