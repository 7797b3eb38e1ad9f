package dev.spate.io.lane;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A lane's timers: a binary heap in which each timer knows its place, and which is lazy about moves to a later time.
 *
 * <h2>Implementation note</h2>
 *
 * Most timers of a network program are moved later again and again and never ring: each arriving byte moves the time of
 * silence. Such a move only writes {@link LaneTimer#deadline}; the heap keeps sorting by the older, earlier {@link
 * LaneTimer#key}. When that key comes to the top the timer sinks to where its deadline belongs. So a timer costs one sink a
 * period however often it moves. A timing wheel would make every move O(1) too, but needs ticks and a choice of their
 * length; a heap sleeps exactly until the next key.
 *
 * <p>Times are {@code System.nanoTime} values and compared by difference.
 */
final class TimerHeap {
    private LaneTimer[] heap = new LaneTimer[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** No timer rings before this; one may also turn out not to ring then. Only if not empty. */
    long next() {
        return heap[0].key;
    }

    void set(LaneTimer timer, long deadline) {
        timer.deadline = deadline;
        if (timer.place == LaneTimer.NOWHERE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            timer.key = deadline;
            rise(timer, size++);
        } else if (deadline - timer.key < 0) {
            timer.key = deadline;
            rise(timer, timer.place);
        }
    }

    void remove(LaneTimer timer) {
        int hole = timer.place;
        if (hole == LaneTimer.NOWHERE) {
            return;
        }
        timer.place = LaneTimer.NOWHERE;
        LaneTimer last = heap[--size];
        clear(size);
        if (last != timer) {
            sink(last, hole);
            if (last.place == hole) {
                rise(last, hole);
            }
        }
    }

    /** Takes out a timer whose deadline is at or before {@code now}; null when there is none. */
    @Nullable
    LaneTimer poll(long now) {
        while (size > 0 && heap[0].key - now <= 0) {
            LaneTimer top = heap[0];
            if (top.deadline - now <= 0) {
                remove(top);
                return top;
            }
            top.key = top.deadline;
            sink(top, 0);
        }
        return null;
    }

    private void rise(LaneTimer timer, int from) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (timer.key - heap[parent].key >= 0) {
                break;
            }
            put(heap[parent], place);
            place = parent;
        }
        put(timer, place);
    }

    private void sink(LaneTimer timer, int from) {
        int place = from;
        int child;
        while ((child = 2 * place + 1) < size) {
            if (child + 1 < size && heap[child + 1].key - heap[child].key < 0) {
                child++;
            }
            if (heap[child].key - timer.key >= 0) {
                break;
            }
            put(heap[child], place);
            place = child;
        }
        put(timer, place);
    }

    private void put(LaneTimer timer, int place) {
        heap[place] = timer;
        timer.place = place;
    }

    @SuppressWarnings("NullAway") // Places at and above size hold nothing and are never read.
    private void clear(int place) {
        heap[place] = null;
    }
}
