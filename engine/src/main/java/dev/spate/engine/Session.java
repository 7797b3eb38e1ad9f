package dev.spate.engine;

import dev.spate.core.rate.RateLimits;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtOptions;
import dev.spate.engine.metrics.Metric;
import dev.spate.engine.shell.BindWatch;
import dev.spate.engine.shell.ConnectionLimit;
import dev.spate.engine.shell.Directory;
import dev.spate.engine.shell.Doors;
import dev.spate.engine.shell.Gate;
import dev.spate.engine.shell.Resources;
import dev.spate.engine.shell.SessionLimits;
import dev.spate.engine.shell.TrackerClient;
import dev.spate.engine.shell.TrackerReply;
import dev.spate.engine.shell.Vestibule;
import dev.spate.engine.shell.WayOut;
import dev.spate.engine.storage.CheckTurns;
import dev.spate.engine.storage.FileSystemStore;
import dev.spate.engine.storage.PieceBuffers;
import dev.spate.engine.storage.PieceChecker;
import dev.spate.engine.storage.ResumeStore;
import dev.spate.engine.storage.StorageException;
import dev.spate.engine.storage.StoredResume;
import dev.spate.engine.watch.Chronicle;
import dev.spate.engine.watch.WatchedStore;
import dev.spate.io.file.FilePool;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LocalAddresses;
import dev.spate.io.lane.LocalEnds;
import dev.spate.io.memory.BufferPool;
import dev.spate.io.proxy.ProxySettings;
import dev.spate.io.work.Workers;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PeerId;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.ScrapeAnswer;
import dev.spate.wire.tracker.ScrapeOutcome;
import dev.spate.wire.tracker.ScrapeResults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The running client: many torrents, one set of ports, one budget of memory and of connections. A program may have several.
 *
 * <pre>{@code
 * try (Session session = Session.open(SessionSettings.defaults())) {
 *     Torrent torrent = session.add(metainfo, AddOptions.into(Path.of("downloads")));
 *     torrent.completion().join();
 * }
 * }</pre>
 *
 * <p>For use by any thread.
 */
public final class Session implements AutoCloseable {

    /** How long closing waits for trackers to hear the good-byes and for the disk to take what is left. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    /** How often it is looked whether the interface that is bound to has the same addresses. */
    private static final Duration BIND_GLANCE = Duration.ofSeconds(2);

    /** Open files of all torrents together; systems allow 1,024 descriptors and sockets need some of them. */
    private static final int MAX_OPEN_FILES = 256;

    /** Memory for blocks on their way to sockets, of all connections together. */
    private static final long BLOCK_MEMORY = 64 << 20;

    /** In the state folder. */
    private static final String DHT_STATE = "dht.state";

    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    private final SessionSettings settings;
    private final EventStream events = new EventStream();
    private final Map<Digest, Torrent> torrents = new ConcurrentHashMap<>();
    private final AtomicInteger nextLane = new AtomicInteger();
    private final List<Lane> lanes = new ArrayList<>();
    private final FilePool files = new FilePool(MAX_OPEN_FILES);
    private final LocalEnds ends;
    private final Doors doors;
    private final Resources resources;
    private final SessionRules rules;
    private final TrackerClient trackers;
    private final Discovery discovery;
    private final Gate gate = new Gate();
    private final ResumeStore resumeStore;
    private final PeerId peerId;
    private @Nullable BindWatch watch;
    private @Nullable PortMaps portMaps;
    private boolean closed;

    /** Counted down at the end of {@link #close}. */
    private final CountDownLatch over = new CountDownLatch(1);

