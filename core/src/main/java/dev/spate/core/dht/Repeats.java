package dev.spate.core.dht;

import dev.spate.wire.dht.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is done again and again until it is taken back: announces every quarter of an hour, items once an hour. Rounds that
 * reached nobody are tried again sooner.
 */
final class Repeats {
    /** So many announces and items at most. */
    static final int MAX = 10_000;

    private static final long RETRY_NANOS = 60_000_000_000L;

    /** Begins one round; whoever does it calls {@code done} at its end. */
    interface Round {
        void begin(Storing.Done done, long now);
    }

    private static final class Entry {
        final NodeId key;
        final int operation;
        final Round round;
        final long periodNanos;
        final long number;
        long dueAt;
        boolean failed;

        Entry(NodeId key, int operation, Round round, long periodNanos, long number, long dueAt) {
            this.key = key;
            this.operation = operation;
            this.round = round;
            this.periodNanos = periodNanos;
            this.number = number;
            this.dueAt = dueAt;
        }
    }

    private final RandomGenerator random;

    /** Never walked through. */
    private final Map<NodeId, Entry> entries = new HashMap<>();

    /** Those that no round runs of; ones that were taken back are dropped when their time comes. */
    private final PriorityQueue<Entry> due = new PriorityQueue<>((a, b) -> {
        int order = Long.signum(a.dueAt - b.dueAt);
        return order != 0 ? order : Long.compare(a.number, b.number);
    });

    private long lastNumber;

    Repeats(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Begins at once, and anew if the key is there already.
     *
     * @param operation the number under which its results are told
     * @throws IllegalStateException if there are too many
     */
    void add(NodeId key, int operation, Round round, long periodNanos, long now) {
        if (entries.size() == MAX && !entries.containsKey(key)) {
            throw new IllegalStateException("more than " + MAX + " announces and items");
        }
        if (due.size() >= 2 * MAX) {
            due.removeIf(entry -> entries.get(entry.key) != entry);
        }
        Entry entry = new Entry(key, operation, round, periodNanos, ++lastNumber, now);
        entries.put(key, entry);
        due.add(entry);
        begin(now);
    }

    void remove(NodeId key) {
        entries.remove(key);
    }

    /** The operation with this key. */
    OptionalInt operation(NodeId key) {
        Entry entry = entries.get(key);
        return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.operation);
    }

    /** Somebody can be reached now: what reached nobody is tried again at once. */
    void hurry(long now) {
        List<Entry> waiting = due.stream()
                .filter(entry -> entry.failed && entry.dueAt - now > 0)
                .toList();
        due.removeAll(waiting);
        for (Entry entry : waiting) {
            entry.dueAt = now;
            due.add(entry);
        }
        begin(now);
    }

    /** Begins the rounds whose time has come. */
    void begin(long now) {
        Entry next = next();
        while (next != null && next.dueAt - now <= 0) {
            Entry entry = due.remove();
            entry.round.begin((nodes, then) -> ended(entry, nodes, then), now);
            next = next();
        }
    }

    private void ended(Entry entry, int nodes, long now) {
        if (entries.get(entry.key) != entry) {
            return;
        }
        entry.failed = nodes == 0;
        long period = nodes == 0 ? Math.min(RETRY_NANOS, entry.periodNanos) : entry.periodNanos;
        // A tenth more or less, so that what began together does not go on together.
        entry.dueAt = now + period - period / 10 + random.nextLong(period / 5 + 1);
        due.add(entry);
    }

    private @Nullable Entry next() {
        Entry next = due.peek();
        while (next != null && entries.get(next.key) != next) {
            due.remove();
            next = due.peek();
        }
        return next;
    }

    long deadline() {
        Entry next = next();
        return next == null ? Long.MAX_VALUE : next.dueAt;
    }
}
