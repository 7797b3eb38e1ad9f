package dev.spate.core.picker;

import java.util.HashSet;
import java.util.Set;

/** The due pieces that the peer of the present pick would deliver too late, and that it is to leave to others. */
final class HeldBack {
    private final Set<Integer> pieces = new HashSet<>();

    void clear() {
        if (!pieces.isEmpty()) {
            pieces.clear();
        }
    }

    void add(int piece) {
        pieces.add(piece);
    }

    boolean contains(int piece) {
        return !pieces.isEmpty() && pieces.contains(piece);
    }
}
