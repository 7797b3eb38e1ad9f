package dev.spate.core.dht;

import java.util.ArrayDeque;

/** The searches of a node: some run, the others wait for their turn. */
final class Lookups {
    /** So many run at a time: each has up to five queries in the air, and may leave some dozens of slow ones behind. */
    static final int MAX_ACTIVE = 32;

    /** So many may wait; one more ends at once without having found anything. */
    static final int MAX_WAITING = 20_000;

    private final ArrayDeque<Lookup> waiting = new ArrayDeque<>();
    private int active;
    private boolean beginning;

    int size() {
        return active + waiting.size();
    }

    void add(Lookup lookup, long now) {
        if (waiting.size() == MAX_WAITING) {
            lookup.giveUp(now);
            return;
        }
        waiting.add(lookup);
        beginSome(now);
    }

    /** One of those that ran has ended. */
    void ended(long now) {
        active--;
        beginSome(now);
    }

    private void beginSome(long now) {
        if (beginning) {
            // One that ends as soon as it begins calls back; the loop below goes on by itself.
            return;
        }
        beginning = true;
        while (active < MAX_ACTIVE && !waiting.isEmpty()) {
            active++;
            Lookup next = waiting.removeFirst();
            next.half.begin(next, now);
        }
        beginning = false;
    }
}
