package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.Question;
import dev.spate.wire.dht.Results;
import dev.spate.wire.dht.SecureIds;
import dev.spate.wire.dht.Want;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node's part in the DHT of one family (BEP 32): its id there, its table with what keeps it fresh, and its stored peers.
 */
final class Half {
    /** No more pings than this are under way at a time, so that nobody can make us send many by telling of many nodes. */
    static final int MAX_PINGS = 128;

    /** So many addresses are remembered to begin again from. */
    static final int MAX_DOORS = 64;

    /** So many nodes of the last time are tried. */
    static final int MAX_RESTORED = 512;

    /** How many of those are asked in each round of care. */
    private static final int RESTORED_A_ROUND = 8;

    private static final long RETRY_NANOS = 30_000_000_000L;

    /** Who hears that others know of us. */
    interface Joined {
        void joined(Half half, long now);
    }

    private final Family family;
    private final Post post;
    private final Lookups lookups;
    private final RandomGenerator random;
    private final Want want;
    private final RoutingTable table;
    private final PeerStore peers;
    private final AddressVotes votes = new AddressVotes();
    private final Set<PeerAddress> doors = new LinkedHashSet<>();
    private final ArrayDeque<NodeInfo> restored = new ArrayDeque<>();
    private final Joined joined;
    private NodeId own;
    private @Nullable InetAddress external;
    private int pings;
    private int careSearches;
    private long joinAgainAt;

    Half(
            Family family,
            Want want,
            NodeId own,
            Post post,
            Lookups lookups,
            RandomGenerator random,
            Joined joined,
            long now) {
        this.family = family;
        this.want = want;
        this.own = own;
        this.post = post;
        this.lookups = lookups;
        this.random = random;
        this.joined = joined;
        this.table = new RoutingTable(own, now);
        this.peers = new PeerStore(family, post.settings.maxStoredPeers(), random, now);
        this.joinAgainAt = now;
    }

    Family family() {
        return family;
    }

    NodeId own() {
        return own;
    }

    RoutingTable table() {
        return table;
    }

    PeerStore peers() {
        return peers;
    }

    Lookups lookups() {
        return lookups;
    }

    /** Which nodes our searches ask for. */
    Want want() {
        return want;
    }

    boolean isUs(NodeInfo node) {
        return node.id().equals(own);
    }

    /** Sends a query; false if too many are under way. */
    boolean ask(PeerAddress to, @Nullable NodeId expected, Question question, Queries.Reply reply, long now) {
        return post.ask(own, to, expected, question, reply, now);
    }

    /** Begins a search with the nearest nodes that are known. */
    void begin(Lookup lookup, long now) {
        List<NodeInfo> known = table.closest(lookup.target, RoutingTable.K);
        if (known.size() == RoutingTable.K) {
            lookup.begin(known, List.of(), now);
            return;
        }
        List<NodeInfo> more = new ArrayList<>(known);
        more.addAll(restored);
        lookup.begin(more, List.copyOf(doors), now);
    }

    /** Remembers nodes of the last time, of this family. */
    void restore(NodeInfo node) {
        if (restored.size() < MAX_RESTORED && Addresses.isPossible(node.address())) {
            restored.add(node);
        }
    }

    /** Remembers an address to begin from, and looks who is there. */
    void door(PeerAddress address, long now) {
        if (doors.size() == MAX_DOORS) {
            doors.remove(doors.iterator().next());
        }
        doors.add(address);
        ping(address, null, now);
    }

    /** Looks who is at an address; whoever answers may come into the table. */
    void ping(PeerAddress address, @Nullable NodeId expected, long now) {
        if (pings < MAX_PINGS && ask(address, expected, new Question.Ping(), new PingReply(), now)) {
            pings++;
        }
    }

    private final class PingReply implements Queries.Reply {
        @Override
        public void answered(KrpcMessage.Answer answer, long now) {
            pings--;
        }

        @Override
        public void refused(long code, long now) {
            pings--;
        }

        @Override
        public void silent(long now) {
            pings--;
        }

        @Override
        public void slow(long now) {
            // The table counts only those that never answer.
        }
    }

    /** A node has answered a query of ours. */
    void answered(KrpcMessage.Answer answer, PeerAddress from, long now) {
        boolean first = table.size() == 0;
        table.answered(new NodeInfo(answer.id(), from), now);
        if (first && table.size() > 0) {
            join(now);
        }
        PeerAddress seen = answer.yourAddress();
        if (seen != null && Family.of(seen) == family && Addresses.isPossible(seen.withPort(1))) {
            votes.vote(from.ip(), seen.ip()).ifPresent(agreed -> settleAt(agreed, now));
        }
    }

    private void settleAt(InetAddress agreed, long now) {
        if (agreed.equals(external)) {
            return;
        }
        external = agreed;
        if (!SecureIds.allows(agreed, own)) {
            own = SecureIds.make(agreed, random);
            table.move(own, now);
            join(now);
        }
        post.report(new DhtEffect.AddressLearnt(agreed, own));
    }

    /** What a node of the other family says about this one; of use while we know next to nobody here (BEP 32). */
    void hinted(@Nullable List<NodeInfo> nodes, PeerAddress teller, long now) {
        if (nodes == null || table.size() >= RoutingTable.K) {
            return;
        }
        for (NodeInfo node : nodes.subList(0, Math.min(2, nodes.size()))) {
            if (Addresses.isReachable(node.address(), teller.ip())) {
                ping(node.address(), node.id(), now);
            }
        }
    }

    /** Looks for our own neighbours, who thereby hear of us (BEP 5). */
    void join(long now) {
        joinAgainAt = now + RETRY_NANOS;
        search(own, true, now);
    }

    private void search(NodeId target, boolean joins, long now) {
        careSearches++;
        lookups.add(new Lookup(this, target, new Care(joins)), now);
    }

    /** A search for the sake of the table. */
    private final class Care implements Lookup.Purpose {
        private final boolean joins;

        Care(boolean joins) {
            this.joins = joins;
        }

        @Override
        public Question question(NodeId target) {
            return new Question.FindNode(target, want);
        }

        @Override
        public boolean heard(Lookup lookup, NodeInfo node, Results results, long now) {
            return true;
        }

        @Override
        public boolean asksAgain(Lookup lookup) {
            return false;
        }

        @Override
        public void ended(Lookup lookup, long now) {
            careSearches--;
            if (joins && table.size() > 0) {
                joined.joined(Half.this, now);
            }
        }
    }

    /** Some seconds have passed: looks after the table and what is stored, a little. */
    void care(long now) {
        for (int i = 0; i < RESTORED_A_ROUND && !restored.isEmpty(); i++) {
            NodeInfo node = restored.removeFirst();
            ping(node.address(), node.id(), now);
        }
        if (table.size() < RoutingTable.K && now - joinAgainAt >= 0 && careSearches == 0) {
            join(now);
        }
        TableNode questionable = table.mostQuestionable(now);
        if (questionable != null) {
            ping(questionable.info.address(), questionable.info.id(), now);
        }
        if (careSearches == 0) {
            NodeId target = table.toRefresh(random, now);
            if (target != null) {
                search(target, false, now);
            }
        }
        peers.forgetOld(now);
    }

    DhtStats.Half stats() {
        return new DhtStats.Half(own, table.size(), table.spares(), peers.infoHashes(), peers.peers());
    }
}
