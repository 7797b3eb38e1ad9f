package dev.spate.engine.dht;

import dev.spate.core.dht.DhtEffect;
import dev.spate.core.dht.DhtNode;
import dev.spate.core.dht.DhtSettings;
import dev.spate.core.dht.DhtState;
import dev.spate.core.dht.DhtStats;
import dev.spate.io.lane.Lane;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.TorrentKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A running node of the DHT (BEP 5 and those that followed it).
 *
 * <p>Methods may be called by any thread and return at once. What they promise comes later, on a thread of the common pool, so
 * whatever is chained to a future may take its time; only a {@link DhtListener} is called on the node's own thread. Searches end
 * by themselves, mostly within some seconds, also when nothing is found. Whoever still waits when the node is closed gets a
 * {@link CancellationException}.
 */
public final class Dht implements AutoCloseable {
    /** So many swarms may be announced at a time. */
    public static final int MAX_ANNOUNCES = DhtNode.MAX_REPEATS;

    /** How often the state is written while the node runs; at its end it is written in any case. */
    private static final long SAVE_NANOS = 900_000_000_000L;

    /** The nodes that the field's programs begin with when they know nobody. */
    public static final List<HostPort> ROUTERS = List.of(
            new HostPort("dht.libtorrent.org", 25401),
            new HostPort("dht.transmissionbt.com", 6881),
            new HostPort("router.bittorrent.com", 6881),
            new HostPort("router.utorrent.com", 6881));

    private static final System.Logger LOG = System.getLogger("dev.spate.engine.dht");

    private final Lane lane;
    private final DhtRunner runner;
    private final StateFile stateFile;
    private final Map<NodeId, DhtRunner.Waiter> announces = new HashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Dht(Lane lane, DhtRunner runner, StateFile stateFile) {
        this.lane = lane;
        this.runner = runner;
        this.stateFile = stateFile;
    }

    /**
     * Starts a node. Reads its state, so it waits for the disk.
     *
     * @throws IOException if an address to bind to is not ours or taken
     */
    public static Dht open(DhtOptions options) throws IOException {
        StateFile stateFile = new StateFile(options.stateFile());
        DhtSettings served = DhtSettings.DEFAULTS.answering(options.answersPerSecond());
        DhtSettings settings = options.readOnly() ? served.asReadOnly() : served;
        Lane lane = Lane.start("spate-dht");
        try {
            DhtRunner runner = DhtRunner.start(lane, options.bind(), settings, stateFile.read());
            Dht dht = new Dht(lane, runner, stateFile);
            dht.onLane(dht::saveLater);
            options.routers().forEach(dht::addRouter);
            return dht;
        } catch (IOException e) {
            lane.close();
            throw e;
        }
    }

    /** Where the node takes datagrams, with the real ports, in the order of {@link DhtOptions#bind}. */
    public List<InetSocketAddress> localAddresses() {
        return runner.localAddresses();
    }

    /** Tells of a node, for instance one that a peer's PORT message or a torrent's {@code nodes} names. It is looked at. */
    public void addNode(InetSocketAddress address) {
        if (!address.isUnresolved()) {
            PeerAddress node = PeerAddress.of(address);
            onLane(() -> runner.tell(it -> it.nodeFound(node, lane.now())));
        }
    }

    /** As {@link #addNode(InetSocketAddress)}; its name is looked up in the background, and it is passed over if it has no address. */
    public void addNode(HostPort node) {
        lookUp(node, address -> runner.tell(it -> it.nodeFound(address, lane.now())));
    }

    /** A node that is always there. */
    private void addRouter(HostPort router) {
        lookUp(router, address -> runner.tell(it -> it.doorFound(address, lane.now())));
    }

    /** @param found called on the lane, for each address */
    private void lookUp(HostPort node, Consumer<PeerAddress> found) {
        Thread.ofVirtual().start(() -> {
            try {
                for (InetAddress ip : InetAddress.getAllByName(node.host())) {
                    PeerAddress address = new PeerAddress(ip, node.port());
                    onLane(() -> found.accept(address));
                }
            } catch (UnknownHostException e) {
                LOG.log(System.Logger.Level.INFO, "the DHT node {0} has no address", node);
            }
        });
    }

    /** Done when others were found for the first time; searches before that find nothing. Cancelled when the node is closed before. */
    public CompletableFuture<Void> joined() {
        return runner.joined().copy();
    }

    /**
     * Takes datagrams at other addresses from now on, and at no other, for instance because a network interface has got them. What
     * cannot be had is logged. No family is used that was not from the beginning.
     *
     * @param addresses with real ports; none for a node that rests
     */
    public void bindTo(List<InetSocketAddress> addresses) {
        onLane(() -> runner.bindTo(addresses));
    }

