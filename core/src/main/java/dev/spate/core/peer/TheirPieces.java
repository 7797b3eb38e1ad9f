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

    /** From now on a bitfield comes late, and have-all and have-none too late. */
    void begun() {
        bitfieldLate = true;
    }

    Heard bitfield(PieceSet set) {
        if (set.pieces() != all.pieces()) {
            return Heard.ended(CloseReason.Kind.BITFIELD_LENGTH, set.pieces() + " pieces, not " + all.pieces());
        }
        if (bitfieldLate) {
            return gainedAll(set);
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

    /**
     * A bitfield after its time stands for the haves of what is new in it. BEP 3 wants it first, but aria2 sends one wherever it
     * is shorter than the haves that it has gathered. What it lacks is not taken back; that would be BEP 54's word.
     */
    private Heard gainedAll(PieceSet set) {
        PieceSet gained = new PieceSet(set.pieces());
        for (int piece = set.next(0); piece >= 0; piece = set.next(piece + 1)) {
            if (!pieces.contains(piece)) {
                gained.add(piece);
            }
        }
        if (gained.isEmpty()) {
            return Heard.NOTHING;
        }
        for (int piece = gained.next(0); piece >= 0; piece = gained.next(piece + 1)) {
            gained(piece);
        }
        return new Heard.GainedSome(gained);
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
