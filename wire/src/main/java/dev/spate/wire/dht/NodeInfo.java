package dev.spate.wire.dht;

import dev.spate.wire.PeerAddress;

/** A node: what it calls itself, and where it is reached. */
public record NodeInfo(NodeId id, PeerAddress address) {

    /** {@code id@address}. */
    @Override
    public String toString() {
        return id + "@" + address;
    }
}
