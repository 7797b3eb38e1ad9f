package dev.spate.engine.dht;

import dev.spate.wire.dht.DhtItem;
import java.util.Optional;

/**
 * What came of storing an item.
 *
 * @param item what was to be stored
 * @param nodes how many nodes have taken it; 0 if it is not stored
 * @param newer an item at the same place with a sequence number as high or higher that was met
 */
public record Stored(DhtItem item, int nodes, Optional<DhtItem.Mutable> newer) {}
