package dev.spate.core.swarm;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;

/**
 * Which swarm it is, and who we are in it.
 *
 * @param infoHash the 20 bytes that handshakes carry
 * @param peerId our id towards peers and trackers
 * @param listenPort where peers reach us, or 0 when they cannot
 * @param dhtPort where our DHT node takes datagrams, or 0 when we have none, or none for this torrent
 * @param isPrivate peers may come from the tracker only (BEP 27)
 * @param client our name and version, for other people's lists (BEP 10 {@code v})
 */
public record SwarmIdentity(
        Digest infoHash, PeerId peerId, int listenPort, int dhtPort, boolean isPrivate, String client) {
    public SwarmIdentity {
        if (infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("a handshake carries 20 bytes, not " + infoHash.length());
        }
        requirePort(listenPort);
        requirePort(dhtPort);
        if (isPrivate && dhtPort != 0) {
            throw new IllegalArgumentException("a private torrent is not for the DHT");
        }
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
