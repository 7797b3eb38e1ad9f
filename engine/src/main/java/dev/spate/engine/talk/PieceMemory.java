package dev.spate.engine.talk;

import java.util.concurrent.Semaphore;

/** The memory for pieces on their way, of all conversations together. Who finds it spent waits for his turn. For any thread. */
final class PieceMemory {

    /** In bytes; the longest piece that is asked for has room several times. */
    static final int MOST = 16 << 20;

    private static final int PERMIT = 16 << 10;

    private final Semaphore permits = new Semaphore(MOST / PERMIT, true);

    /** Waits for so many bytes, at most {@link #MOST}. */
    void take(int bytes) {
        permits.acquireUninterruptibly(Math.ceilDiv(bytes, PERMIT));
    }

    /** Gives them back. */
    void give(int bytes) {
        permits.release(Math.ceilDiv(bytes, PERMIT));
    }

    int free() {
        return permits.availablePermits() * PERMIT;
    }
}
