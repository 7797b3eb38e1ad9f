package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that a node knows, many of its neighbourhood and few of the rest (BEP 5, "routing table").
 *
 * <p>Only who has answered us gets in, so nobody can put in others or addresses that he does not have. One node an address
 * (one a network of 64 bits in IPv6), and a node whose id BEP 42 allows takes the seat of one with an id of its own choice: so
 * it takes as many networks as seats to fill a bucket.
 */
final class RoutingTable {
    /*
     * Bucket i holds the nodes that have exactly the first i bits in common with our id, the last bucket those that have as
     * many or more. It alone is split when it is full, as it alone holds our id.
     *
     * The nearest nodes to a target with p bits in common with us: bucket p (they have more than p bits in common with the
     * target), then all buckets behind it (exactly p), then p-1, p-2, down to 0. Mostly bucket p suffices.
     *
     * A seat is lost by two queries in a row without answer if somebody waits for it. If nobody does it is kept until the
     * third, and as long as nobody answers us at all: then the fault is on our side.
     */

    // BEP 5: "Each bucket can only hold K nodes, currently eight".
    static final int K = 8;

    static final int MAX_SPARES = 8;

    private static final int HOPELESS_AFTER = 3;

    /** Somebody has answered so lately that it cannot be our connection that is broken. */
    private static final long ONLINE_NANOS = 60_000_000_000L;

    private NodeId own;
    private final List<Bucket> buckets = new ArrayList<>();
    /** Seated or waiting, by {@link Addresses#place}. Never walked through. */
    private final Map<Object, TableNode> byPlace = new HashMap<>();

    private int seated;
    private long answerAt;

    RoutingTable(NodeId own, long now) {
        this.own = own;
        this.answerAt = now;
        buckets.add(new Bucket(now));
    }

    int size() {
        return seated;
    }

    int spares() {
        return byPlace.size() - seated;
    }

    int buckets() {
        return buckets.size();
    }

    /** A node has answered us. */
    void answered(NodeInfo info, long now) {
        answerAt = now;
        if (info.id().equals(own)) {
            return;
        }
        Bucket bucket = bucketOf(info.id());
        TableNode there = byPlace.get(Addresses.place(info.address()));
        if (there != null && there.info.equals(info)) {
            there.seenAt = now;
            there.failures = 0;
            bucket.changedAt = now;
            return;
        }
        if (there != null) {
            // Somebody else of the same owner. The one that we know stays while it is good, unless it has merely a new
            // id.
            if (there.isGood(now) && !there.info.address().equals(info.address())) {
                return;
            }
            remove(there, now);
        }
        TableNode namesake = bucketOf(info.id()).find(info.id());
        if (namesake != null) {
            if (namesake.isGood(now)) {
                return;
            }
            remove(namesake, now);
        }
        insert(new TableNode(info, now), now);
    }

    private void insert(TableNode node, long now) {
        Bucket bucket = bucketOf(node.info.id());
        while (bucket.isFull() && bucket == buckets.getLast() && buckets.size() < NodeId.BITS) {
            split(now);
            bucket = bucketOf(node.info.id());
        }
        if (!bucket.isFull()) {
            seat(node, bucket, now);
            return;
        }
        TableNode victim = bucket.victimFor(node);
        if (victim == null) {
            wait(node, bucket);
            return;
        }
        bucket.nodes.remove(victim);
        victim.seated = false;
        seated--;
        seat(node, bucket, now);
        if (victim.isBad()) {
            byPlace.remove(Addresses.place(victim.info.address()));
        } else {
            wait(victim, bucket);
        }
    }

    private void seat(TableNode node, Bucket bucket, long now) {
        bucket.nodes.add(node);
        bucket.changedAt = now;
        node.seated = true;
        seated++;
        byPlace.put(Addresses.place(node.info.address()), node);
    }

    private void wait(TableNode node, Bucket bucket) {
        if (bucket.spares.size() == MAX_SPARES) {
            TableNode dropped = bucket.spares.removeFirst();
            byPlace.remove(Addresses.place(dropped.info.address()));
        }
        bucket.spares.add(node);
        byPlace.put(Addresses.place(node.info.address()), node);
    }

    private void split(long now) {
        Bucket near = buckets.getLast();
        int bits = buckets.size() - 1;
        Bucket nearer = new Bucket(now);
        buckets.add(nearer);
        move(near.nodes, nearer.nodes, bits);
        move(near.spares, nearer.spares, bits);
        fill(near, now);
        fill(nearer, now);
    }

    private void move(List<TableNode> from, List<TableNode> to, int bits) {
        for (TableNode node : List.copyOf(from)) {
            if (own.commonPrefix(node.info.id()) > bits) {
                from.remove(node);
                to.add(node);
            }
        }
    }

    /** Gives free seats to those that wait. */
    private void fill(Bucket bucket, long now) {
        while (!bucket.isFull()) {
            TableNode spare = bucket.takeSpare();
            if (spare == null) {
                return;
            }
            seat(spare, bucket, now);
        }
    }

    private void remove(TableNode node, long now) {
        Bucket bucket = bucketOf(node.info.id());
        byPlace.remove(Addresses.place(node.info.address()));
        if (node.seated) {
            bucket.nodes.remove(node);
            node.seated = false;
            seated--;
            fill(bucket, now);
        } else {
            bucket.spares.remove(node);
        }
    }

