package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;

/**
 * A peer that a node is joined with.
 *
 * @param address where it takes datagrams
 * @param state what it has declared
 * @param enginePort where it takes connections of BitTorrent; 0 for a node of the original
 */
public record KnownPeer(PeerAddress address, PeerState state, int enginePort) {}
