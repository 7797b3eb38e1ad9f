package dev.spate.engine;

import dev.spate.engine.storage.StorageException;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.memory.BufferPool;
import dev.spate.io.memory.Lease;
import dev.spate.io.work.Outcome;
import dev.spate.wire.metainfo.FileEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reader of one file of a torrent: what its thread and the lane share.
 *
 * <p>Implementation note: the lane answers with a stretch of bytes that are on disk; within it the thread reads without asking again,
 * and only lets the lane know now and then how far it is. The lane takes the stretch back when the files are looked at anew or
 * closed. The reading itself is done by a worker, into the caller's buffer: an interrupt of the caller must not close the file
 * for everyone else.
 */
final class Reading {

    /** Where a reader may read on. Offsets are in the run of all bytes; {@code end} is behind the last byte. */
    record Stretch(TorrentStorage storage, long begin, long end) {
        boolean holds(long offset) {
            return offset >= begin && offset < end;
        }
    }

    /** Why it cannot, for a person. */
    record Trouble(String message, @Nullable Throwable cause) {}

    /** The most that is read at once, so that one reader never keeps a worker for long. */
    private static final int LONGEST_READ = 256 << 10;

    /** The lane hears how far the reader is after so many bytes. */
    private static final int REPORT_AFTER = 256 << 10;

    /** How often a thread that waits makes sure that the lane lives. */
    private static final long GLANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Surroundings around;
    private final Readers readers;
    private final FileEntry file;
    private final AtomicBoolean reportAwaited = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Where it is, in the run of all bytes. */
    private volatile long offset;

    private long reported;

    // Guarded by the lock.
    private @Nullable Stretch stretch;
    private @Nullable Trouble trouble;
    private boolean closed;

    Reading(Surroundings around, Readers readers, FileEntry file) {
        this.around = around;
        this.readers = readers;
        this.file = file;
        this.offset = file.offset();
    }

    FileEntry file() {
        return file;
    }

    long length() {
        return file.length();
    }

    long offset() {
        return offset;
    }

    // ------------------------------------------------------------------ the reader's thread

    /**
     * Reads at least one byte, and waits for it if it must.
     *
     * @param position within the file, before its end
     * @return how many bytes
     */
    int read(ByteBuffer into, long position) throws IOException {
        offset = file.offset() + position;
        while (true) {
            Stretch here = await(offset);
            long most = Math.min(here.end(), file.end()) - offset;
            int length = (int) Math.min(most, Math.min(into.remaining(), LONGEST_READ));
            try {
                load(here.storage(), into.slice(into.position(), length), offset);
            } catch (StorageException e) {
                if (isTaken(here)) {
                    // The files were closed under it; what there is now the lane knows.
                    continue;
                }
                throw new IOException(e.getMessage(), e);
            }
            into.position(into.position() + length);
            seek(position + length);
            return length;
        }
    }

    /** It is somewhere else now. Waits for nothing. */
    void seek(long position) {
        offset = file.offset() + position;
        if (Math.abs(offset - reported) >= REPORT_AFTER && reportAwaited.compareAndSet(false, true)) {
            reported = offset;
            // If the lane has ended there is nobody who would fetch anything.
            boolean told = around.onLane(() -> {
                reportAwaited.set(false);
                readers.moved(this);
            });
            assert told || !around.onLane(() -> {}) : "the lane took it and did not";
        }
    }

    private Stretch await(long at) throws IOException {
        lock.lock();
        try {
            if (stretch != null && stretch.holds(at)) {
                return stretch;
            }
            stretch = null;
            trouble = null;
        } finally {
            lock.unlock();
        }
        reported = at;
        ask();
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    throw new AsynchronousCloseException();
                }
                if (trouble != null) {
                    throw new IOException(trouble.message(), trouble.cause());
                }
                if (stretch != null && stretch.holds(at)) {
                    return stretch;
                }
                if (changed.awaitNanos(GLANCE_NANOS) <= 0) {
                    ask();
                }
            }
        } catch (InterruptedException e) {
            // The channel sees it too and says so in its own way.
            Thread.currentThread().interrupt();
            throw new AsynchronousCloseException();
        } finally {
            lock.unlock();
        }
    }

    private void ask() throws IOException {
        if (!around.onLane(() -> readers.wants(this))) {
            throw new IOException(readers.over(this));
        }
    }

    /** Files are read into direct memory; what is not goes through a lease of the session's. */
    private void load(TorrentStorage storage, ByteBuffer into, long from) throws StorageException, IOException {
        if (into.isDirect()) {
            loadDirectly(storage, into, from);
            return;
        }
        try (Lease lease = lease(into.remaining())) {
            ByteBuffer bytes = lease.buffer();
            bytes.clear().limit(into.remaining());
            loadDirectly(storage, bytes, from);
            into.put(bytes.flip());
        }
    }

    /** Takes a lease, and waits while all are out: they come back as peers take what is sent to them. */
    private Lease lease(int bytes) throws IOException {
        BufferPool pool = around.resources().blocks();
        try {
            while (true) {
                Lease lease = pool.tryLease(bytes);
                if (lease != null) {
                    return lease;
                }
                CompletableFuture<Boolean> returned = new CompletableFuture<>();
                pool.whenReturned(() -> returned.complete(true));
                requireOpen();
                returned.completeOnTimeout(false, GLANCE_NANOS, TimeUnit.NANOSECONDS)
                        .join();
            }
        } catch (IllegalStateException e) {
            throw new IOException(readers.over(this), e);
        }
    }

    private void requireOpen() throws AsynchronousCloseException {
        lock.lock();
        try {
            if (closed) {
                throw new AsynchronousCloseException();
            }
        } finally {
            lock.unlock();
        }
    }

    private void loadDirectly(TorrentStorage storage, ByteBuffer into, long from) throws StorageException, IOException {
        CompletableFuture<Outcome<Boolean>> loaded = new CompletableFuture<>();
        try {
            around.resources()
                    .workers()
                    .<Boolean>submit(
                            () -> {
                                storage.read(from, into);
                                return true;
                            },
                            Runnable::run,
                            loaded::complete);
        } catch (RejectedExecutionException e) {
            throw new IOException(readers.over(this), e);
        }
        // Not interruptible: the worker writes into the buffer.
        switch (loaded.join()) {
            case Outcome.Done<Boolean> done -> {}
            case Outcome.Failed<Boolean>(StorageException failure) -> throw failure;
            case Outcome.Failed<Boolean>(CancellationException end) -> throw new IOException(readers.over(this), end);
            case Outcome.Failed<Boolean>(Throwable bug) -> throw new CompletionException(bug);
        }
    }

    private boolean isTaken(Stretch here) {
        lock.lock();
        try {
            return !here.equals(stretch);
        } finally {
            lock.unlock();
        }
    }

    /** Any thread: whoever waits waits no longer. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        around.onLane(() -> readers.closed(this));
    }

    // ------------------------------------------------------------------ the lane

    void mayRead(Stretch bytes) {
        lock.lock();
        try {
            stretch = bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void cannotRead(Trouble reason) {
        lock.lock();
        try {
            trouble = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What was answered before does not hold any more. */
    void askAgain() {
        lock.lock();
        try {
            stretch = null;
        } finally {
            lock.unlock();
        }
    }
}
