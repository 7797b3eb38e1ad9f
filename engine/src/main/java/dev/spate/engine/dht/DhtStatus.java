package dev.spate.engine.dht;

/**
 * What a DHT node is and has done.
 *
 * @param ipv4Nodes nodes in its table of IPv4
 * @param ipv6Nodes nodes in its table of IPv6
 * @param queriesIn queries that reached it
 * @param queriesOut queries that it sent
 * @param answersIn answers that were believed
 * @param answersOut answers and refusals that it sent
 * @param timeouts queries that nobody answered
 * @param storedPeers peers kept for others, of both families
 * @param storedItems items kept for others
 * @param searches searches that run or wait
 */
public record DhtStatus(
        int ipv4Nodes,
        int ipv6Nodes,
        long queriesIn,
        long queriesOut,
        long answersIn,
        long answersOut,
        long timeouts,
        int storedPeers,
        int storedItems,
        int searches) {}
