package dev.spate.core.dht;

import dev.spate.wire.dht.Bytes;

/**
 * What may be tuned about a node.
 *
 * @param readOnly whether it answers nobody and asks to be put in no table (BEP 43)
 * @param maxStoredPeers most peers that are kept for others, in each family; at least 1
 * @param maxStoredItems most items of BEP 44 that are kept for others; at least 1
 * @param answersPerSecond how many queries of one source (an IPv4 address, an IPv6 network of 64 bits) are answered on
 *     average; 1 to 1,000,000,000
 * @param answerBurst how many of them at once; at least 1
 * @param version what the node calls itself in each message: two letters and two bytes (BEP 5)
 */
public record DhtSettings(
        boolean readOnly,
        int maxStoredPeers,
        int maxStoredItems,
        int answersPerSecond,
        int answerBurst,
        Bytes version) {

    /** 100,000 peers a family, 2,000 items, 20 answers a second and 200 at once to each source. */
    public static final DhtSettings DEFAULTS =
            new DhtSettings(false, 100_000, 2_000, 20, 200, Bytes.of(new byte[] {'S', 'p', 0, 1}));

    public DhtSettings {
        if (maxStoredPeers < 1 || maxStoredItems < 1 || answersPerSecond < 1 || answerBurst < 1) {
            throw new IllegalArgumentException("below 1: peers " + maxStoredPeers + ", items " + maxStoredItems
                    + ", answers " + answersPerSecond + " and " + answerBurst);
        }
        if (answersPerSecond > 1_000_000_000) {
            throw new IllegalArgumentException("too many answers a second: " + answersPerSecond);
        }
        if (version.length() != 4) {
            throw new IllegalArgumentException("a version has four bytes: " + version);
        }
    }

    /** The same with another number of answers a second to each source, and ten times as many at once. */
    public DhtSettings answering(int perSecond) {
        int burst = (int) Math.min(Integer.MAX_VALUE, perSecond * 10L);
        return new DhtSettings(readOnly, maxStoredPeers, maxStoredItems, perSecond, burst, version);
    }

    /** The same, but reading only. */
    public DhtSettings asReadOnly() {
        return new DhtSettings(true, maxStoredPeers, maxStoredItems, answersPerSecond, answerBurst, version);
    }
}
