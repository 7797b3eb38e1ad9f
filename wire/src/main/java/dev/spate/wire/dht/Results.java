package dev.spate.wire.dht;

import dev.spate.wire.PeerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says besides the id; nearly always most of it is absent.
 *
 * @param nodes near nodes in the DHT of IPv4; null if not said
 * @param nodes6 near nodes in the DHT of IPv6 (BEP 32); null if not said
 * @param values peers; empty if there are none
 * @param token to be shown when something is to be stored; null if nothing may be
 * @param item a stored value (BEP 44); null if there is none
 * @param filters of all stored peers (BEP 33); null unless asked for
 * @param samples of stored info-hashes (BEP 51); null unless asked for
 */
public record Results(
        @Nullable List<NodeInfo> nodes,
        @Nullable List<NodeInfo> nodes6,
        List<PeerAddress> values,
        @Nullable Bytes token,
        @Nullable Item item,
        @Nullable Filters filters,
        @Nullable Samples samples) {

    public static final Results NONE = new Results(null, null, List.of(), null, null, null, null);

    /**
     * An item, or the parts of one, as BEP 44 lets an answer have it; to be checked through {@link DhtItem}.
     *
     * @param value one bencoded value, as received; null where it is left out because the asker has it
     * @param key null for an immutable item
     * @param seq null for an immutable item
     * @param signature null for an immutable item
     */
    public record Item(
            @Nullable Bytes value,
            @Nullable Bytes key,
            @Nullable Long seq,
            @Nullable Bytes signature) {}

    /** Bloom filters of 256 bytes each (BEP 33): of the seeds and of the other peers. */
    public record Filters(Bytes seeds, Bytes peers) {
        public Filters {
            if (seeds.length() != BloomFilter.LENGTH || peers.length() != BloomFilter.LENGTH) {
                throw new IllegalArgumentException("not two Bloom filters");
            }
        }
    }

    /**
     * A selection of what is stored (BEP 51).
     *
     * @param intervalSeconds until there may be another selection, 0 to {@link #MAX_INTERVAL_SECONDS}
     * @param total how many info-hashes are stored, 0 or more
     */
    public record Samples(int intervalSeconds, int total, List<NodeId> infoHashes) {
        // BEP 51: "between 0 and 21600 seconds (inclusive)".
        public static final int MAX_INTERVAL_SECONDS = 21_600;

        public Samples {
            if (intervalSeconds < 0 || intervalSeconds > MAX_INTERVAL_SECONDS || total < 0) {
                throw new IllegalArgumentException("samples of " + total + " every " + intervalSeconds + " s");
            }
        }
    }

    /** Only nodes, for both families or one. */
    public static Results ofNodes(@Nullable List<NodeInfo> nodes, @Nullable List<NodeInfo> nodes6) {
        return new Results(nodes, nodes6, List.of(), null, null, null, null);
    }
}
