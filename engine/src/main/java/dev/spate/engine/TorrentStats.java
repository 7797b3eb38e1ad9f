package dev.spate.engine;

import java.util.Optional;

/**
 * A torrent at one moment. Bytes are payload unless said otherwise; rates are bytes per second over the last seconds.
 *
 * @param state what it is doing
 * @param totalBytes all bytes, pad files included
 * @param flushedBytes bytes of pieces that are verified and on disk
 * @param pieces the number of pieces
 * @param flushedPieces the pieces that are verified and on disk
 * @param checkedPieces pieces that the last look at the files read or found missing, so far while {@link TorrentState#CHECKING};
 *     those that the resume data vouches for are not among them
 * @param downloaded payload received since it was added, in this and earlier sessions
 * @param uploaded payload sent, likewise
 * @param corruptBytes payload that failed its hash check
 * @param redundantBytes payload that was thrown away because it was there already
 * @param downloadRate bytes per second
 * @param uploadRate bytes per second
 * @param peers connected peers, handshakes done
 * @param seeds those of them that have every piece
 * @param downloaders those of them that want pieces: neither seeds nor partial seeds (BEP 21)
 * @param candidates known addresses that are not connected
 * @param bannedPeers addresses shut out because they sent bad data
 * @param failure why it is {@link TorrentState#FAILED}
 */
public record TorrentStats(
        TorrentState state,
        long totalBytes,
        long flushedBytes,
        int pieces,
        int flushedPieces,
        int checkedPieces,
        long downloaded,
        long uploaded,
        long corruptBytes,
        long redundantBytes,
        long downloadRate,
        long uploadRate,
        int peers,
        int seeds,
        int downloaders,
        int candidates,
        int bannedPeers,
        Optional<SpateException> failure) {

    /** Whether every piece is verified and on disk. */
    public boolean isComplete() {
        return flushedPieces == pieces;
    }
}
