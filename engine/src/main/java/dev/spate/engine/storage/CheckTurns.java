package dev.spate.engine.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Lets one torrent after the other read its files: several at once would send a disk's head to and fro, and each would be done later. For
 * use by any thread.
 */
public final class CheckTurns {

    private final Deque<Turn> line = new ArrayDeque<>();
    private @Nullable Turn present;

    /** Nobody waits yet. */
    public CheckTurns() {}

    /**
     * A place in the line that is not taken yet.
     *
     * @param begin what to do when its turn comes, on the thread that made place or took the place; must not block
     */
    Turn turn(Runnable begin) {
        return new Turn(begin);
    }

    /** One who reads now, or waits to. */
    final class Turn {
        private final Runnable begin;

        private Turn(Runnable begin) {
            this.begin = begin;
        }

        /** Goes to the end of the line; nothing happens if it stands there, or its turn has come. */
        void take() {
            synchronized (CheckTurns.this) {
                if (present != this && !line.contains(this)) {
                    line.add(this);
                }
            }
            next();
        }

        /** Makes place for the next one; nothing happens if it does not stand in line. */
        void leave() {
            synchronized (CheckTurns.this) {
                line.remove(this);
                if (present == this) {
                    present = null;
                }
            }
            next();
        }

        /** How many come before it, the one who reads included; 0 if it does not wait. */
        int ahead() {
            synchronized (CheckTurns.this) {
                return line.contains(this) ? 1 + new ArrayList<>(line).indexOf(this) : 0;
            }
        }
    }

    private void next() {
        Turn called;
        synchronized (this) {
            if (present != null || line.isEmpty()) {
                return;
            }
            called = line.remove();
            present = called;
        }
        called.begin.run();
    }
}
