package dev.spate.engine.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.NodeInfo;
import java.util.List;

/**
 * What one search brought.
 *
 * @param peers of the swarm, some thousands at most; each once
 * @param nearest the nodes nearest to the info-hash that answered, up to eight of each family
 * @param queries how many nodes were asked
 * @param hops how many steps the longest way had: 1 if a node that was known before told the last one
 */
public record Found(List<PeerAddress> peers, List<NodeInfo> nearest, int queries, int hops) {
    public Found {
        peers = List.copyOf(peers);
        nearest = List.copyOf(nearest);
    }
}
