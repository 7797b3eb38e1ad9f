package dev.spate.io.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A counted borrow of a pooled direct buffer.
 *
 * <p>A lease begins with one holder. Each {@link #retain} adds one, each {@link #close} takes one away; with the last one
 * the memory goes back to its pool and no view of the buffer may be touched any more. Closing more often than holding is
 * a bug and throws.
 *
 * <p>Counting is safe on any thread; who may touch the bytes, and when, the holders settle among themselves.
 */
public final class Lease implements AutoCloseable {
    private static final VarHandle HOLDERS;

    static {
        try {
            HOLDERS = MethodHandles.lookup().findVarHandle(Lease.class, "holders", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BufferPool pool;
    private final ByteBuffer buffer;
    private final @Nullable Throwable origin;
    private volatile int holders = 1;

    Lease(BufferPool pool, ByteBuffer buffer, @Nullable Throwable origin) {
        this.pool = pool;
        this.buffer = buffer;
        this.origin = origin;
    }

    /**
     * The leased memory: the same object on every call, with whatever position and limit its last user left. A fresh lease
     * has position 0 and the leased length as its limit; the bytes are whatever an earlier lease left behind.
     *
     * @throws IllegalStateException if the lease is closed
     */
    public ByteBuffer buffer() {
        if (holders <= 0) {
            throw misuse("the buffer of a closed lease was asked for");
        }
        return buffer;
    }

    /**
     * Adds a holder and returns this lease, so that it can be handed on in one expression.
     *
     * @throws IllegalStateException if the lease is closed
     */
    public Lease retain() {
        int before = (int) HOLDERS.getAndAdd(this, 1);
        if (before <= 0) {
            HOLDERS.getAndAdd(this, -1);
            throw misuse("a closed lease was retained");
        }
        return this;
    }

    /**
     * Takes one holder away; the last one returns the memory.
     *
     * @throws IllegalStateException if the lease is closed already
     */
    @Override
    public void close() {
        int before = (int) HOLDERS.getAndAdd(this, -1);
        if (before <= 0) {
            HOLDERS.getAndAdd(this, 1);
            throw misuse("a lease was closed twice");
        }
        if (before == 1) {
            pool.takeBack(this, buffer);
        }
    }

    /** Where the lease was taken; known in strict pools only. */
    @Nullable
    Throwable origin() {
        return origin;
    }

    private IllegalStateException misuse(String what) {
        return new IllegalStateException(what, origin);
    }
}
