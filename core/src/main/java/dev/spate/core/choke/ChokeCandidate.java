package dev.spate.core.choke;

/**
 * What the choker needs to know of one connected peer.
 *
 * @param peer its number, unique within the round
 * @param peerInterested it has told us that it wants to request
 * @param weChokePeer it may not, so far
 * @param snubbed we are interested in it, it does not choke us, and it has sent nothing for long (BEP 3's anti-snubbing)
 * @param downloadRate what it sends us, in bytes per second
 * @param uploadRate what we send it, in bytes per second
 * @param connectedAt when it was connected, monotonic nanoseconds
 * @param unchokedAt when we last unchoked it, or {@link #NEVER}
 * @param sentSinceUnchoke bytes of payload that we have sent it since then
 * @param progress which part of the torrent it has, 0 to 1
 */
public record ChokeCandidate(
        int peer,
        boolean peerInterested,
        boolean weChokePeer,
        boolean snubbed,
        long downloadRate,
        long uploadRate,
        long connectedAt,
        long unchokedAt,
        long sentSinceUnchoke,
        double progress) {

    /** Stands for the moment of something that has not happened. */
    public static final long NEVER = Long.MIN_VALUE;

    public ChokeCandidate {
        if (peer < 0 || downloadRate < 0 || uploadRate < 0 || sentSinceUnchoke < 0) {
            throw new IllegalArgumentException("negative: peer " + peer + ", rates " + downloadRate + " and "
                    + uploadRate + ", sent " + sentSinceUnchoke);
        }
        if (!(progress >= 0 && progress <= 1)) {
            throw new IllegalArgumentException("not a part of the whole: " + progress);
        }
        if (!weChokePeer && unchokedAt == NEVER) {
            throw new IllegalArgumentException("peer " + peer + " is unchoked and never was");
        }
    }

    /** Whether it has not been unchoked since it was connected; such peers are tried first. */
    boolean isNewcomer() {
        return unchokedAt == NEVER;
    }

    /** Since when it waits for another turn, or has had its present one. */
    long waitingSince() {
        return isNewcomer() ? connectedAt : unchokedAt;
    }
}
