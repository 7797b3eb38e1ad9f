package dev.spate.wire.tracker;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a client tells a tracker about itself, over HTTP or UDP (BEPs 3, 7, 15).
 *
 * @param infoHash the 20 bytes that name the swarm; see {@link dev.spate.wire.InfoHash#onTheWire}
 * @param peerId who the client is in this swarm
 * @param port where it accepts connections, 0 to 65535; 0 where it accepts none
 * @param uploaded bytes of payload sent since the {@code STARTED} announce, 0 or more
 * @param downloaded bytes of payload received since then, 0 or more
 * @param left bytes still to be downloaded, 0 or more; 0 makes the client a seed in the tracker's eyes
 * @param event why this announce is made
 * @param numWant how many peers the client would like, or {@link #DEFAULT_NUM_WANT}
 * @param key a random number that stays the same while addresses change (BEP 7)
 * @param trackerId what the tracker gave as {@code tracker id} before, one {@code char} a byte, at most
 *     {@link #MAX_TRACKER_ID_LENGTH}; HTTP only
 * @param ip an address to be given to others instead of the one that the tracker sees, which trackers mostly ignore; null
 *     almost always
 */
public record AnnounceRequest(
        Digest infoHash,
        PeerId peerId,
        int port,
        long uploaded,
        long downloaded,
        long left,
        AnnounceEvent event,
        int numWant,
        int key,
        @Nullable String trackerId,
        @Nullable InetAddress ip) {

    /** Lets the tracker choose how many peers it gives (BEP 15, {@code num_want}). */
    public static final int DEFAULT_NUM_WANT = -1;

    /** A longer tracker id is not taken from a tracker, because it comes back in each URL. */
    public static final int MAX_TRACKER_ID_LENGTH = 512;

    public AnnounceRequest {
        if (infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("an announce has room for 20 bytes of info-hash: " + infoHash);
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (uploaded < 0 || downloaded < 0 || left < 0 || numWant < DEFAULT_NUM_WANT) {
            throw new IllegalArgumentException("negative: uploaded " + uploaded + ", downloaded " + downloaded
                    + ", left " + left + ", num want " + numWant);
        }
    }

    static void checkTrackerId(@Nullable String trackerId) {
        if (trackerId != null
                && (trackerId.length() > MAX_TRACKER_ID_LENGTH
                        || trackerId.chars().anyMatch(c -> c > 0xff))) {
            throw new IllegalArgumentException("not a tracker id: " + trackerId);
        }
    }

    /** An announce without a tracker id and without an address of its own. */
    public AnnounceRequest(
            Digest infoHash,
            PeerId peerId,
            int port,
            long uploaded,
            long downloaded,
            long left,
            AnnounceEvent event,
            int numWant,
            int key) {
        this(infoHash, peerId, port, uploaded, downloaded, left, event, numWant, key, null, null);
    }
}
