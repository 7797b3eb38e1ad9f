package dev.spate.core.picker;

import java.util.List;

/**
 * What the arrival of a whole block meant.
 *
 * @param accepted false when the sender was not the one writing this block; nothing has changed then
 * @param pieceFull whether this was the last missing block of its piece, which is to be verified now
 * @param alsoAsked the other peers that were asked for this block, to whom a cancel is due; in order of asking
 */
public record Arrived(boolean accepted, boolean pieceFull, List<Integer> alsoAsked) {
    static final Arrived IGNORED = new Arrived(false, false, List.of());
    private static final Arrived BLOCK = new Arrived(true, false, List.of());
    private static final Arrived LAST_BLOCK = new Arrived(true, true, List.of());

    public Arrived {
        alsoAsked = List.copyOf(alsoAsked);
    }

    static Arrived of(boolean pieceFull, List<Integer> alsoAsked) {
        if (alsoAsked.isEmpty()) {
            return pieceFull ? LAST_BLOCK : BLOCK;
        }
        return new Arrived(true, pieceFull, alsoAsked);
    }
}
