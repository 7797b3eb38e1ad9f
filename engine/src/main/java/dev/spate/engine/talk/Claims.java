package dev.spate.engine.talk;

import dev.spate.engine.probe.ProbeReason;
import dev.spate.wire.PieceSet;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces a peer says it has, held against the torrent. It may say so in a bitfield, in have-all, in haves alone, or in a bitfield
 * that leaves some out and in haves for those.
 */
final class Claims {
    private final PieceSet pieces;

    /** It has said something about pieces, be it that it has none. */
    private boolean begun;

    /** @param all how many pieces there are */
    Claims(int all) {
        pieces = new PieceSet(all);
    }

    PieceSet pieces() {
        return pieces;
    }

    boolean begun() {
        return begun;
    }

    /** A bitfield as a decoder gives it that knows of no torrent, spare bits included; returns what is wrong with it. */
    @Nullable
    Verdict bitfield(PieceSet bits) {
        int all = pieces.pieces();
        int length = PieceSet.bitfieldLength(all);
        if (bits.pieces() != length * Byte.SIZE) {
            return new Verdict(ProbeReason.BITFIELD_LENGTH, bits.pieces() / Byte.SIZE + " bytes, not " + length);
        }
        int spare = all < bits.pieces() ? bits.next(all) : -1;
        if (spare >= 0) {
            return new Verdict(ProbeReason.SPARE_BITS, "bit " + spare + " of " + all + " pieces");
        }
        begun = true;
        // One that comes late stands for the haves of what is new in it, as aria2 means it.
        for (int piece = bits.next(0); piece >= 0; piece = bits.next(piece + 1)) {
            pieces.add(piece);
        }
        return null;
    }

    @Nullable
    Verdict have(int piece) {
        if (piece >= pieces.pieces()) {
            return new Verdict(ProbeReason.NO_SUCH_PIECE, "piece " + piece + " of " + pieces.pieces());
        }
        begun = true;
        pieces.add(piece);
        return null;
    }

    /**
     * Have-all or have-none.
     *
     * @param fast whether both sides speak BEP 6
     */
    @Nullable
    Verdict whole(boolean all, boolean fast) {
        if (!fast) {
            return new Verdict(ProbeReason.OUT_OF_PLACE, "without the fast extension");
        }
        if (begun) {
            return new Verdict(ProbeReason.OUT_OF_PLACE, "not its first word about pieces");
        }
        begun = true;
        if (all) {
            pieces.addAll();
        }
        return null;
    }
}