    /**
     * Looks for the peers of a swarm once.
     *
     * @param infoHash 20 bytes: v1, or v2 cut off
     */
    public CompletableFuture<Found> findPeers(Digest infoHash) {
        NodeId place = NodeId.of(infoHash);
        Set<PeerAddress> peers = new LinkedHashSet<>();
        return begin(node -> node.findPeers(place, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.PeersFound found) {
                peers.addAll(found.peers());
            } else if (result instanceof DhtEffect.PeersSearched(var _, var _, var report)) {
                complete(future, new Found(List.copyOf(peers), report.closest(), report.queries(), report.hops()));
            }
        });
    }

    /**
     * Announces us as a peer of a swarm and looks for its peers, now and every quarter of an hour until {@link #withdraw}. Called
     * again, it goes on with what is said then.
     *
     * @param infoHash 20 bytes: v1, or v2 cut off
     * @param port where peers are taken, 1 to 65535; 0 if nobody can connect to us, then peers are looked for only
     * @param impliedPort whether nodes are to note the port of our datagrams instead, which is right where uTP is spoken there
     * @param seed whether we have everything (BEP 33)
     * @return false if {@link #MAX_ANNOUNCES} others are announced
     */
    public synchronized boolean announce(
            Digest infoHash, int port, boolean impliedPort, boolean seed, DhtListener listener) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        NodeId place = NodeId.of(infoHash);
        if (announces.size() >= MAX_ANNOUNCES && !announces.containsKey(place)) {
            return false;
        }
        DhtRunner.Waiter waiter = new DhtRunner.Waiter() {
            @Override
            public boolean take(DhtEffect result) {
                if (result instanceof DhtEffect.PeersFound found) {
                    listener.peersFound(found.peers());
                } else if (result instanceof DhtEffect.Announced announced) {
                    listener.roundOver(announced.nodes());
                } else if (result instanceof DhtEffect.PeersSearched searched) {
                    listener.roundOver(searched.report().closest().size());
                }
                return false;
            }

            @Override
            public void cancelled(CancellationException why) {
                // Nobody waits: an announce has no end.
            }
        };
        DhtRunner.Waiter before = announces.put(place, waiter);
        onLane(() -> {
            if (before != null) {
                runner.forget(before);
            }
            runner.begin(
                    node -> port == 0
                            ? node.follow(place, lane.now())
                            : node.announce(place, port, impliedPort, seed, lane.now()),
                    waiter);
        });
        return true;
    }

    /** Announces us no more. The nodes forget us within half an hour. */
    public synchronized void withdraw(Digest infoHash) {
        NodeId place = NodeId.of(infoHash);
        DhtRunner.Waiter waiter = announces.remove(place);
        if (waiter != null) {
            onLane(() -> {
                runner.forget(waiter);
                runner.tell(node -> node.withdraw(place));
            });
        }
    }

    /** Estimates how many take part in a swarm (BEP 33). */
    public CompletableFuture<Scrape> scrape(Digest infoHash) {
        NodeId place = NodeId.of(infoHash);
        return begin(node -> node.scrape(place, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.Scraped scraped) {
                complete(future, new Scrape(scraped.seeds(), scraped.peers()));
            }
        });
    }

    /** Looks for an immutable item (BEP 44). */
    public CompletableFuture<Optional<BencodeValue>> getImmutable(NodeId target) {
        return get(target, Bytes.EMPTY)
                .thenApply(
                        item -> item.filter(DhtItem.Immutable.class::isInstance).map(DhtItem::decoded));
    }

    /**
     * Stores an immutable item once (BEP 44); nodes keep it for two hours.
     *
     * @throws IllegalArgumentException if the value takes more than 1,000 bytes
     */
    public CompletableFuture<Stored> putImmutable(BencodeValue value) {
        return put(DhtItem.immutable(value), null);
    }

    /**
     * Looks for the newest item of a key (BEP 44).
     *
     * @param publicKey an Ed25519 key, 32 bytes
     * @param salt empty for none
     */
    public CompletableFuture<Optional<DhtItem.Mutable>> getMutable(Bytes publicKey, Bytes salt) {
        return get(DhtItem.Mutable.target(publicKey, salt), salt)
                .thenApply(
                        item -> item.filter(DhtItem.Mutable.class::isInstance).map(DhtItem.Mutable.class::cast));
    }

    /**
     * Stores a value in the place of a key's present one (BEP 44); nodes keep it for two hours. Looks for the present one first,
     * and takes the number after its. If somebody else with the key was quicker, nothing is stored, or not everywhere.
     *
     * @param keys of Ed25519
     * @param salt empty for none, at most 64 bytes
     */
    public CompletableFuture<Stored> putMutable(KeyPair keys, Bytes salt, BencodeValue value) {
        return getMutable(DhtItem.Mutable.publicKey(keys), salt).thenCompose(present -> {
            Long seq = present.map(DhtItem.Mutable::seq).orElse(null);
            return put(DhtItem.Mutable.sign(keys, salt, seq == null ? 1 : seq + 1, value), seq);
        });
    }

    /**
     * Stores an item now and once an hour, so that it lives as long as this node runs, until {@link #unpublish}.
     *
     * @return how it went the first time; cancelled if {@link #MAX_ANNOUNCES} others are announced and published
     */
    public CompletableFuture<Stored> publish(DhtItem item) {
        return begin(node -> node.publish(item, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.ItemStored stored) {
                complete(future, new Stored(item, stored.nodes(), Optional.ofNullable(stored.newer())));
            }
        });
    }

    /** Stores an item no more. The nodes forget it within two hours. */
    public void unpublish(NodeId target) {
        onLane(() -> runner.tell(node -> node.withdraw(target)));
    }

    /**
     * Lets a key name a torrent (BEP 46), in the place of the one that it named before; see {@link #putMutable}.
     *
     * @param salt empty for none, at most 64 bytes
     */
    public CompletableFuture<Stored> nameTorrent(KeyPair keys, Bytes salt, Digest infoHash) {
        return putMutable(keys, salt, NamedTorrent.of(infoHash));
    }

    /** The info-hash of the torrent that a key names at present (BEP 46). */
    public CompletableFuture<Optional<Digest>> torrentOf(TorrentKey key) {
        return getMutable(key.publicKey(), key.salt())
                .thenApply(item -> item.flatMap(it -> NamedTorrent.read(it.decoded())));
    }

    private CompletableFuture<Optional<DhtItem>> get(NodeId target, Bytes salt) {
        return begin(node -> node.get(target, salt, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.ItemFound found) {
                complete(future, Optional.ofNullable(found.item()));
            }
        });
    }

    private CompletableFuture<Stored> put(DhtItem item, @Nullable Long cas) {
        return begin(node -> node.put(item, cas, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.ItemStored stored) {
                complete(future, new Stored(item, stored.nodes(), Optional.ofNullable(stored.newer())));
            }
        });
    }

    /** Collects info-hashes that nodes near a place store peers for (BEP 51). */
    public CompletableFuture<List<Digest>> sample(NodeId near) {
        return begin(node -> node.sample(near, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.Sampled sampled) {
                complete(
                        future,
                        sampled.infoHashes().stream().map(NodeId::toDigest).toList());
            }
        });
    }

    /** Looks who is at an address; empty if nobody answers within fifteen seconds. */
    public CompletableFuture<Optional<NodeId>> ping(InetSocketAddress address) {
        PeerAddress to = PeerAddress.of(address);
        return begin(node -> node.ping(to, lane.now()), (future, result) -> {
            if (result instanceof DhtEffect.Pinged pinged) {
                complete(future, Optional.ofNullable(pinged.id()));
            }
        });
    }

    /** What the node is and has done. */
    public CompletableFuture<DhtStatus> stats() {
        CompletableFuture<DhtStatus> future = new CompletableFuture<>();
        if (!onLane(() -> complete(future, status(runner.node().stats())))) {
            future.completeExceptionally(closedNode());
        }
        return future;
    }

    private static DhtStatus status(DhtStats stats) {
        DhtStats.Half four = stats.ipv4();
        DhtStats.Half six = stats.ipv6();
        return new DhtStatus(
                four == null ? 0 : four.nodes(),
                six == null ? 0 : six.nodes(),
                stats.queriesIn(),
                stats.queriesOut(),
                stats.answersIn(),
                stats.answersOut(),
                stats.timeouts(),
                (four == null ? 0 : four.storedPeers()) + (six == null ? 0 : six.storedPeers()),
                stats.storedItems(),
                stats.lookups());
    }

    /** Ends the node and writes its state. Waits for both; any number of times, from any thread but a {@link DhtListener}'s. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<@Nullable DhtState> last = new CompletableFuture<>();
        if (onLane(() -> last.complete(runner.close()))) {
            DhtState state = last.join();
            if (state != null) {
                stateFile.write(state);
            }
        }
        lane.close();
    }

    /** On the lane: writes the state by and by. */
    private void saveLater() {
        if (stateFile.isKept()) {
            lane.timer(() -> {
                        DhtState state = runner.node().state();
                        Thread.ofVirtual().start(() -> stateFile.write(state));
                        saveLater();
                    })
                    .set(lane.now() + SAVE_NANOS);
        }
    }

    /** What to do with a result of an operation: completes the future with the last one. */
    private interface Taking<T> {
        void take(CompletableFuture<T> future, DhtEffect result);
    }

    private <T> CompletableFuture<T> begin(ToIntFunction<DhtNode> operation, Taking<T> taking) {
        CompletableFuture<T> future = new CompletableFuture<>();
        DhtRunner.Waiter waiter = new DhtRunner.Waiter() {
            @Override
            public boolean take(DhtEffect result) {
                taking.take(future, result);
                return !(result instanceof DhtEffect.PeersFound);
            }

            @Override
            public void cancelled(CancellationException why) {
                future.completeExceptionally(why);
            }
        };
        if (!onLane(() -> runner.begin(operation, waiter))) {
            future.completeExceptionally(closedNode());
        }
        return future;
    }

    /** Completes it, but not on this thread, which has better things to do than what is chained to it. */
    private static <T> void complete(CompletableFuture<T> future, T value) {
        future.completeAsync(() -> value);
    }

    private static CancellationException closedNode() {
        return new CancellationException("the DHT node is closed");
    }

    private boolean onLane(Runnable task) {
        try {
            lane.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
