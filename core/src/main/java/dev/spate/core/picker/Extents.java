package dev.spate.core.picker;

import dev.spate.wire.PieceLayout;

/**
 * The stretches of the torrent in which pieces were begun lately.
 *
 * <p>Implementation note: with small pieces, picking each at random makes the disk write small patches all over the files.
 * So a piece from a stretch of 4 MiB in which pieces are being downloaded is preferred, until the stretch is used up; five
 * stretches are remembered, the latest first (both numbers are libtorrent's). Pieces of 4 MiB and more are stretches of
 * their own and need no preference.
 */
final class Extents {
    private static final int EXTENT_LENGTH = 4 << 20;
    private static final int REMEMBERED = 5;

    /** Bounds the search within an extent where pieces are smaller than a block. */
    private static final int MOST_PIECES = EXTENT_LENGTH / PieceLayout.BLOCK_LENGTH;

    private final int pieces;
    private final int[] recent = new int[REMEMBERED];
    private int count;

    Extents(PieceLayout layout) {
        pieces = Math.min(MOST_PIECES, EXTENT_LENGTH / layout.pieceLength());
    }

    /** How many extents are remembered; 0 always if a piece is as long as an extent. */
    int count() {
        return count;
    }

    /** The first piece of a remembered extent. */
    int first(int index) {
        return recent[index] * pieces;
    }

    /** The first piece behind a remembered extent. */
    int end(int index) {
        return first(index) + pieces;
    }

    /** A piece was begun. */
    void begun(int piece) {
        if (pieces <= 1) {
            return;
        }
        int extent = piece / pieces;
        int at = 0;
        while (at < count && recent[at] != extent) {
            at++;
        }
        if (at == count && count < REMEMBERED) {
            count++;
        }
        at = Math.min(at, count - 1);
        System.arraycopy(recent, 0, recent, 1, at);
        recent[0] = extent;
    }

    /** Nothing is left to begin in this extent. */
    void usedUp(int index) {
        count--;
        System.arraycopy(recent, index + 1, recent, index, count - index);
    }
}
