package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The walks that came by lately, so that none goes round in circles. A walk of the original has no mark; it is known by its source and
 * key alone, for as long as the original waits. Bounded: the oldest is forgotten.
 */
final class SeenWalks {
    static final int MAX = 4096;

    /** A walk is answered so often, in case answers are lost. */
    static final int MAX_ANSWERS = 3;

    private static final long MARKED_NANOS = 60_000_000_000L;
    private static final long UNMARKED_NANOS = 4_000_000_000L;

    private record Walk(PeerAddress src, HashKey key, long mark) {}

    private static final class Seen {
        final long until;
        int answers;

        Seen(long until) {
            this.until = until;
        }
    }

    private final Map<Walk, Seen> walks = new LinkedHashMap<>();

    /**
     * Notes a walk; says whether it is new.
     *
     * @param mark 0 for none
     */
    boolean note(PeerAddress src, HashKey key, long mark, long now) {
        Walk walk = new Walk(src, key, mark);
        Seen seen = walks.get(walk);
        if (seen != null && seen.until - now > 0) {
            return false;
        }
        walks.remove(walk);
        if (walks.size() == MAX) {
            walks.remove(walks.keySet().iterator().next());
        }
        walks.put(walk, new Seen(now + (mark == 0 ? UNMARKED_NANOS : MARKED_NANOS)));
        return true;
    }

    /** Whether a walk that was noted may be answered once more; it is counted then. */
    boolean mayAnswer(PeerAddress src, HashKey key, long mark) {
        Seen seen = walks.get(new Walk(src, key, mark));
        return seen != null && seen.answers++ < MAX_ANSWERS;
    }

    int size() {
        return walks.size();
    }
}
