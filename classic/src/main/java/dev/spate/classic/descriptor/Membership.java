package dev.spate.classic.descriptor;

import dev.spate.wire.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What file a node takes part for, and as what.
 *
 * @param key of the file
 * @param infoHash its v1 info-hash, 20 bytes; null for a descriptor without hashes, with which nothing is transferred
 * @param enginePort where the node's session takes connections; 0 for nowhere
 * @param state at first
 */
public record Membership(HashKey key, @Nullable Digest infoHash, int enginePort, PeerState state) {
    public Membership {
        if (enginePort < 0 || enginePort > 65535) {
            throw new IllegalArgumentException("not a port: " + enginePort);
        }
        if (infoHash != null && infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("not a v1 info-hash: " + infoHash);
        }
    }

    Membership as(PeerState other) {
        return new Membership(key, infoHash, enginePort, other);
    }
}
