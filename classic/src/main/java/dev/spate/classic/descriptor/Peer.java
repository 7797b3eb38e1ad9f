package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;

/** A peer in a node's table. Mutable; for its table's thread. */
final class Peer {
    final PeerAddress address;
    PeerState state = PeerState.IDLE;
    int enginePort;
    /** It speaks our extension. */
    boolean speaksSpate;
    /** It has shown that it is at its address, and so may be told of to others. */
    boolean proven;

    /** We have joined it back once, in order to see. */
    boolean joinedBack;

    long heardAt;

    Peer(PeerAddress address, long now) {
        this.address = address;
        this.heardAt = now;
    }
}
