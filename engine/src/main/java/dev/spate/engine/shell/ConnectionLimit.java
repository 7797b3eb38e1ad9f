package dev.spate.engine.shell;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the sockets to peers of a whole session, half-open ones included, and keeps them within a bound. Thread-safe. */
public final class ConnectionLimit {
    private volatile int limit;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionLimit(int limit) {
        this.limit = limit;
    }

    /** Counts one more connection; false if there are as many as there may be. */
    boolean tryOpen() {
        int now = open.get();
        while (now < limit) {
            if (open.compareAndSet(now, now + 1)) {
                return true;
            }
            now = open.get();
        }
        return false;
    }

    void closed() {
        int left = open.decrementAndGet();
        assert left >= 0 : left;
    }

    /** Lets there be more, or fewer; those that are open already stay. */
    public void set(int newLimit) {
        limit = newLimit;
    }

    public int limit() {
        return limit;
    }

    public int open() {
        return open.get();
    }
}
