package dev.spate.sim;

import java.util.PriorityQueue;

/** What is going to happen, and the clock: it is always the moment of the last event. Events of one moment come in the order they were planned. */
final class EventQueue {
    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** More than this means that something breeds; the largest scenarios have some ten thousand. */
    private static final int MAX_EVENTS = 5_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long planned;
    private long happened;

    EventQueue(long begin) {
        this.now = begin;
    }

    long now() {
        return now;
    }

    long happened() {
        return happened;
    }

    /** Plans an event; what is planned for the past happens now. */
    void at(long moment, Runnable action) {
        if (events.size() == MAX_EVENTS) {
            throw new IllegalStateException("more than " + MAX_EVENTS + " events are planned");
        }
        events.add(new Event(Math.max(now, moment), planned++, action));
    }

    /** Lets the next event happen, unless there is none up to and at {@code limit}; then the clock is set to that. */
    boolean next(long limit) {
        Event next = events.peek();
        if (next == null || next.at() > limit) {
            now = Math.max(now, limit);
            return false;
        }
        events.remove();
        now = next.at();
        happened++;
        next.action().run();
        return true;
    }
}
