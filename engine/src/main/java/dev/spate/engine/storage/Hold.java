package dev.spate.engine.storage;

import java.util.concurrent.CancellationException;

/** Puts off giving something back until nobody uses it any more. Safe for use by several threads. */
final class Hold {
    private final Runnable giveBack;
    private int users;
    private boolean closed;

    Hold(Runnable giveBack) {
        this.giveBack = giveBack;
    }

    /**
     * To be followed by {@link #leave} in any case.
     *
     * @throws CancellationException if it was closed
     */
    void enter() {
        if (!tryEnter()) {
            throw new CancellationException("the piece was dropped");
        }
    }

    /** To be followed by {@link #leave} if it returns true; false if it was closed. */
    synchronized boolean tryEnter() {
        if (!closed) {
            users++;
        }
        return !closed;
    }

    void leave() {
        boolean last;
        synchronized (this) {
            last = --users == 0 && closed;
        }
        if (last) {
            giveBack.run();
        }
    }

    /** Gives back now, or when the last user leaves; only the first call counts. */
    void close() {
        boolean last;
        synchronized (this) {
            last = users == 0 && !closed;
            closed = true;
        }
        if (last) {
            giveBack.run();
        }
    }
}
