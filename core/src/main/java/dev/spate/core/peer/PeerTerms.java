package dev.spate.core.peer;

import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;

/**
 * What holds for every connection of one swarm.
 *
 * @param layout how the torrent divides
 * @param infoHash the 20 bytes of the handshake
 * @param none an empty set that no one changes; peers without pieces share it
 * @param all a full set that no one changes; seeds share it
 * @param known whether the torrent is known; otherwise {@code layout}, {@code none} and {@code all} mean nothing
 */
public record PeerTerms(PieceLayout layout, Digest infoHash, PieceSet none, PieceSet all, boolean known) {

    public static PeerTerms of(PieceLayout layout, Digest infoHash) {
        return new PeerTerms(layout, infoHash, new PieceSet(layout.pieces()), PieceSet.full(layout.pieces()), true);
    }

    /** The terms of a swarm of which nothing is known but its name. */
    public static PeerTerms unknown(Digest infoHash) {
        PieceLayout nothing = new PieceLayout(1, PieceLayout.BLOCK_LENGTH);
        return new PeerTerms(nothing, infoHash, new PieceSet(1), PieceSet.full(1), false);
    }
}
