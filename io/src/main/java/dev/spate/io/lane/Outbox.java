package dev.spate.io.lane;

import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one connection is about to send: small messages, and payload that is sent from where it lies. All of it goes out in
 * the order of the calls, in one gathering write a turn. Lane thread only.
 *
 * <h2>Implementation note</h2>
 *
 * A connection has an outbox only while something waits to be sent; idle ones go back to the lane. Small messages are
 * encoded one behind the other into a slab, and what lies between two payloads becomes one entry of the gathering write.
 * The entries are views of the slab which are used again, so that nothing is allocated for a message. The room ends with
 * the bytes worth one system call, with the slab, or with the entries; what overruns it is taken all the same, up to a bound
 * far beyond, so a batch need not fit exactly.
 */
public final class Outbox {
    /**
     * Bytes worth one system call: sixteen blocks of 16 KiB, their headers, and some messages. Twice as much cost the same CPU
     * time (LaneThroughput, 1, 16 and 100 connections) and holds twice the memory at each congested connection.
     */
    static final int BUDGET = 272 * 1024;

    /** With so many entries a write is long enough; a block and its header are two. */
    private static final int ENOUGH_ENTRIES = 128;

    /** What the JDK passes on at once on Linux; entries beyond would wait for another write. */
    private static final int MAX_ENTRIES = 1024;

    private static final int SLAB = 8 * 1024;
    private static final int SMALLEST_ROOM = 64;

    private final BufferPool pool;
    private final Lease slabLease;
    private final ByteBuffer slab;
    private final ArrayDeque<ByteBuffer> views = new ArrayDeque<>();

    private ByteBuffer[] entries = new ByteBuffer[ENOUGH_ENTRIES];
    /** What an entry was leased from; null for views of the slab. */
    private @Nullable Lease[] leases = new Lease[ENOUGH_ENTRIES];

    private int count;
    /** Bytes in the entries and in the slab behind them. */
    private int pending;
    /** Where in the slab the bytes begin that no entry covers yet. */
    private int runStart;
    /** Where they end. */
    private int runEnd;
    /** The caller may still be writing behind {@link #runEnd}. */
    private boolean lentSlab;
    /** Space too large for the slab which the caller may still be writing to; it is the last entry. */
    private @Nullable ByteBuffer lentLarge;

    Outbox(BufferPool pool, Lease slabLease) {
        this.pool = pool;
        this.slabLease = slabLease;
        this.slab = slabLease.buffer();
    }

    static @Nullable Outbox tryNew(BufferPool pool) {
        Lease slab = pool.tryLease(SLAB);
        return slab == null ? null : new Outbox(pool, slab);
    }

    /** How many bytes may still be added with profit; 0 means that the handler should stop adding for this turn. */
    public int room() {
        settle();
        if (count >= ENOUGH_ENTRIES || SLAB - runEnd < SMALLEST_ROOM) {
            return 0;
        }
        return Math.max(0, BUDGET - pending);
    }

    /**
     * Space for one or several messages. The bytes written into it, from its position on, are sent; the rest of it is not.
     *
     * @param bytes how many bytes there must be space for
     * @return a big-endian buffer, valid until the next call of any method of this outbox
     * @throws IllegalStateException if memory is short, or far more was added than there was {@link #room} for
     */
    public ByteBuffer small(int bytes) {
        settle();
        if (bytes > SLAB - runEnd) {
            return large(bytes);
        }
        lentSlab = true;
        return slab.clear().limit(runEnd + bytes).position(runEnd);
    }

    /**
     * Sends {@code payload} from where it lies.
     *
     * @param payload a direct buffer, from its position to its limit; nobody may change it or its position any more
     * @param lease closed when the bytes are written or the connection is closed, also if this method throws
     * @throws IllegalStateException if far more was added than there was {@link #room} for
     */
    public void add(ByteBuffer payload, Lease lease) {
        if (!payload.isDirect()) {
            lease.close();
            throw new IllegalArgumentException("payload must lie in a direct buffer");
        }
        settle();
        if (!payload.hasRemaining()) {
            lease.close();
            return;
        }
        closeRun();
        push(payload, lease);
        pending += payload.remaining();
    }

    boolean isEmpty() {
        settle();
        return pending == 0;
    }

    int pending() {
        settle();
        return pending;
    }

    /** Writes once; returns how many bytes the channel took. */
    long write(GatheringByteChannel channel) throws IOException {
        settle();
        closeRun();
        long written = count == 1 ? channel.write(entries[0]) : channel.write(entries, 0, count);
        int done = 0;
        while (done < count && !entries[done].hasRemaining()) {
            release(done++);
        }
        count -= done;
        System.arraycopy(entries, done, entries, 0, count);
        System.arraycopy(leases, done, leases, 0, count);
        clear(count, count + done);
        pending -= (int) written;
        if (pending == 0) {
            runStart = 0;
            runEnd = 0;
        }
        return written;
    }

    /** Drops what was not sent. */
    void discard() {
        lentSlab = false;
        lentLarge = null;
        for (int i = 0; i < count; i++) {
            release(i);
        }
        clear(0, count);
        count = 0;
        pending = 0;
        runStart = 0;
        runEnd = 0;
    }

    /** Gives the slab back; the end of an empty outbox. */
    void free() {
        assert count == 0;
        slabLease.close();
    }

    /** Counts what the caller has written since it was lent space. */
    private void settle() {
        if (lentSlab) {
            lentSlab = false;
            pending += slab.position() - runEnd;
            runEnd = slab.position();
        } else if (lentLarge != null) {
            lentLarge.flip();
            pending += lentLarge.remaining();
            lentLarge = null;
        }
    }

    private ByteBuffer large(int bytes) {
        Lease lease = pool.tryLease(bytes);
        if (lease == null) {
            throw new IllegalStateException("no memory for a message of " + bytes + " bytes");
        }
        closeRun();
        push(lease.buffer(), lease);
        lentLarge = lease.buffer();
        return lentLarge;
    }

    private void closeRun() {
        if (runEnd == runStart) {
            return;
        }
        ByteBuffer view = views.pollLast();
        if (view == null) {
            view = slab.duplicate();
        }
        push(view.clear().limit(runEnd).position(runStart), null);
        runStart = runEnd;
    }

    private void push(ByteBuffer bytes, @Nullable Lease lease) {
        if (count == entries.length) {
            if (count == MAX_ENTRIES) {
                if (lease != null) {
                    lease.close();
                }
                throw new IllegalStateException("more than " + MAX_ENTRIES + " entries in one outbox");
            }
            // A handler that has asked for the room once and then adds a whole batch.
            entries = Arrays.copyOf(entries, 2 * count);
            leases = Arrays.copyOf(leases, 2 * count);
        }
        entries[count] = bytes;
        leases[count] = lease;
        count++;
    }

    private void release(int entry) {
        Lease lease = leases[entry];
        if (lease == null) {
            views.addLast(entries[entry]);
        } else {
            lease.close();
        }
    }

    private void clear(int from, int to) {
        Arrays.fill(entries, from, to, null);
        Arrays.fill(leases, from, to, null);
    }
}
