package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Family;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.Results;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one family that a node keeps for others: bounded, and each for half an hour after its announce.
 *
 * <p>Swarms are in the order of their last announce, so those that are over are all in front, and when there is no room for
 * another peer, the swarm makes room that nobody announced himself to for the longest time.
 */
final class PeerStore {
    /** Peers announce themselves every 15 minutes; who missed two rounds is gone. */
    static final int LIFETIME_SECONDS = 1800;

    /** BEP 51 lets the selection stand for a while, so that asking again gains nothing. */
    static final int SAMPLE_SECONDS = 600;

    /** As many as fit into a datagram with the nodes. */
    static final int MAX_SAMPLES = 30;

    private static final long NANOS = 1_000_000_000L;

    private final Family family;
    private final int maxPeers;
    private final RandomGenerator random;
    private final long epoch;
    private final Map<NodeId, StoredSwarm> swarms = new LinkedHashMap<>();
    private int peers;
    private List<NodeId> samples = List.of();
    private int sampledUntil;

    PeerStore(Family family, int maxPeers, RandomGenerator random, long now) {
        this.family = family;
        this.maxPeers = maxPeers;
        this.random = random;
        this.epoch = now;
    }

    int infoHashes() {
        return swarms.size();
    }

    int peers() {
        return peers;
    }

    void put(NodeId infoHash, PeerAddress peer, boolean seed, long now) {
        int second = second(now);
        StoredSwarm swarm = swarms.remove(infoHash);
        if (swarm == null) {
            swarm = new StoredSwarm(family);
        } else {
            peers -= swarm.forgetBefore(second - LIFETIME_SECONDS);
        }
        peers += swarm.put(peer, seed, second);
        swarms.put(infoHash, swarm);
        Iterator<StoredSwarm> stalest = swarms.values().iterator();
        while (peers > maxPeers) {
            StoredSwarm victim = stalest.next();
            if (victim == swarm) {
                // It is the only one and too large by this peer; so the bound is smaller than a swarm's.
                peers -= swarm.forgetOldest();
                return;
            }
            peers -= victim.count();
            stalest.remove();
        }
    }

    /** Up to so many peers of a swarm. */
    List<PeerAddress> some(NodeId infoHash, int most, boolean noSeeds, long now) {
        StoredSwarm swarm = find(infoHash, now);
        return swarm == null ? List.of() : swarm.some(most, noSeeds, random);
    }

    /** Filters of a swarm's peers; null if there are none. */
    Results.@Nullable Filters filters(NodeId infoHash, long now) {
        StoredSwarm swarm = find(infoHash, now);
        return swarm == null ? null : swarm.filters();
    }

    /** A random selection of the info-hashes, as long as the present one stands (BEP 51). */
    Results.Samples samples(long now) {
        int second = second(now);
        if (sampledUntil - second <= 0) {
            forgetOld(now);
            samples = select();
            sampledUntil = second + SAMPLE_SECONDS;
        }
        return new Results.Samples(sampledUntil - second, swarms.size(), samples);
    }

    private List<NodeId> select() {
        List<NodeId> selection = new ArrayList<>(MAX_SAMPLES);
        int seen = 0;
        for (NodeId infoHash : swarms.keySet()) {
            // Reservoir sampling: the n-th is taken with probability MAX/n.
            seen++;
            if (selection.size() < MAX_SAMPLES) {
                selection.add(infoHash);
            } else {
                int place = random.nextInt(seen);
                if (place < MAX_SAMPLES) {
                    selection.set(place, infoHash);
                }
            }
        }
        return List.copyOf(selection);
    }

    /** Forgets swarms in which nobody is left. */
    void forgetOld(long now) {
        int limit = second(now) - LIFETIME_SECONDS;
        Iterator<StoredSwarm> stalest = swarms.values().iterator();
        while (stalest.hasNext()) {
            StoredSwarm swarm = stalest.next();
            if (swarm.announcedAt - limit >= 0) {
                return;
            }
            peers -= swarm.count();
            stalest.remove();
        }
    }

    private @Nullable StoredSwarm find(NodeId infoHash, long now) {
        StoredSwarm swarm = swarms.get(infoHash);
        if (swarm == null) {
            return null;
        }
        int limit = second(now) - LIFETIME_SECONDS;
        if (swarm.announcedAt - limit < 0) {
            peers -= swarm.count();
            swarms.remove(infoHash);
            return null;
        }
        peers -= swarm.forgetBefore(limit);
        return swarm;
    }

    private int second(long now) {
        return (int) ((now - epoch) / NANOS);
    }
}
