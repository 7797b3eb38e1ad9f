package dev.spate.core.dht;

import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.KrpcError;
import dev.spate.wire.dht.NodeId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The items that a node keeps for others (BEP 44): bounded, each for two hours after it was stored or confirmed. When there
 * is no room, the one that was not confirmed for the longest time makes it.
 */
final class ItemStore {
    // BEP 44, "expiration": "these items MAY expire in 2 hours".
    static final long LIFETIME_NANOS = 7_200_000_000_000L;

    private record Stored(DhtItem item, long storedAt) {}

    private final int maxItems;
    private final Map<NodeId, Stored> items = new LinkedHashMap<>();

    ItemStore(int maxItems) {
        this.maxItems = maxItems;
    }

    int size() {
        return items.size();
    }

    @Nullable
    DhtItem find(NodeId target, long now) {
        forgetOld(now);
        Stored stored = items.get(target);
        return stored == null ? null : stored.item;
    }

    /**
     * Stores an item whose signature has been verified.
     *
     * @param cas the sequence number that the item is to replace; null for any
     * @return why not; empty if it is stored now
     */
    Optional<KrpcError> put(DhtItem item, @Nullable Long cas, long now) {
        forgetOld(now);
        NodeId target = item.target();
        Stored stored = items.get(target);
        if (stored != null && item instanceof DhtItem.Mutable fresh && stored.item instanceof DhtItem.Mutable old) {
            if (cas != null && cas != old.seq()) {
                return Optional.of(KrpcError.CAS_MISMATCH);
            }
            boolean same = fresh.seq() == old.seq() && fresh.value().equals(old.value());
            if (fresh.seq() <= old.seq() && !same) {
                return Optional.of(KrpcError.SEQUENCE_TOO_LOW);
            }
        }
        items.remove(target);
        if (items.size() == maxItems) {
            items.remove(items.keySet().iterator().next());
        }
        items.put(target, new Stored(item, now));
        return Optional.empty();
    }

    void forgetOld(long now) {
        Iterator<Stored> oldest = items.values().iterator();
        while (oldest.hasNext() && now - oldest.next().storedAt >= LIFETIME_NANOS) {
            oldest.remove();
        }
    }
}
