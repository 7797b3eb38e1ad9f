package dev.spate.io.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bounded stock of direct buffers, lent out as {@link Lease}s. Safe on any thread.
 *
 * <p>The bound covers what is lent and what lies idle for the next borrower. When it is reached {@link #tryLease} says no
 * and the caller does with less: that is the back-pressure which keeps a fast socket from filling the memory.
 *
 * <h2>Implementation note</h2>
 *
 * Sizes come in four steps a doubling, so that at most a fifth of a buffer is wasted and buffers of one step replace each
 * other; idle ones lie on a stack a step, hot ones on top. When the bound is reached by idle buffers of other steps, those
 * are let go. Memory comes from {@link DirectMemory} and not from an {@code Arena}: a gathering write allocates
 * two objects for every buffer that belongs to an arena. The price is that memory let go returns to the system at the next
 * garbage collection only (the JDK starts one when its direct memory runs short); steps rarely change, so little is let go.
 */
public final class BufferPool implements AutoCloseable {
    /** Less is not worth its bookkeeping: a page. */
    private static final int SMALLEST = 4096;

    private static final int STEPS = 4 * 20;
    private static final byte POISON = (byte) 0xA5;

    private final long maxBytes;
    private final @Nullable Map<Lease, Throwable> origins;

    private final Object lock = new Object();
    private final List<@Nullable ArrayDeque<ByteBuffer>> idle = new ArrayList<>(STEPS);
    private long idleBytes;
    private long leasedBytes;
    private int leases;
    private boolean closed;
    private @Nullable ArrayList<Runnable> waiting;

    /**
     * A pool without any buffer yet.
     *
     * @param maxBytes the bound on lent and idle memory together
     */
    public BufferPool(long maxBytes) {
        this(maxBytes, false);
    }

    private BufferPool(long maxBytes, boolean strict) {
        if (maxBytes < SMALLEST) {
            throw new IllegalArgumentException("a pool of " + maxBytes + " bytes");
        }
        this.maxBytes = maxBytes;
        this.origins = strict ? new IdentityHashMap<>() : null;
        for (int i = 0; i < STEPS; i++) {
            idle.add(null);
        }
    }

    /**
     * A pool for tests: it remembers where each lease was taken, overwrites memory that comes back, and {@link #close} throws
     * when a lease is still out.
     */
    public static BufferPool strict(long maxBytes) {
        return new BufferPool(maxBytes, true);
    }

    /**
     * Lends a buffer of {@code bytes} bytes, or null when the bound would be passed or the JVM has no direct memory left.
     *
     * @param bytes 1 to 1 GiB
     * @throws IllegalStateException if the pool is closed
     */
    public @Nullable Lease tryLease(int bytes) {
        int step = step(bytes);
        int size = size(step);
        ByteBuffer buffer;
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("the pool is closed");
            }
            buffer = takeIdle(step, size);
            if (buffer == null && !makeRoom(size)) {
                return null;
            }
            leasedBytes += size;
            leases++;
        }
        if (buffer == null) {
            buffer = allocate(size);
            if (buffer == null) {
                return null;
            }
        }
        buffer.clear().limit(bytes);
        return lend(buffer);
    }

    /**
     * Runs {@code task} once, as soon as memory has come back since this call; on the thread that closes the lease, so it
     * should do no more than wake somebody.
     */
    public void whenReturned(Runnable task) {
        synchronized (lock) {
            if (waiting == null) {
                waiting = new ArrayList<>();
            }
            waiting.add(task);
        }
    }

    /** Lets idle buffers go until at most {@code keepBytes} lie idle. */
    public void trim(long keepBytes) {
        synchronized (lock) {
            dropIdle(Math.max(0, keepBytes));
        }
    }

    /** Bytes lent at this moment, rounded up to whole buffers. */
    public long leasedBytes() {
        synchronized (lock) {
            return leasedBytes;
        }
    }

    /** Bytes that wait for a borrower. */
    public long idleBytes() {
        synchronized (lock) {
            return idleBytes;
        }
    }

    /** The bound this pool was made with. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Leases that are out at this moment. */
    public int leases() {
        synchronized (lock) {
            return leases;
        }
    }

    /**
     * Lets all idle buffers go; later leases are refused, leases that are out stay good until closed.
     *
     * @throws IllegalStateException in a strict pool, if leases are out; its suppressed exceptions say where they were taken
     */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            dropIdle(0);
            if (origins != null && !origins.isEmpty()) {
                var leak = new IllegalStateException(origins.size() + " leases were never closed");
                origins.values().forEach(leak::addSuppressed);
                throw leak;
            }
        }
    }

    void takeBack(Lease lease, ByteBuffer buffer) {
        if (origins != null) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.put(POISON);
            }
        }
        int size = buffer.capacity();
        List<Runnable> tasks;
        synchronized (lock) {
            if (origins != null) {
                origins.remove(lease);
            }
            leasedBytes -= size;
            leases--;
            assert leasedBytes >= 0 && leases >= 0;
            if (!closed) {
                push(buffer, size);
            }
            tasks = waiting == null ? List.of() : waiting;
            waiting = null;
        }
        tasks.forEach(Runnable::run);
    }

    private Lease lend(ByteBuffer buffer) {
        if (origins == null) {
            return new Lease(this, buffer, null);
        }
        var origin = new Throwable("the lease was taken here");
        var lease = new Lease(this, buffer, origin);
        synchronized (lock) {
            origins.put(lease, origin);
        }
        return lease;
    }

    private @Nullable ByteBuffer allocate(int size) {
        try {
            return DirectMemory.allocate(size);
        } catch (OutOfMemoryError noDirectMemory) {
            // The JVM's own bound on direct memory is lower than ours; to the caller it is the same bound.
            synchronized (lock) {
                leasedBytes -= size;
                leases--;
            }
            return null;
        }
    }

    private @Nullable ByteBuffer takeIdle(int step, int size) {
        ArrayDeque<ByteBuffer> stack = idle.get(step);
        ByteBuffer buffer = stack == null ? null : stack.pollLast();
        if (buffer != null) {
            idleBytes -= size;
        }
        return buffer;
    }

    private void push(ByteBuffer buffer, int size) {
        int step = step(size);
        ArrayDeque<ByteBuffer> stack = idle.get(step);
        if (stack == null) {
            stack = new ArrayDeque<>();
            idle.set(step, stack);
        }
        stack.addLast(buffer);
        idleBytes += size;
    }

    private boolean makeRoom(int size) {
        if (leasedBytes + size > maxBytes) {
            return false;
        }
        dropIdle(maxBytes - leasedBytes - size);
        return true;
    }

    private void dropIdle(long keepBytes) {
        for (int step = idle.size() - 1; step >= 0 && idleBytes > keepBytes; step--) {
            ArrayDeque<ByteBuffer> stack = idle.get(step);
            while (stack != null && !stack.isEmpty() && idleBytes > keepBytes) {
                idleBytes -= stack.removeFirst().capacity();
            }
        }
    }

    /** The number of the smallest step that holds {@code bytes}: step 4n + q stands for 4 KiB x 2^n x (1 + q/4). */
    static int step(int bytes) {
        if (bytes <= 0 || bytes > 1 << 30) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
        }
        if (bytes <= SMALLEST) {
            return 0;
        }
        int doubling = 31 - Integer.numberOfLeadingZeros((bytes - 1) / SMALLEST);
        int quarter = (SMALLEST / 4) << doubling;
        int quarters = (bytes - (SMALLEST << doubling) + quarter - 1) / quarter;
        return 4 * doubling + quarters;
    }

    static int size(int step) {
        int whole = SMALLEST << (step / 4);
        return whole + whole / 4 * (step % 4);
    }
}
