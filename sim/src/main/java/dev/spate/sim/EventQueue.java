package dev.spate.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is going to happen, and the clock: it is always the moment of the last event. Events of one moment come in the order they were planned. */
final class EventQueue {
    /** More than this means that something breeds; the largest scenarios have some hundred thousand. */
    private static final int MAX_EVENTS = 5_000_000;

    private static final int FIRST_ROOM = 1024;

    /*
     * Implementation note. A heap in three arrays rather than java.util.PriorityQueue, each event above four others: moments that lie side
     * by side are compared faster than events that lie anywhere, and four are half as deep as two.
     */
    private static final int BELOW = 4;

    private long[] moments = new long[FIRST_ROOM];
    private long[] numbers = new long[FIRST_ROOM];

    @Nullable
    private Runnable[] actions = new Runnable[FIRST_ROOM];

    private int size;
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
        if (size == MAX_EVENTS) {
            throw new IllegalStateException("more than " + MAX_EVENTS + " events are planned");
        }
        if (size == moments.length) {
            moments = Arrays.copyOf(moments, size * 2);
            numbers = Arrays.copyOf(numbers, size * 2);
            actions = Arrays.copyOf(actions, size * 2);
        }
        rise(size++, Math.max(now, moment), planned++, action);
    }

    /** Lets the next event happen, unless there is none up to and at {@code limit}; then the clock is set to that. */
    boolean next(long limit) {
        Runnable action = actions[0];
        if (size == 0 || action == null || moments[0] > limit) {
            now = Math.max(now, limit);
            return false;
        }
        now = moments[0];
        size--;
        sink(moments[size], numbers[size], actions[size]);
        actions[size] = null;
        happened++;
        action.run();
        return true;
    }

    private void rise(int from, long moment, long number, Runnable action) {
        int place = from;
        while (place > 0) {
            int above = (place - 1) / BELOW;
            if (!isBefore(moment, number, above)) {
                break;
            }
            move(above, place);
            place = above;
        }
        put(place, moment, number, action);
    }

    /** Puts an event in the place of the first. */
    private void sink(long moment, long number, @Nullable Runnable action) {
        int place = 0;
        for (int below = 1; below < size; below = BELOW * place + 1) {
            int first = first(below, Math.min(size, below + BELOW));
            if (isBefore(moment, number, first)) {
                break;
            }
            move(first, place);
            place = first;
        }
        put(place, moment, number, action);
    }

    private int first(int from, int to) {
        int first = from;
        for (int i = from + 1; i < to; i++) {
            if (isBefore(moments[i], numbers[i], first)) {
                first = i;
            }
        }
        return first;
    }

    private boolean isBefore(long moment, long number, int than) {
        return moment != moments[than] ? moment < moments[than] : number < numbers[than];
    }

    private void move(int from, int to) {
        put(to, moments[from], numbers[from], actions[from]);
    }

    private void put(int place, long moment, long number, @Nullable Runnable action) {
        moments[place] = moment;
        numbers[place] = number;
        actions[place] = action;
    }
}
