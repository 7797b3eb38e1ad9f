package dev.spate.io.lane;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that other threads leave for a lane.
 *
 * <h2>Implementation note</h2>
 *
 * Waking a selector is a system call, so it is done only for a lane that sleeps: the lane says so before it looks into the
 * box for the last time, a sender looks whether it sleeps after it has put its task there. Whichever comes second sees the
 * other.
 */
final class Mailbox {
    /** A box this full belongs to a lane that is stuck; better that the senders learn of it than that memory runs out. */
    static final int CAPACITY = 1 << 20;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Adds a task; any thread.
     *
     * @return true if the lane has to be woken
     */
    boolean post(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the lane is closed");
        }
        if (size.incrementAndGet() > CAPACITY) {
            size.decrementAndGet();
            throw new RejectedExecutionException("the lane has " + CAPACITY + " tasks waiting");
        }
        tasks.add(task);
        if (closed && tasks.remove(task)) {
            size.decrementAndGet();
            throw new RejectedExecutionException("the lane is closed");
        }
        return asleep.get() && asleep.compareAndSet(true, false);
    }

    /** The lane is about to sleep. Returns false if it must not, because a task waits. */
    boolean fallAsleep() {
        asleep.set(true);
        if (tasks.isEmpty()) {
            return true;
        }
        asleep.set(false);
        return false;
    }

    void wakeUp() {
        asleep.set(false);
    }

    /** How many tasks wait, counting those that are being posted. */
    int size() {
        return size.get();
    }

    @Nullable
    Runnable poll() {
        Runnable task = tasks.poll();
        if (task != null) {
            size.decrementAndGet();
        }
        return task;
    }

    /** From now on {@link #post} throws; what is in the box stays there. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