    /**
     * Opens nothing yet.
     *
     * @param ends the local addresses that it may use
     * @param peers the way to peers
     * @param requests the way to trackers
     */
    private Session(SessionSettings settings, LocalEnds ends, WayOut peers, WayOut requests) throws IOException {
        this.ends = ends;
        this.settings = settings;
        this.peerId = PeerId.random(Version.PEER_ID_PREFIX, new SecureRandom());
        this.resumeStore = settings.stateStore()
                .<ResumeStore>map(StoredResume::in)
                .orElseGet(() -> settings.stateFolder()
                        .<ResumeStore>map(StoredResume::in)
                        .orElseGet(ResumeStore::none));
        for (int i = 0; i < settings.lanes(); i++) {
            lanes.add(Lane.start("spate-lane-" + i));
        }
        Chronicle chronicle = new Chronicle();
        this.resources = new Resources(
                Workers.start("spate-worker", settings.workers()),
                Workers.start("spate-mover", 1),
                new WatchedStore(settings.contentStore().orElseGet(() -> new FileSystemStore(files)), chronicle),
                new PieceBuffers(settings.pieceMemory()),
                new BufferPool(BLOCK_MEMORY),
                new PieceChecker(),
                new CheckTurns(),
                new ConnectionLimit(settings.maxConnections()),
                peers,
                new SessionLimits(lanes),
                chronicle);
        Directory directory = new Directory();
        this.discovery = new Discovery(directory, settings.peerFinders());
        Vestibule vestibule = new Vestibule(lanes.getFirst(), directory);
        this.doors = new Doors(lanes.getFirst(), gate.before(vestibule::welcome), ends, settings.listen());
        this.rules = new SessionRules(
                this, resources, settings, lanes.getFirst(), () -> LocalDateTime.now(settings.clock()));
        this.trackers = new TrackerClient(lanes.getFirst(), requests, settings.userAgent());
    }

    /**
     * Starts a session.
     *
     * @throws SpateException.CannotListen if one of the addresses cannot be had
     * @throws SpateException.NoProxy if the name of the proxy has no address
     * @throws SpateException.NoInterface if there is no such interface as is to be bound to, or it has no address
     */
    public static Session open(SessionSettings settings) {
        return open(settings, LocalAddresses::of, BIND_GLANCE);
    }

    /** @param glance how often {@code lookUp} is asked for the addresses to be bound to */
    static Session open(SessionSettings settings, BindWatch.LookUp lookUp, Duration glance) {
        LocalEnds ends = settings.bind().map(name -> bound(name, lookUp)).orElseGet(LocalEnds::any);
        WayOut direct = WayOut.direct(ends);
        WayOut way = settings.proxy().map(proxy -> through(proxy, ends)).orElse(direct);
        Session session;
        try {
            session = new Session(settings, ends, settings.proxyPeers() ? way : direct, way);
        } catch (IOException e) {
            throw new UncheckedIOException("the system gives no more selectors", e);
        }
        try {
            session.doors.open();
            if (settings.dht().isPresent()) {
                session.openDht(settings.dht().get());
            }
            if (settings.localDiscovery()) {
                session.discovery.tellNeighbours(session.lanes.getFirst(), session.doors::addresses);
            }
        } catch (Doors.NoDoorException e) {
            session.close();
            throw new SpateException.CannotListen(e.address(), e.getCause() == null ? e : e.getCause());
        } catch (IOException e) {
            session.close();
            throw new SpateException.CannotListen(
                    session.doors.datagramPlaces(session.doors.port()).getFirst(), e);
        }
        if (settings.portMapping()) {
            session.mapPorts();
        }
        settings.bind().ifPresent(name -> session.watch(name, lookUp, glance));
        return session;
    }

    private static LocalEnds bound(String name, BindWatch.LookUp lookUp) {
        try {
            return LocalEnds.only(lookUp.addresses(name));
        } catch (IOException e) {
            throw new SpateException.NoInterface(name, e);
        }
    }

    private static WayOut through(URI proxy, LocalEnds ends) {
        try {
            InetAddress address = InetAddress.getByName(proxy.getHost());
            return new WayOut(ProxySettings.of(proxy), new InetSocketAddress(address, proxy.getPort()), ends);
        } catch (UnknownHostException e) {
            throw new SpateException.NoProxy(proxy.getHost(), e);
        }
    }

