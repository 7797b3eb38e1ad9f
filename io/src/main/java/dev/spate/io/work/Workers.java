package dev.spate.io.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of platform threads that hash and read and write files, so that a lane need not. Tasks begin in the order
 * in which they came. Safe on any thread.
 *
 * <p>Workers are never interrupted: an interrupt would close the file that a task is reading.
 */
public final class Workers implements Executor, AutoCloseable {
    /** A queue this long belongs to a submitter that has no budget of its own, which is a bug. */
    static final int CAPACITY = 1 << 16;

    /** How long {@link #close} waits for the tasks that run. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger("dev.spate.io.work");

    private final String name;
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private boolean closed;

    private Workers(String name) {
        this.name = name;
    }

    /**
     * Starts the workers.
     *
     * @param name of their threads, a number is appended
     * @param threads how many
     */
    public static Workers start(String name, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " workers");
        }
        var workers = new Workers(name);
        for (int i = 0; i < threads; i++) {
            workers.threads.add(
                    Thread.ofPlatform().daemon().name(name + "-" + i).start(workers::work));
        }
        return workers;
    }

    /**
     * Runs {@code task} on a worker. What it throws goes to the log.
     *
     * @throws RejectedExecutionException if the workers are closed, or 65,536 tasks wait
     */
    @Override
    public void execute(Runnable task) {
        put(new Task(task, null));
    }

    /**
     * Runs {@code task} on a worker and hands its outcome to {@code completion} on {@code completeOn}: exactly once, also when the
     * workers are closed first. Only if {@code completeOn} itself refuses is the outcome lost, and that is logged.
     *
     * @throws RejectedExecutionException if the workers are closed, or 65,536 tasks wait; {@code completion} is not called then
     */
    public <T> void submit(Callable<T> task, Executor completeOn, Consumer<? super Outcome<T>> completion) {
        put(new Task(
                () -> Outcome.deliver(Outcome.of(task), completeOn, completion),
                () -> Outcome.deliver(Outcome.cancelled(name), completeOn, completion)));
    }

    /** How many workers there are. */
    public int threads() {
        return threads.size();
    }

    /** How many tasks wait for a worker. */
    public int queued() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Drops the tasks that wait and waits for those that run, ten seconds at most. */
    @Override
    public void close() {
        List<Task> dropped;
        lock.lock();
        try {
            closed = true;
            dropped = new ArrayList<>(queue);
            queue.clear();
            notEmpty.signalAll();
        } finally {
            lock.unlock();
        }
        for (Task task : dropped) {
            if (task.dropped() != null) {
                runGuarded(task.dropped());
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                if (!thread.equals(Thread.currentThread())
                        && !thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    LOG.log(System.Logger.Level.ERROR, "worker " + thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(Task task) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException(name + " is closed");
            }
            if (queue.size() == CAPACITY) {
                throw new RejectedExecutionException(name + " has " + CAPACITY + " tasks waiting");
            }
            queue.addLast(task);
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Task task = take(); task != null; task = take()) {
            runGuarded(task.body());
        }
    }

    private @Nullable Task take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                notEmpty.awaitUninterruptibly();
            }
            return queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** The top frame of a worker: whatever a task throws, the worker lives on. */
    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable bug) {
            LOG.log(System.Logger.Level.ERROR, "a task of " + name + " failed", bug);
        }
    }

    /**
     * A task in the queue.
     *
     * @param dropped what to do instead of the body when the workers are closed first
     */
    private record Task(Runnable body, @Nullable Runnable dropped) {}
}