    /**
     * A node asks us something. Being asked proves nothing, so this lets nobody in.
     *
     * @return whether it is worth asking who that is, as there is a seat for it
     */
    boolean asked(PeerAddress from, NodeId id, long now) {
        TableNode there = byPlace.get(Addresses.place(from));
        if (there != null) {
            if (there.failures == 0
                    && there.info.id().equals(id)
                    && there.info.address().equals(from)) {
                there.seenAt = now;
            }
            return false;
        }
        if (id.equals(own)) {
            return false;
        }
        Bucket bucket = bucketOf(id);
        if (!bucket.isFull() || bucket == buckets.getLast()) {
            return true;
        }
        for (TableNode node : bucket.nodes) {
            if (!node.isGood(now)) {
                return bucket.spares.isEmpty();
            }
        }
        return false;
    }

    /** A node did not answer. */
    void silent(PeerAddress address, long now) {
        TableNode node = byPlace.get(Addresses.place(address));
        if (node == null || !node.info.address().equals(address)) {
            return;
        }
        node.failures = Math.min(node.failures + 1, 100);
        boolean replaceable = node.isBad() && !bucketOf(node.info.id()).spares.isEmpty();
        boolean hopeless = node.failures >= HOPELESS_AFTER && now - answerAt < ONLINE_NANOS;
        if (!node.seated || replaceable || hopeless) {
            remove(node, now);
        }
    }

    /** The nearest nodes that have not failed us, the nearest one first. */
    List<NodeInfo> closest(NodeId target, int count) {
        Nearest nearest = new Nearest(target, count);
        int home = home(target);
        nearest.addAll(buckets.get(home));
        if (!nearest.isFull()) {
            for (int i = home + 1; i < buckets.size(); i++) {
                nearest.addAll(buckets.get(i));
            }
        }
        for (int i = home - 1; i >= 0 && !nearest.isFull(); i--) {
            nearest.addAll(buckets.get(i));
        }
        return nearest.toList();
    }

    /** The node that has not been seen for the longest time, if that makes it questionable; null otherwise. */
    @Nullable
    TableNode mostQuestionable(long now) {
        TableNode oldest = null;
        for (Bucket bucket : buckets) {
            for (TableNode node : bucket.nodes) {
                if (!node.isGood(now) && (oldest == null || node.seenAt - oldest.seenAt < 0)) {
                    oldest = node;
                }
            }
        }
        return oldest;
    }

    /** A random id in the bucket that has not changed for the longest time, if that is too long; null otherwise. */
    @Nullable
    NodeId toRefresh(RandomGenerator random, long now) {
        int stalest = 0;
        for (int i = 1; i < buckets.size(); i++) {
            if (buckets.get(i).changedAt - buckets.get(stalest).changedAt < 0) {
                stalest = i;
            }
        }
        if (now - buckets.get(stalest).changedAt < TableNode.GOOD_NANOS) {
            return null;
        }
        buckets.get(stalest).changedAt = now;
        return own.randomWithPrefix(stalest, random);
    }

    /** All that have a seat, those far away first. */
    List<NodeInfo> nodes() {
        List<NodeInfo> all = new ArrayList<>(seated);
        for (Bucket bucket : buckets) {
            bucket.nodes.forEach(node -> all.add(node.info));
        }
        return all;
    }

    /** Our id is another one now: everybody is seated anew. */
    void move(NodeId newOwn, long now) {
        List<TableNode> all = new ArrayList<>();
        buckets.forEach(bucket -> all.addAll(bucket.nodes));
        buckets.forEach(bucket -> all.addAll(bucket.spares));
        buckets.clear();
        byPlace.clear();
        seated = 0;
        own = newOwn;
        buckets.add(new Bucket(now));
        for (TableNode node : all) {
            node.seated = false;
            if (!node.info.id().equals(own)) {
                insert(node, now);
            }
        }
    }

    private Bucket bucketOf(NodeId id) {
        return buckets.get(home(id));
    }

    private int home(NodeId id) {
        return Math.min(own.commonPrefix(id), buckets.size() - 1);
    }

    /** The nearest of those that were shown to it, in order; by insertion, as they are few. */
    private static final class Nearest {
        private final NodeId target;
        private final NodeInfo[] nodes;
        private int count;

        Nearest(NodeId target, int most) {
            this.target = target;
            this.nodes = new NodeInfo[most];
        }

        boolean isFull() {
            return count == nodes.length;
        }

        void addAll(Bucket bucket) {
            List<TableNode> seats = bucket.nodes;
            for (int i = 0; i < seats.size(); i++) {
                TableNode node = seats.get(i);
                if (node.failures == 0) {
                    add(node.info);
                }
            }
        }

        private void add(NodeInfo node) {
            int at = count;
            while (at > 0 && target.compareDistance(node.id(), nodes[at - 1].id()) < 0) {
                at--;
            }
            if (at == nodes.length) {
                return;
            }
            int moved = Math.min(count, nodes.length - 1) - at;
            System.arraycopy(nodes, at, nodes, at + 1, moved);
            nodes[at] = node;
            count = Math.min(count + 1, nodes.length);
        }

        List<NodeInfo> toList() {
            List<NodeInfo> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(nodes[i]);
            }
            return list;
        }
    }
}
