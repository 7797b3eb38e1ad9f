package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node's {@code peer_table}: for each hash key the peers that have joined, in ten buckets. A key's bucket is FNV-1a modulo ten, or the
 * next free one.
 *
 * <p>Bounded in all: ten keys, {@link #MAX_PEERS} peers a key and {@link #MAX_OF_A_HOST} at one address, {@link #MAX_UNPROVEN} that have
 * not shown that they are where they say; of those the oldest makes room.
 */
final class PeerTable {
    static final int BUCKETS = 10;
    static final int MAX_PEERS = 256;
    static final int MAX_OF_A_HOST = 32;
    static final int MAX_UNPROVEN = 16;

    private record Bucket(HashKey key, Map<PeerAddress, Peer> peers) {}

    private final @Nullable Bucket[] buckets = new @Nullable Bucket[BUCKETS];

    /** Makes room for a key; says whether there is any. */
    boolean open(HashKey key) {
        int first = Integer.remainderUnsigned(key.fnv1a(), BUCKETS);
        for (int i = 0; i < BUCKETS; i++) {
            int place = (first + i) % BUCKETS;
            Bucket bucket = buckets[place];
            if (bucket == null) {
                buckets[place] = new Bucket(key, new LinkedHashMap<>());
                return true;
            }
            if (bucket.key.equals(key)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Bucket find(HashKey key) {
        int first = Integer.remainderUnsigned(key.fnv1a(), BUCKETS);
        for (int i = 0; i < BUCKETS; i++) {
            Bucket bucket = buckets[(first + i) % BUCKETS];
            if (bucket == null || bucket.key.equals(key)) {
                return bucket;
            }
        }
        return null;
    }

    /** The peer at an address, or null. */
    @Nullable
    Peer find(HashKey key, PeerAddress address) {
        Bucket bucket = find(key);
        return bucket == null ? null : bucket.peers.get(address);
    }

    /** The peer at an address, put there if it is not known, as one that has proved nothing; null if there is no room. */
    @Nullable
    Peer put(HashKey key, PeerAddress address, long now) {
        Bucket bucket = find(key);
        if (bucket == null) {
            return null;
        }
        Peer known = bucket.peers.get(address);
        if (known != null) {
            return known;
        }
        List<Peer> unproven =
                bucket.peers.values().stream().filter(peer -> !peer.proven).toList();
        if (unproven.size() >= MAX_UNPROVEN || (bucket.peers.size() >= MAX_PEERS && !unproven.isEmpty())) {
            bucket.peers.remove(unproven.getFirst().address);
        }
        long ofHost = bucket.peers.keySet().stream()
                .filter(peer -> peer.ip().equals(address.ip()))
                .count();
        if (bucket.peers.size() >= MAX_PEERS || ofHost >= MAX_OF_A_HOST) {
            return null;
        }
        Peer peer = new Peer(address, now);
        bucket.peers.put(address, peer);
        return peer;
    }

    void remove(HashKey key, PeerAddress address) {
        Bucket bucket = find(key);
        if (bucket != null) {
            bucket.peers.remove(address);
        }
    }

    /** All peers of a key, the oldest first. */
    List<Peer> peers(HashKey key) {
        Bucket bucket = find(key);
        Collection<Peer> peers = bucket == null ? List.of() : bucket.peers.values();
        return new ArrayList<>(peers);
    }

    /** Those of them that have proved to be at their addresses. */
    List<Peer> proven(HashKey key) {
        return peers(key).stream().filter(peer -> peer.proven).toList();
    }
}
