package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;

/** A peer that an answer names: where it takes datagrams, and what it has declared. IPv4, for the wire has no room for more. */
record ListedPeer(PeerAddress address, PeerState state) {
    ListedPeer {
        if (!address.isIpv4() || address.port() == 0) {
            throw new IllegalArgumentException("not a peer of IPv4 with a port: " + address);
        }
    }
}