    /**
     * Takes part in the DHT at the port at which we listen; where the system chose that, another will do.
     *
     * @param routers nodes to begin with
     */
    private void openDht(List<HostPort> routers) throws IOException {
        boolean isFree = settings.listen().stream().allMatch(address -> address.getPort() == 0);
        try {
            discovery.use(openDht(routers, doors.port()));
        } catch (IOException taken) {
            if (!isFree) {
                throw taken;
            }
            discovery.use(openDht(routers, 0));
        }
    }

    private Dht openDht(List<HostPort> routers, int port) throws IOException {
        Path state =
                settings.stateFolder().map(folder -> folder.resolve(DHT_STATE)).orElse(null);
        return Dht.open(
                DhtOptions.at(doors.datagramPlaces(port)).withRouters(routers).withState(state));
    }

    private synchronized void mapPorts() {
        portMaps = new PortMaps(ends, doors.port());
        portMaps.begin();
    }

    private synchronized void watch(String name, BindWatch.LookUp lookUp, Duration glance) {
        watch = new BindWatch(name, lookUp, glance, ends.list(), this::move);
    }

    /** The interface has other addresses: first nothing uses the old ones any more, then we listen at the new ones. */
    private synchronized void move(List<InetAddress> addresses) {
        if (!closed) {
            ends.become(addresses);
            torrents.values().forEach(torrent -> torrent.life().localEndsChanged());
            trackers.localEndsChanged();
            doors.follow();
            discovery.bindTo(doors::datagramPlaces);
            if (portMaps != null) {
                portMaps.begin();
            }
        }
    }

    /** Where peers reach this session at this moment, with the ports that were given out. */
    public List<InetSocketAddress> listenAddresses() {
        return doors.addresses();
    }

    /**
     * Adds a torrent. Its files are looked at first: what is good of them is kept. With a state folder, what was known of it is
     * taken up again.
     *
     * @throws SpateException.Unsupported if it can be transferred only by version 2 of the protocol
     * @throws SpateException.Duplicate if the session has it
     * @throws SpateException.Closed if the session is closed
     */
    public synchronized Torrent add(Metainfo metainfo, AddOptions options) {
        requireTransferable(metainfo);
        return add(
                metainfo.infoHash(),
                metainfo.name(),
                surroundings -> new TorrentLife(metainfo, options, surroundings, Heritage.none()));
    }

    private static void requireTransferable(Metainfo metainfo) {
        if (metainfo.version() == dev.spate.wire.metainfo.Version.V2) {
            throw new SpateException.Unsupported(metainfo.name()
                    + " is a v2-only torrent (BEP 52), which this version cannot transfer; ask for a v1 or hybrid one");
        }
    }

    /**
     * Adds a torrent of which only a magnet link is known: its metadata is got from peers first, unless it was in an earlier session
     * with the same state folder. Its trackers and peers are asked, and its choice
     * of files is followed unless the options have one; web seeds are passed over.
     *
     * @throws SpateException.Unsupported if it can be transferred only by version 2 of the protocol
     * @throws SpateException.Duplicate if the session has it
     * @throws SpateException.Closed if the session is closed
     */
    public synchronized Torrent add(Magnet magnet, AddOptions options) {
        if (magnet.infoHash().v1() == null) {
            throw new SpateException.Unsupported("this magnet link names a v2-only torrent (BEP 52), which this version"
                    + " cannot transfer; ask for a link with urn:btih");
        }
        String name = magnet.displayName() == null ? "that torrent" : magnet.displayName();
        return add(magnet.infoHash(), name, surroundings -> new MagnetLife(magnet, options, surroundings));
    }

    private Torrent add(InfoHash infoHash, String called, Function<Surroundings, Life> birth) {
        if (closed) {
            throw new SpateException.Closed("the session");
        }
        Digest name = infoHash.onTheWire();
        if (torrents.containsKey(name)) {
            throw new SpateException.Duplicate("the session has " + called + " (" + name + ") already");
        }
        Lane lane = lanes.get(Math.floorMod(nextLane.getAndIncrement(), lanes.size()));
        Surroundings surroundings = new Surroundings(
                lane,
                resources,
                trackers,
                discovery,
                gate,
                resumeStore,
                peerId,
                announcedPort(),
                settings,
                rules,
                events::publish);
        Life life = birth.apply(surroundings);
        Torrent torrent = new Torrent(life);
        torrents.put(name, torrent);
        life.begin(torrent);
        return torrent;
    }

