package dev.spate.core.dht;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcDecoder;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Want;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node of the DHT, of IPv4, IPv6 or both: a state machine without sockets or clock.
 *
 * <p>Inputs are calls that end in {@code now}, monotonic nanoseconds. After each, {@link #poll} gives what is to be done, until
 * it gives nothing, and {@link #deadline} says when {@link #timeout} is to be called. For one thread.
 */
public final class DhtNode {
    /** So many announces and published items there may be at a time. */
    public static final int MAX_REPEATS = Repeats.MAX;

    // BEP 5 leaves the period of announces open; all clients use 15 minutes or a little more.
    private static final long ANNOUNCE_NANOS = 900_000_000_000L;

    // BEP 44, "expiration": "they SHOULD be re-announced once an hour".
    private static final long REPUBLISH_NANOS = 3_600_000_000_000L;

    /** How often the tables are looked after. */
    private static final long CARE_NANOS = 10_000_000_000L;

    private final Post post;
    private final Queries queries;
    private final Lookups lookups = new Lookups();
    private final List<Half> halves;
    private final ItemStore items;
    private final Answerer answerer;
    private final Repeats repeats;
    private long careAt;
    private int lastOperation;
    private long answersIn;
    private long timeouts;
    private long malformed;
    private long strayAnswers;

    /**
     * A node that knows what the state says, and nobody else yet.
     *
     * @param families in which it takes part, at least one
     * @param random for ids, tokens and transactions, which strangers must not foresee
     */
    public DhtNode(DhtSettings settings, Set<Family> families, DhtState state, RandomGenerator random, long now) {
        if (families.isEmpty()) {
            throw new IllegalArgumentException("a node of no family");
        }
        this.queries = new Queries(random);
        this.post = new Post(settings, queries);
        this.items = new ItemStore(settings.maxStoredItems());
        this.repeats = new Repeats(random);
        Want want = families.size() == 2 ? Want.BOTH : Want.UNSAID;
        List<Half> made = new ArrayList<>();
        for (Family family : Family.values()) {
            if (families.contains(family)) {
                NodeId id = state.id(family).orElseGet(() -> NodeId.random(random));
                made.add(new Half(family, want, id, post, lookups, random, this::joined, now));
            }
        }
        this.halves = List.copyOf(made);
        this.answerer = new Answerer(post, halves, items, this::announced, random, now);
        for (NodeInfo node : state.nodes()) {
            Half half = half(node.address());
            if (half != null) {
                half.restore(node);
            }
        }
        this.careAt = now;
    }

    // ---- inputs

    /**
     * A datagram came.
     *
     * @param datagram from its position to its limit, which stay where they are
     */
    public void received(PeerAddress from, ByteBuffer datagram, long now) {
        Half half = half(from);
        if (half == null || !Addresses.isPossible(from)) {
            return;
        }
        switch (KrpcDecoder.decode(datagram)) {
            case Decoding.Decoded<KrpcMessage>(KrpcMessage.Query query) ->
                answerer.answer(half, query, from, datagram.remaining(), now);
            case Decoding.Decoded<KrpcMessage>(KrpcMessage.Answer answer) -> answered(half, answer, from, now);
            case Decoding.Decoded<KrpcMessage>(KrpcMessage.Refusal refusal) -> {
                Queries.Open open = queries.close(refusal.transaction(), from);
                if (open == null) {
                    strayAnswers++;
                } else {
                    open.reply.refused(refusal.code(), now);
                }
            }
            case Decoding.Malformed<KrpcMessage> _, Decoding.NeedMore<KrpcMessage> _ -> malformed++;
        }
    }

    private void answered(Half half, KrpcMessage.Answer answer, PeerAddress from, long now) {
        Queries.Open open = queries.close(answer.transaction(), from);
        if (open == null) {
            strayAnswers++;
            return;
        }
        answersIn++;
        answerer.proved(from, now);
        half.answered(answer, from, now);
        if (open.expected != null && !open.expected.equals(answer.id())) {
            // Whoever told us of him was wrong, or lied; he himself has a right to his name.
            open.reply.misnamed(answer, now);
            return;
        }
        for (Half other : halves) {
            if (other != half) {
                other.hinted(
                        other.family() == Family.IPV4
                                ? answer.results().nodes()
                                : answer.results().nodes6(),
                        from,
                        now);
            }
        }
        open.reply.answered(answer, now);
    }

    /** A node is said to be there: by a peer's PORT message, by a torrent's {@code nodes}, or by the user. It is looked at. */
    public void nodeFound(PeerAddress address, long now) {
        Half half = half(address);
        if (half != null && Addresses.isPossible(address)) {
            half.ping(address, null, now);
        }
    }

    /** A node that is always there, such as a router; looked at now, and again whenever nobody else is known. */
    public void doorFound(PeerAddress address, long now) {
        Half half = half(address);
        if (half != null && Addresses.isPossible(address)) {
            half.door(address, now);
        }
    }

    /** When {@link #timeout} is to be called next. */
    public long deadline() {
        return Math.min(careAt, Math.min(queries.deadline(), repeats.deadline()));
    }

    /** Time has passed; without effect before the deadline. */
    public void timeout(long now) {
        for (Queries.Open slow = queries.nextSlow(now); slow != null; slow = queries.nextSlow(now)) {
            slow.reply.slow(now);
        }
        for (Queries.Open silent = queries.nextSilent(now); silent != null; silent = queries.nextSilent(now)) {
            timeouts++;
            Half half = half(silent.to);
            assert half != null;
            half.table().silent(silent.to, now);
            silent.reply.silent(now);
        }
        repeats.begin(now);
        if (now - careAt >= 0) {
            careAt = now + CARE_NANOS;
            halves.forEach(half -> half.care(now));
            items.forgetOld(now);
        }
    }

    /** A search for our own neighbours has found somebody. */
    private void joined(Half half, long now) {
        repeats.hurry(now);
        post.report(new DhtEffect.Joined(half.family()));
    }

    /** A peer was announced to us; whoever looks for its swarm need not wait for the next round. */
    private void announced(NodeId infoHash, PeerAddress peer) {
        OptionalInt operation = repeats.operation(infoHash);
        if (operation.isPresent()) {
            post.report(new DhtEffect.PeersFound(operation.getAsInt(), infoHash, List.of(peer)));
        }
    }

    // ---- operations

    /** Looks for peers: {@link DhtEffect.PeersFound} any number of times, then {@link DhtEffect.PeersSearched}. */
    public int findPeers(NodeId infoHash, long now) {
        new PeerSearch(post, ++lastOperation, infoHash, new PeerSearch.Goal.Find((nodes, then) -> {}))
                .begin(halves, now);
        return lastOperation;
    }

    /**
     * Looks for peers now and every quarter of an hour until {@link #withdraw}, for one to whom nobody can connect, so that an
     * announce would be a lie: {@link DhtEffect.PeersFound} any number of times, and {@link DhtEffect.PeersSearched} each time.
     *
     * @throws IllegalStateException if there are {@link #MAX_REPEATS} announces and published items
     */
    public int follow(NodeId infoHash, long now) {
        int operation = ++lastOperation;
        repeats.add(
                infoHash,
                operation,
                (done, then) ->
                        new PeerSearch(post, operation, infoHash, new PeerSearch.Goal.Find(done)).begin(halves, then),
                ANNOUNCE_NANOS,
                now);
        return operation;
    }

    /**
     * Announces us as a peer, now and every quarter of an hour until {@link #withdraw}; the peers that are met on the way are
     * told ({@link DhtEffect.PeersFound}), and {@link DhtEffect.Announced} each time. Called again, it begins anew with what
     * is said then.
     *
     * @param port where we take connections; 1 to 65535
     * @param impliedPort whether nodes are to note the port that our datagrams come from instead (BEP 5)
     * @param seed whether we have everything (BEP 33)
     * @throws IllegalStateException if there are {@link #MAX_REPEATS} announces and published items
     */
    public int announce(NodeId infoHash, int port, boolean impliedPort, boolean seed, long now) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        int operation = ++lastOperation;
        repeats.add(
                infoHash,
                operation,
                (done, then) -> new PeerSearch(
                                post, operation, infoHash, new PeerSearch.Goal.Announce(port, impliedPort, seed, done))
                        .begin(halves, then),
                ANNOUNCE_NANOS,
                now);
        return operation;
    }

    /** Announces us no more, or publishes no more what has this target. Nodes forget it by themselves. */
    public void withdraw(NodeId infoHashOrTarget) {
        repeats.remove(infoHashOrTarget);
    }

    /** Estimates how many seeds and peers there are (BEP 33): {@link DhtEffect.Scraped}. */
    public int scrape(NodeId infoHash, long now) {
        new PeerSearch(post, ++lastOperation, infoHash, new PeerSearch.Goal.Scrape()).begin(halves, now);
        return lastOperation;
    }

    /**
     * Looks for an item (BEP 44), also among those that we store for others: {@link DhtEffect.ItemFound}.
     *
     * @param salt of a mutable item, which its target was made with; empty otherwise
     */
    public int get(NodeId target, Bytes salt, long now) {
        new ItemSearch(post, ++lastOperation, target, new ItemSearch.Goal.Get(salt, items.find(target, now)))
                .begin(halves, now);
        return lastOperation;
    }

    /**
     * Stores an item once (BEP 44): {@link DhtEffect.ItemStored}.
     *
     * @param cas the sequence number that a mutable item is to replace, and no other; null for any lower one
     */
    public int put(DhtItem item, @Nullable Long cas, long now) {
        new ItemSearch(post, ++lastOperation, item.target(), new ItemSearch.Goal.Put(item, cas, (nodes, then) -> {}))
                .begin(halves, now);
        return lastOperation;
    }

    /**
     * Stores an item now and every hour until {@link #withdraw} of its target: {@link DhtEffect.ItemStored} each time. Called
     * again for the same target, the new item takes the place of the old one.
     *
     * @throws IllegalStateException if there are {@link #MAX_REPEATS} announces and published items
     */
    public int publish(DhtItem item, long now) {
        int operation = ++lastOperation;
        NodeId target = item.target();
        repeats.add(
                target,
                operation,
                (done, then) -> new ItemSearch(post, operation, target, new ItemSearch.Goal.Put(item, null, done))
                        .begin(halves, then),
                REPUBLISH_NANOS,
                now);
        return operation;
    }

    /** Looks who is at an address: {@link DhtEffect.Pinged}. */
    public int ping(PeerAddress address, long now) {
        int operation = ++lastOperation;
        Half half = half(address);
        Pinging pinging = new Pinging(operation, address);
        if (half == null
                || !Addresses.isPossible(address)
                || !half.ask(address, null, new Question.Ping(), pinging, now)) {
            pinging.silent(now);
        }
        return operation;
    }

    private final class Pinging implements Queries.Reply {
        private final int operation;
        private final PeerAddress address;

        Pinging(int operation, PeerAddress address) {
            this.operation = operation;
            this.address = address;
        }

        @Override
        public void answered(KrpcMessage.Answer answer, long now) {
            post.report(new DhtEffect.Pinged(operation, address, answer.id()));
        }

        @Override
        public void refused(long code, long now) {
            silent(now);
        }

        @Override
        public void silent(long now) {
            post.report(new DhtEffect.Pinged(operation, address, null));
        }

        @Override
        public void slow(long now) {
            // The answer may still come.
        }
    }

    /** Collects info-hashes that nodes on the way to a target store peers for (BEP 51): {@link DhtEffect.Sampled}. */
    public int sample(NodeId target, long now) {
        new SampleSearch(post, ++lastOperation, target).begin(halves, now);
        return lastOperation;
    }

    // ---- outputs

    /** The next thing to be done; null if there is nothing. */
    public @Nullable DhtEffect poll() {
        return post.poll();
    }

    /** Our id in the DHT of a family. */
    public Optional<NodeId> id(Family family) {
        return Optional.ofNullable(idOf(family));
    }

    /** What to keep for the next run. */
    public DhtState state() {
        List<NodeInfo> nodes = new ArrayList<>();
        halves.forEach(half -> nodes.addAll(half.table().nodes()));
        return new DhtState(idOf(Family.IPV4), idOf(Family.IPV6), nodes);
    }

    public DhtStats stats() {
        return new DhtStats(
                statsOf(Family.IPV4),
                statsOf(Family.IPV6),
                answerer.queriesIn,
                post.queriesOut,
                answersIn,
                post.answersOut,
                timeouts,
                malformed,
                strayAnswers,
                answerer.limited,
                items.size(),
                lookups.size());
    }

    private @Nullable NodeId idOf(Family family) {
        for (Half half : halves) {
            if (half.family() == family) {
                return half.own();
            }
        }
        return null;
    }

    private DhtStats.@Nullable Half statsOf(Family family) {
        for (Half half : halves) {
            if (half.family() == family) {
                return half.stats();
            }
        }
        return null;
    }

    private @Nullable Half half(PeerAddress address) {
        Family family = Family.of(address);
        for (int i = 0; i < halves.size(); i++) {
            if (halves.get(i).family() == family) {
                return halves.get(i);
            }
        }
        return null;
    }
}
