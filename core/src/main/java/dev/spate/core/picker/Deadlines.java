package dev.spate.core.picker;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The pieces that are due at a moment, the earliest first. */
final class Deadlines {

    /** @param deadline monotonic nanoseconds */
    record Due(int piece, long deadline) {}

    // Monotonic nanoseconds may wrap around; their differences do not.
    private static final Comparator<Due> EARLIEST_FIRST =
            ((Comparator<Due>) (one, other) -> Long.signum(one.deadline - other.deadline)).thenComparingInt(Due::piece);

    private final TreeSet<Due> due = new TreeSet<>(EARLIEST_FIRST);
    private final Map<Integer, Due> byPiece = new HashMap<>();

    void set(int piece, long deadline) {
        clear(piece);
        Due entry = new Due(piece, deadline);
        due.add(entry);
        byPiece.put(piece, entry);
    }

    void clear(int piece) {
        Due entry = byPiece.isEmpty() ? null : byPiece.remove(piece);
        if (entry != null) {
            due.remove(entry);
        }
    }

    boolean isEmpty() {
        return due.isEmpty();
    }

    boolean has(int piece) {
        return byPiece.containsKey(piece);
    }

    boolean isDueBy(int piece, long moment) {
        Due entry = byPiece.get(piece);
        return entry != null && entry.deadline - moment <= 0;
    }

    /** All of them, the earliest first. */
    Iterable<Due> earliestFirst() {
        return due;
    }
}
