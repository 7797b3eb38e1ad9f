package dev.spate.io.work;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Virtual threads for work that mostly waits for others: tracker requests, name look-ups, commands. Not for file access or
 * hashing, which would hold the few threads that carry the virtual ones. Safe on any thread.
 */
public final class Chores implements Executor, AutoCloseable {
    /** How many may wait for each that may run. */
    private static final int WAITING_PER_RUNNING = 256;

    /** How long {@link #close} waits after interrupting what runs. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger("dev.spate.io.work");

    private final String name;
    private final int capacity;
    private final Semaphore running;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Set<Thread> threads = new HashSet<>();
    private boolean closed;

    /**
     * Runs nothing yet.
     *
     * @param name of the threads
     * @param atOnce how many chores may run at once; 256 times as many may wait
     */
    public Chores(String name, int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException(atOnce + " chores at once");
        }
        this.name = name;
        this.capacity = Math.multiplyExact(atOnce, 1 + WAITING_PER_RUNNING);
        this.running = new Semaphore(atOnce, true);
    }

    /**
     * Runs {@code chore} on a virtual thread, later if too many run already. It is interrupted when this is closed; one that
     * had not begun by then never does. What it throws goes to the log.
     *
     * @throws RejectedExecutionException if this is closed or too many wait
     */
    @Override
    public void execute(Runnable chore) {
        start(chore, () -> {});
    }

    /**
     * Runs {@code chore} as {@link #execute} does and hands its outcome to {@code completion} on {@code completeOn}, exactly once. A
     * chore that never began because this was closed has failed with a {@link java.util.concurrent.CancellationException}.
     *
     * @throws RejectedExecutionException if this is closed or too many wait; {@code completion} is not called then
     */
    public <T> void submit(Callable<T> chore, Executor completeOn, Consumer<? super Outcome<T>> completion) {
        start(
                () -> Outcome.deliver(Outcome.of(chore), completeOn, completion),
                () -> Outcome.deliver(Outcome.cancelled(name), completeOn, completion));
    }

    /** How many run or wait. */
    public int unfinished() {
        lock.lock();
        try {
            return threads.size();
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts what runs, drops what waits, and waits five seconds at most for the end of it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            threads.forEach(Thread::interrupt);
            long left = PATIENCE.toNanos();
            while (!threads.isEmpty() && left > 0) {
                left = ended.awaitNanos(left);
            }
            if (!threads.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, threads.size() + " chores of " + name + " do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void start(Runnable body, Runnable dropped) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException(name + " is closed");
            }
            if (threads.size() == capacity) {
                throw new RejectedExecutionException(name + " has " + capacity + " chores");
            }
            Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(body, dropped));
            threads.add(thread);
            thread.start();
        } finally {
            lock.unlock();
        }
    }

    /** The top frame of a chore. */
    private void run(Runnable body, Runnable dropped) {
        try {
            if (begin()) {
                try {
                    body.run();
                } finally {
                    running.release();
                }
            } else {
                dropped.run();
            }
        } catch (Throwable bug) {
            LOG.log(System.Logger.Level.ERROR, "a chore of " + name + " failed", bug);
        } finally {
            lock.lock();
            try {
                threads.remove(Thread.currentThread());
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for its turn; false if there will be none, and nothing to release. */
    private boolean begin() {
        try {
            running.acquire();
        } catch (InterruptedException closing) {
            return false;
        }
        if (isClosed()) {
            // Its turn came because those before it were interrupted.
            running.release();
            return false;
        }
        return true;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
