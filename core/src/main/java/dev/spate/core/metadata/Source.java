package dev.spate.core.metadata;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A peer that says it has the metadata. */
final class Source {
    final int peer;

    /** The bytes that the metadata has, as it says. */
    final int size;

    /** The place in the order of arrival. */
    final int order;

    /** Piece by piece, until when the answer is waited for; in that order. */
    final SequencedMap<Integer, Long> inFlight = new LinkedHashMap<>();

    /** For which draft {@link #asked} holds. */
    @Nullable
    Draft draft;

    /** The pieces that it was asked for, whether it answered or not. */
    final BitSet asked = new BitSet();

    /** How often it refused, kept silent, or was among those of whom one lied. */
    int strikes;

    /** How many drafts were begun with it alone. */
    int tries;

    long restUntil;

    boolean resting;

    /** It is gone. */
    boolean left;

    Source(int peer, int size, int order) {
        this.peer = peer;
        this.size = size;
        this.order = order;
    }

    /** Leaves it alone for a while that grows with its strikes. */
    void strike(long now) {
        strikes = Math.min(strikes + 1, 1000);
        resting = true;
        restUntil = now + (MetadataExchange.REST << Math.min(strikes - 1, 4));
    }

    boolean isResting(long now) {
        resting = resting && restUntil - now > 0;
        return resting;
    }

    /** What it was asked for belongs to another draft now. */
    void joins(Draft next) {
        if (draft != next) {
            leaves();
            draft = next;
        }
    }

    void leaves() {
        Draft before = draft;
        if (before != null) {
            inFlight.keySet().forEach(before::released);
        }
        draft = null;
        inFlight.clear();
        asked.clear();
    }
}
