package dev.spate.core.picker;

import dev.spate.wire.PieceSet;

/**
 * How many peers have each piece.
 *
 * <p>Implementation note: the number is a sum of one part that holds for all pieces and one that is the piece's own. A peer
 * with all pieces moves the common part only, and one that lacks a few moves the common part and walks what it lacks, so
 * that joining never costs more than half the pieces. The sum is linear: a peer may join as incomplete, gain its last
 * piece, and leave as complete; the parts then differ (one's own part may even be negative), the sum does not. The order of
 * rarity among pieces depends on the own part alone, which is what the buckets sort by.
 */
final class Availability {

    /** Told when the own part of a piece changes. */
    interface Listener {
        void changed(int piece, int from, int to);
    }

    private final int[] own;
    private int common;

    Availability(int pieces) {
        own = new int[pieces];
    }

    int of(int piece) {
        return common + own[piece];
    }

    /** The part by which pieces are ordered. */
    int own(int piece) {
        return own[piece];
    }

    /** The part that all pieces share. */
    int common() {
        return common;
    }

    /** Adds a peer (sign 1) or takes it away (sign -1). */
    void count(PieceSet has, int sign, Listener listener) {
        if (has.pieces() != own.length) {
            throw new IllegalArgumentException("a peer with " + has.pieces() + " pieces, not " + own.length);
        }
        if (has.count() > own.length / 2) {
            common += sign;
            for (int piece = has.nextLacking(0); piece >= 0; piece = has.nextLacking(piece + 1)) {
                add(piece, -sign, listener);
            }
        } else {
            for (int piece = has.next(0); piece >= 0; piece = has.next(piece + 1)) {
                add(piece, sign, listener);
            }
        }
    }

    void add(int piece, int sign, Listener listener) {
        int before = own[piece];
        own[piece] = before + sign;
        listener.changed(piece, before, before + sign);
    }
}
