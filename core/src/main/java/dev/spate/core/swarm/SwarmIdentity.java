package dev.spate.core.swarm;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;

/**
 * Which swarm it is, and who we are in it.
 *
 * @param infoHash the 20 bytes that handshakes carry
 * @param peerId our id towards peers and trackers
 * @param listenPort where peers reach us, or 0 when they cannot
 * @param isPrivate peers may come from the tracker only (BEP 27)
 * @param client our name and version, for other people's lists (BEP 10 {@code v})
 */
public record SwarmIdentity(Digest infoHash, PeerId peerId, int listenPort, boolean isPrivate, String client) {
    public SwarmIdentity {
        if (infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("a handshake carries 20 bytes, not " + infoHash.length());
        }
        if (listenPort < 0 || listenPort > 65535) {
            throw new IllegalArgumentException("not a port: " + listenPort);
        }
    }
}
