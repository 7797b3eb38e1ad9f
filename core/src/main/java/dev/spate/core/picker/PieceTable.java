package dev.spate.core.picker;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;

/**
 * State, priority and a mark of each piece, one byte a piece, and what is counted along: how much is wanted and how many
 * pieces are complete.
 */
@SuppressWarnings("EnumOrdinal") // a state is three bits here, in memory only
final class PieceTable {
    private static final PieceState[] STATES = PieceState.values();
    private static final int STATE_BITS = 0b0000_0111;
    private static final int PRIORITY_SHIFT = 3;
    private static final int PRIORITY_BITS = 0b0011_1000;
    private static final int EXCLUSIVE_BIT = 0b0100_0000;

    private final PieceLayout layout;
    private final byte[] bytes;
    private final PieceSet wanted;
    private long wantedBytes;
    private int complete;

    PieceTable(PieceLayout layout, PieceSet flushed, int priority) {
        this.layout = layout;
        bytes = new byte[layout.pieces()];
        wanted = new PieceSet(bytes.length);
        for (int piece = 0; piece < bytes.length; piece++) {
            boolean here = flushed.contains(piece);
            PieceState state = here ? PieceState.FLUSHED : PieceState.FREE;
            bytes[piece] = (byte) ((priority << PRIORITY_SHIFT) | state.ordinal());
            complete += here ? 1 : 0;
            count(piece);
        }
    }

    PieceState state(int piece) {
        return STATES[bytes[piece] & STATE_BITS];
    }

    int priority(int piece) {
        return (bytes[piece] & PRIORITY_BITS) >>> PRIORITY_SHIFT;
    }

    /** Whether one peer alone must deliver the piece, since it failed when several did. */
    boolean isExclusive(int piece) {
        return (bytes[piece] & EXCLUSIVE_BIT) != 0;
    }

    boolean isWanted(int piece) {
        return priority(piece) > 0 && !isComplete(piece);
    }

    boolean isComplete(int piece) {
        return state(piece).compareTo(PieceState.VERIFIED) >= 0;
    }

    void setState(int piece, PieceState state) {
        complete -= isComplete(piece) ? 1 : 0;
        bytes[piece] = (byte) ((bytes[piece] & ~STATE_BITS) | state.ordinal());
        complete += isComplete(piece) ? 1 : 0;
        count(piece);
    }

    void setPriority(int piece, int priority) {
        bytes[piece] = (byte) ((bytes[piece] & ~PRIORITY_BITS) | (priority << PRIORITY_SHIFT));
        count(piece);
    }

    void setExclusive(int piece, boolean exclusive) {
        bytes[piece] = (byte) (exclusive ? bytes[piece] | EXCLUSIVE_BIT : bytes[piece] & ~EXCLUSIVE_BIT);
    }

    PieceSet wanted() {
        return wanted;
    }

    long wantedBytes() {
        return wantedBytes;
    }

    /** How many pieces are verified or flushed. */
    int complete() {
        return complete;
    }

    private void count(int piece) {
        if (isWanted(piece)) {
            wantedBytes += wanted.add(piece) ? layout.length(piece) : 0;
        } else {
            wantedBytes -= wanted.remove(piece) ? layout.length(piece) : 0;
        }
    }
}
