package dev.spate.core.dht;

import dev.spate.wire.dht.NodeInfo;
import dev.spate.wire.dht.SecureIds;

/** A node that is or may come into the routing table; it has answered us at least once. */
final class TableNode {
    // BEP 5, "routing table": "After 15 minutes of inactivity, a node becomes questionable."
    static final long GOOD_NANOS = 900_000_000_000L;

    /** BEP 5: nodes become bad when they fail to respond to multiple queries in a row. */
    static final int BAD_AFTER = 2;

    final NodeInfo info;

    /** Whether its id is one that BEP 42 gives to its address. */
    final boolean secure;

    /** When it last answered, or, as it has answered before, asked. */
    long seenAt;

    /** Queries in a row that it did not answer. */
    int failures;

    /** In its bucket, and not among those that wait for a place there. */
    boolean seated;

    TableNode(NodeInfo info, long now) {
        this.info = info;
        this.secure = SecureIds.allows(info.address().ip(), info.id());
        this.seenAt = now;
    }

    boolean isGood(long now) {
        return failures == 0 && now - seenAt < GOOD_NANOS;
    }

    boolean isBad() {
        return failures >= BAD_AFTER;
    }
}
