package dev.spate.core.dht;

import dev.spate.wire.dht.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What a node is and has done.
 *
 * @param ipv4 its half in the DHT of IPv4; null if it takes no part there
 * @param ipv6 its half in the DHT of IPv6; null if it takes no part there
 * @param queriesIn queries that reached it
 * @param queriesOut queries that it sent
 * @param answersIn answers that were believed
 * @param answersOut answers and refusals that it sent
 * @param timeouts queries that nobody answered
 * @param malformed datagrams that were none of the DHT's
 * @param strayAnswers answers that nobody had asked for, or from elsewhere
 * @param limited queries that were not answered since their source asked too much
 * @param storedItems items kept for others
 * @param lookups searches that run or wait
 */
public record DhtStats(
        @Nullable Half ipv4,
        @Nullable Half ipv6,
        long queriesIn,
        long queriesOut,
        long answersIn,
        long answersOut,
        long timeouts,
        long malformed,
        long strayAnswers,
        long limited,
        int storedItems,
        int lookups) {

    /**
     * The part of one family.
     *
     * @param nodes in the routing table
     * @param spares nodes that wait for a place in it
     * @param storedInfoHashes swarms of which peers are kept
     * @param storedPeers peers kept for others
     */
    public record Half(NodeId id, int nodes, int spares, int storedInfoHashes, int storedPeers) {}
}