    /**
     * The magnet links of earlier sessions whose metadata nobody gave yet, from the state folder; to be added again.
     *
     * @throws SpateException.Storage if they cannot be read
     */
    public List<Magnet> rememberedMagnets() {
        List<Magnet> magnets = new ArrayList<>();
        try {
            for (Digest name : resumeStore.magnets()) {
                if (Magnet.parse(resumeStore.loadMagnet(name).orElse(""))
                        instanceof Decoding.Decoded<Magnet>(var magnet)) {
                    magnets.add(magnet);
                }
            }
        } catch (StorageException e) {
            throw StorageFailures.toSpate(e);
        }
        return magnets;
    }

    /** Where others reach us; as far as it is known when a torrent is added. */
    private synchronized int announcedPort() {
        return portMaps == null ? doors.port() : portMaps.announcedPort();
    }

    /** How it stands with the ports that the gateway shall map; empty unless that is {@link SessionSettings#portMapping} and known. */
    public synchronized List<PortMappingStats> portMappings() {
        return portMaps == null ? List.of() : portMaps.stats();
    }

    /** All torrents, in no particular order. */
    public List<Torrent> torrents() {
        return List.copyOf(torrents.values());
    }

    /** The torrent of this info-hash, if the session has it. */
    public Optional<Torrent> torrent(InfoHash infoHash) {
        return Optional.ofNullable(torrents.get(infoHash.onTheWire()));
    }

    /**
     * Ends a torrent: says good-bye to trackers and peers, and forgets its resume data.
     *
     * @param deleteFiles whether its files are deleted too; files that are not its own never are
     * @return done when nothing of it is left; fails with a {@link SpateException} if the files could not be deleted
     */
    public CompletableFuture<Void> remove(Torrent torrent, boolean deleteFiles) {
        torrents.remove(torrent.infoHash().onTheWire(), torrent);
        return torrent.life().remove(deleteFiles);
    }

    /**
     * Shuts out the addresses of a list, in all torrents, instead of those of the last one. Connections to them are closed, others
     * from there are refused before a word is said, and they are not dialed. Addresses of trackers are not concerned.
     */
    public synchronized void setIpFilter(IpBlockList list) {
        gate.filter(list.filter());
        torrents.values().forEach(torrent -> torrent.life().filter());
    }

    /**
     * Limits what all torrents together move, from now on. All bytes on connections to peers count, protocol and payload, without
     * the headers of TCP and IP.
     */
    public void setLimits(RateLimits limits) {
        rules.setLimits(limits);
    }

    /** What the session may do, to be changed while it runs. */
    public SessionRules rules() {
        return rules;
    }

