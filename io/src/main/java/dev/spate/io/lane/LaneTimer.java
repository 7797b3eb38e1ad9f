package dev.spate.io.lane;

/**
 * An alarm clock on a lane. It rings once, at or after its deadline, and may be set again, also while it rings. Lane thread
 * only. Moving it later costs an assignment, moving it earlier or stopping it O(log n).
 */
public final class LaneTimer {
    /** Place in the heap of a timer that is not in it. */
    static final int NOWHERE = -1;

    private final Lane lane;
    private final TimerHeap heap;
    final Runnable action;

    /** When to ring. */
    long deadline;
    /** What the heap sorts by; never later than the deadline. */
    long key;
    /** Where in the heap, or {@link #NOWHERE}. */
    int place = NOWHERE;

    LaneTimer(Lane lane, TimerHeap heap, Runnable action) {
        this.lane = lane;
        this.heap = heap;
        this.action = action;
    }

    /**
     * Rings at {@code deadline} instead of whenever it was to ring before.
     *
     * @param deadline on the scale of {@link Lane#now}; in the past means as soon as possible
     */
    public void set(long deadline) {
        assert lane.isCurrent();
        heap.set(this, deadline);
    }

    /** Does not ring any more unless it is set again. Nothing happens if it was not set. */
    public void cancel() {
        assert lane.isCurrent();
        heap.remove(this);
    }

    /** Whether it is going to ring. */
    public boolean isSet() {
        return place != NOWHERE;
    }
}
