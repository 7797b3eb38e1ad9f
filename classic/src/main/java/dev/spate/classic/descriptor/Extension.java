package dev.spate.classic.descriptor;

import dev.spate.wire.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What nodes of Spate tell each other in bytes that the original ignores. A checksum over the whole datagram stands with it, because the
 * original sends uninitialised memory in these bytes, where a datagram of ours may have lain before.
 *
 * @param mark names a walk in {@code get_peers}; in the answer to a ping a token, which a join shows again to prove that its sender is
 *     at its address
 * @param hops how often a walk may still be passed on, 0 to 255
 * @param fanOut to how many neighbours each node passes it on, 0 to 255
 * @param enginePort where the sender takes connections of BitTorrent; 0 for nowhere
 * @param state of the sender; null for one without a file
 * @param segment which segment of a long answer is asked for
 * @param infoHash 20 bytes; null where it is not known
 * @param refusal why there is no; null where there is none
 */
record Extension(
        long mark,
        int hops,
        int fanOut,
        int enginePort,
        @Nullable PeerState state,
        int segment,
        @Nullable Digest infoHash,
        @Nullable Refusal refusal) {
    Extension {
        if (hops < 0 || hops > 255 || fanOut < 0 || fanOut > 255) {
            throw new IllegalArgumentException("not hops and fan-out: " + hops + ", " + fanOut);
        }
        if (enginePort < 0 || enginePort > 65535 || segment < 0 || segment >= Message.MAX_SEGMENTS) {
            throw new IllegalArgumentException("not a port and a segment: " + enginePort + ", " + segment);
        }
        if (infoHash != null && infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("not a v1 info-hash: " + infoHash);
        }
    }
}
