package dev.spate.wire.dht;

import dev.spate.wire.PeerAddress;

/** One of the two DHTs, which are separate but for the hints that nodes of both give (BEP 32). */
public enum Family {
    IPV4(4),
    IPV6(16);

    private final int ipLength;

    Family(int ipLength) {
        this.ipLength = ipLength;
    }

    public static Family of(PeerAddress address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }

    /** The bytes of a compact address and port (BEP 5, "contact encoding"). */
    public int compactPeerLength() {
        return ipLength + Short.BYTES;
    }

    /** The bytes of a compact node. */
    public int compactNodeLength() {
        return NodeId.LENGTH + ipLength + Short.BYTES;
    }
}
