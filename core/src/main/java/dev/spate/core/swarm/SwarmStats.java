package dev.spate.core.swarm;

/**
 * A swarm at one moment. Bytes are payload, rates bytes per second over the last seconds.
 *
 * @param running started and not paused
 * @param flushedPieces pieces on disk
 * @param wantedPieces pieces that are wanted and not on disk
 * @param leftBytes bytes of pieces that are not on disk, wanted or not
 * @param downloaded bytes received since the swarm was made, useless ones included
 * @param uploaded bytes sent since the swarm was made
 * @param corruptBytes bytes of pieces that did not match their hash
 * @param redundantBytes bytes that were thrown away because nobody had asked for them any more
 * @param connections connections of any phase
 * @param peers connections whose handshakes are done
 * @param seeds those of them that have all pieces
 * @param downloaders those of them that want pieces: neither seeds nor partial seeds (BEP 21)
 * @param unchoked peers that may request from us
 * @param unchokingUs peers that let us request
 * @param interestingPeers peers that have something we want
 * @param waitingForMemory peers that could be asked for more if there were memory for another piece
 * @param candidates known addresses that are not connected
 * @param banned peers that are shut out
 */
public record SwarmStats(
        boolean running,
        int flushedPieces,
        int wantedPieces,
        long leftBytes,
        long downloaded,
        long uploaded,
        long corruptBytes,
        long redundantBytes,
        long downloadRate,
        long uploadRate,
        int connections,
        int peers,
        int seeds,
        int downloaders,
        int unchoked,
        int unchokingUs,
        int interestingPeers,
        int waitingForMemory,
        int candidates,
        int banned) {}
