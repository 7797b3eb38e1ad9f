package dev.spate.core.picker;

import dev.spate.wire.BlockRange;

/**
 * A block that a peer was asked for and has not delivered.
 *
 * @param arriving whether its first byte is here and this peer is writing it
 */
public record Request(int peer, BlockRange block, boolean arriving) {}
