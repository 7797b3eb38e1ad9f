package dev.spate.wire.tracker;

import dev.spate.wire.PeerAddress;
import java.net.Inet4Address;
import java.net.InetAddress;

/** IPv4 or IPv6: which of the two a list of compact peer addresses holds (BEPs 7, 15, 23). */
public enum AddressFamily {
    IPV4(4),
    IPV6(16);

    private final int ipLength;

    AddressFamily(int ipLength) {
        this.ipLength = ipLength;
    }

    public static AddressFamily of(InetAddress ip) {
        return ip instanceof Inet4Address ? IPV4 : IPV6;
    }

    /** The bytes of one compact peer address: the address itself, and two for the port. */
    public int compactLength() {
        return ipLength + Short.BYTES;
    }

    boolean holds(PeerAddress peer) {
        return of(peer.ip()) == this;
    }
}
