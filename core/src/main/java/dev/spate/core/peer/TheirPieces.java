package dev.spate.core.peer;

import dev.spate.wire.PieceSet;

/**
 * Which pieces a peer has.
 *
 * <p>A peer that has nothing or everything shares one set with all such peers of the swarm: a thousand idle seeds of a large
 * torrent cost one set. The first change that makes a peer differ copies it.
 */
final class TheirPieces {
    private final PieceSet none;
    private final PieceSet all;
    private PieceSet pieces;
    private boolean own;
    private boolean bitfieldLate;

    TheirPieces(PieceSet none, PieceSet all) {
        this.none = none;
        this.all = all;
        this.pieces = none;
    }

    PieceSet pieces() {
        return pieces;
    }

    /** From now on a bitfield comes too late. */
    void begun() {
        bitfieldLate = true;
    }

    Heard bitfield(PieceSet set) {
        if (set.pieces() != all.pieces()) {
            return Heard.ended(CloseReason.Kind.BITFIELD_LENGTH, set.pieces() + " pieces, not " + all.pieces());
        }
        if (set.isFull()) {
            return replace(all, false);
        }
        return set.isEmpty() ? replace(none, false) : replace(set, true);
    }

    Heard haveAll() {
        return replace(all, false);
    }

    Heard haveNone() {
        return replace(none, false);
    }

    private Heard replace(PieceSet set, boolean owned) {
        if (bitfieldLate) {
            return Heard.ended(CloseReason.Kind.BITFIELD_LATE);
        }
        bitfieldLate = true;
        pieces = set;
        own = owned;
        return set.isEmpty() ? Heard.NOTHING : new Heard.Pieces();
    }

    Heard gained(int piece) {
        bitfieldLate = true;
        if (pieces.contains(piece)) {
            return Heard.NOTHING;
        }
        ownSet().add(piece);
        if (pieces.isFull()) {
            pieces = all;
            own = false;
        }
        return new Heard.Gained(piece);
    }

    Heard lost(int piece) {
        bitfieldLate = true;
        if (!pieces.contains(piece)) {
            return Heard.NOTHING;
        }
        ownSet().remove(piece);
        return new Heard.Lost(piece);
    }

    private PieceSet ownSet() {
        if (!own) {
            pieces = pieces.copy();
            own = true;
        }
        return pieces;
    }
}
