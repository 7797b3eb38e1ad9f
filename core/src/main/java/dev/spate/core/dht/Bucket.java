package dev.spate.core.dht;

import dev.spate.wire.dht.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of one part of the space: up to eight with a seat, and up to eight that wait for one. */
final class Bucket {
    final List<TableNode> nodes = new ArrayList<>(RoutingTable.K);

    /** Waiting, the one seen last at the end. */
    final List<TableNode> spares = new ArrayList<>(RoutingTable.MAX_SPARES);

    /** When a node was last added, replaced or heard of (BEP 5, "last changed"). */
    long changedAt;

    Bucket(long now) {
        this.changedAt = now;
    }

    boolean isFull() {
        return nodes.size() == RoutingTable.K;
    }

    @Nullable
    TableNode find(NodeId id) {
        for (TableNode node : nodes) {
            if (node.info.id().equals(id)) {
                return node;
            }
        }
        for (TableNode node : spares) {
            if (node.info.id().equals(id)) {
                return node;
            }
        }
        return null;
    }

    /** The seat that a new node may have: a bad node's, or, if it has a secure id, that of one which has not. */
    @Nullable
    TableNode victimFor(TableNode newcomer) {
        TableNode insecure = null;
        for (TableNode node : nodes) {
            if (node.isBad()) {
                return node;
            }
            if (!node.secure) {
                insecure = node;
            }
        }
        return newcomer.secure ? insecure : null;
    }

    /** The best of those that wait, taken away: a secure one before others, then the one seen last. */
    @Nullable
    TableNode takeSpare() {
        for (int i = spares.size() - 1; i >= 0; i--) {
            if (spares.get(i).secure) {
                return spares.remove(i);
            }
        }
        return spares.isEmpty() ? null : spares.removeLast();
    }
}