    /**
     * Asks a tracker for the counts of swarms, without announcing anything.
     *
     * @param tracker its announce URL, http, https or udp
     * @param infoHashes 1 to 64
     * @return what it told, by the info-hash on the wire; fails with a {@link SpateException.TrackerRefused}
     */
    public CompletableFuture<SortedMap<Digest, ScrapeAnswer>> scrape(String tracker, List<InfoHash> infoHashes) {
        CompletableFuture<SortedMap<Digest, ScrapeAnswer>> answer = new CompletableFuture<>();
        List<Digest> names = infoHashes.stream().map(InfoHash::onTheWire).toList();
        try {
            trackers.scrape(tracker, names, Runnable::run, reply -> {
                switch (reply) {
                    case TrackerReply.Answered<ScrapeOutcome>(ScrapeResults(var swarms)) -> answer.complete(swarms);
                    case TrackerReply.Answered<ScrapeOutcome>(AnnounceRefusal refusal) ->
                        answer.completeExceptionally(new SpateException.TrackerRefused(tracker, refusal.reason()));
                    case TrackerReply.NoRoute<ScrapeOutcome>(var reason) ->
                        answer.completeExceptionally(new SpateException.TrackerRefused(tracker, reason));
                    case TrackerReply.Failed<ScrapeOutcome>(var reason) ->
                        answer.completeExceptionally(new SpateException.TrackerRefused(tracker, reason));
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new SpateException.Closed("the session"));
        }
        return answer;
    }

    /**
     * Looks at the peers of a torrent, which need not be one of this session's; by the session's way to peers, and not at those whom its IP
     * filter shuts out.
     *
     * @throws SpateException.Unsupported if it can be transferred only by version 2 of the protocol
     */
    public Prober prober(Metainfo metainfo) {
        requireTransferable(metainfo);
        return new Prober(this, metainfo, peerId, resources.wayOut(), gate, search(metainfo));
    }

    private PeerSearch search(Metainfo metainfo) {
        return new PeerSearch(metainfo, peerId, announcedPort(), trackers, discovery, settings.peerFinders());
    }

    /** Our node of the DHT, if {@link SessionSettings#dht} wants one; closed with the session. */
    public Optional<Dht> dht() {
        return Optional.ofNullable(discovery.dht());
    }

    /** Counters and rates of all torrents together, at this moment. */
    public SessionStats stats() {
        long down = 0;
        long up = 0;
        for (Torrent torrent : torrents.values()) {
            TorrentStats stats = torrent.stats();
            down += stats.downloadRate();
            up += stats.uploadRate();
        }
        return new SessionStats(
                torrents.size(),
                resources.connections().open(),
                down,
                up,
                gate.refused(),
                resources.pieces().used(),
                resources.pieces().limit());
    }

    /**
     * What was counted since it was opened. The same happenings, and more of each, can be seen by the JDK's flight recorder, as events
     * whose names begin with {@code dev.spate.} and which are off unless a recording enables them.
     */
    public Map<Metric, Long> metrics() {
        Map<Metric, Long> all = resources.chronicle().counts();
        all.merge(Metric.PEERS_REFUSED, gate.refused(), Long::sum);
        all.put(Metric.LANE_STALLS, lanes.stream().mapToLong(Lane::stalls).sum());
        return Collections.unmodifiableMap(all);
    }

    /**
     * Tells {@code listener} what happens from now on, on a virtual thread of its own, in order. A listener that is too slow
     * misses the oldest events (see {@link Subscription#missed}) and holds up nobody. See {@link #events} for {@link Flow}.
     */
    public Subscription subscribe(Consumer<? super Event> listener) {
        return events.subscribe(listener);
    }

    /**
     * What happens from now on, for libraries that speak {@link Flow}. A subscriber is called on a virtual thread of its own, in order,
     * and never with more than it asked for. For it too the newest 10,000 events are kept and the oldest are missed: the {@link
     * Flow.Subscription} that it is given is also a {@link Subscription}, which counts them. Completed when the session has ended.
     */
    public Flow.Publisher<Event> events() {
        return events;
    }

    /**
     * Ends all torrents: good-byes to trackers, progress saved, sockets closed, threads ended. Takes no longer than ten seconds or
     * so, whatever trackers and disks do. Whoever calls it again returns when the session has ended too, so that a program that ends
     * because of a signal while it is closing its session loses nothing.
     */
    @Override
    public void close() {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (first) {
            try {
                end();
            } finally {
                over.countDown();
            }
        } else if (lanes.stream().noneMatch(Lane::isCurrent)) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end() {
        if (watch != null) {
            watch.close();
        }
        doors.close();
        if (portMaps != null) {
            portMaps.close();
        }
        CompletableFuture<?>[] ends = torrents.values().stream()
                .map(torrent -> torrent.life().close())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.log(System.Logger.Level.WARNING, "the session did not end in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        discovery.close();
        trackers.close();
        resources.mover().close();
        resources.workers().close();
        lanes.forEach(Lane::close);
        files.close();
        resources.blocks().close();
        events.close();
    }
}
