package dev.spate.io.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files without number through a bounded number of descriptors. Safe on any thread.
 *
 * <h2>Implementation note</h2>
 *
 * An operation pins the open file while it runs. Files without pins wait in the order of their last use and the first of
 * them is closed when a descriptor is needed; a pinned one never is, so closing cannot break a running read or write. When
 * all are pinned the next operation waits: each thread pins one file at a time and waits for nothing else meanwhile, so
 * somebody always goes on. Opening and closing happen outside the lock, since a sleeping disk or a remote one may take
 * seconds; the descriptor is counted before it is opened and until it is closed.
 *
 * <p>A file is opened to be read, and once more to be read and written when the first write comes, so that a seed on a medium
 * that cannot be written works.
 */
public final class FilePool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.spate.io.file");

    /** A channel with the operations that use it. All but the channel is guarded by the pool's lock. */
    static final class OpenFile {
        final PooledFile owner;
        final FileChannel channel;
        final boolean writable;
        int pins;
        /** No new operation may use it; the last one that does closes it. */
        boolean retired;

        OpenFile(PooledFile owner, FileChannel channel, boolean writable) {
            this.owner = owner;
            this.channel = channel;
            this.writable = writable;
        }
    }

    private final int maxOpen;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Open and without pins, the longest unused first. */
    private final SequencedSet<OpenFile> unpinned = new LinkedHashSet<>();
    /** Descriptors open, being opened, or being closed. */
    private int descriptors;

    private boolean closed;

    /**
     * A pool without any open file.
     *
     * @param maxOpen how many files may be open at once, at least 1
     */
    public FilePool(int maxOpen) {
        if (maxOpen < 1) {
            throw new IllegalArgumentException(maxOpen + " open files");
        }
        this.maxOpen = maxOpen;
    }

    /**
     * A file to be used through this pool. Nothing is opened or looked at yet. Use one object a file: two would not know of each
     * other's writes in progress.
     *
     * @param root a folder that is trusted, symbolic links on the way to it included
     * @param relative the file's place below the root, without {@code .} and {@code ..}
     */
    public PooledFile file(Path root, Path relative) {
        return new PooledFile(this, new GuardedPath(root, relative));
    }

    /** How many files are open at this moment. */
    public int openFiles() {
        lock.lock();
        try {
            return descriptors;
        } finally {
            lock.unlock();
        }
    }

    /** The bound this pool was made with. */
    public int maxOpen() {
        return maxOpen;
    }

    /** Closes all files that are not in use, and the others when their operations end. Later operations fail. */
    @Override
    public void close() {
        List<OpenFile> idle;
        lock.lock();
        try {
            closed = true;
            idle = new ArrayList<>(unpinned);
            unpinned.clear();
            idle.forEach(this::forget);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (OpenFile file : idle) {
            closeQuietly(file);
        }
    }

    /** An open channel, pinned until {@link #release}. */
    OpenFile acquire(PooledFile file, boolean toWrite) throws IOException {
        OpenFile stale = null;
        lock.lock();
        try {
            while (true) {
                if (closed || file.closed) {
                    throw new ClosedChannelException();
                }
                OpenFile open = file.open;
                if (open != null && (open.writable || !toWrite) && open.channel.isOpen()) {
                    return pin(open);
                }
                if (file.opening) {
                    changed.awaitUninterruptibly();
                } else if (open != null) {
                    // Only to be read, or closed by the interrupt of a thread that used it.
                    stale = retireLocked(open);
                    if (stale != null) {
                        break;
                    }
                } else if (descriptors < maxOpen) {
                    descriptors++;
                    break;
                } else if (!unpinned.isEmpty()) {
                    stale = unpinned.removeFirst();
                    forget(stale);
                    break;
                } else {
                    changed.awaitUninterruptibly();
                }
            }
            file.opening = true;
        } finally {
            lock.unlock();
        }
        return open(file, toWrite, stale);
    }

    void release(OpenFile file) {
        boolean close = false;
        lock.lock();
        try {
            assert file.pins > 0;
            file.pins--;
            if (file.pins == 0) {
                if (closed) {
                    file.retired = true;
                    forget(file);
                }
                close = file.retired;
                if (!close) {
                    unpinned.add(file);
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
        if (close) {
            closeQuietly(file);
        }
    }

    /** Closes the file's channel now, or when the operations that use it end. */
    void retire(PooledFile file) {
        OpenFile idle = null;
        lock.lock();
        try {
            if (file.open != null) {
                idle = retireLocked(file.open);
            }
        } finally {
            lock.unlock();
        }
        if (idle != null) {
            closeQuietly(idle);
        }
    }

    void close(PooledFile file) {
        lock.lock();
        try {
            file.closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        retire(file);
    }

    /** Opens, after closing what gave up its descriptor for it. */
    private OpenFile open(PooledFile file, boolean toWrite, @Nullable OpenFile stale) throws IOException {
        FileChannel channel;
        try {
            if (stale != null) {
                closeChannel(stale);
            }
            channel = toWrite ? file.place().openToWrite() : file.place().openToRead();
        } catch (Throwable e) {
            lock.lock();
            try {
                descriptors--;
                doneOpening(file);
            } finally {
                lock.unlock();
            }
            throw e;
        }
        var open = new OpenFile(file, channel, toWrite);
        lock.lock();
        try {
            open.pins = 1;
            if (file.closed || closed) {
                open.retired = true;
            } else {
                file.open = open;
            }
            doneOpening(file);
        } finally {
            lock.unlock();
        }
        return open;
    }

    private void doneOpening(PooledFile file) {
        file.opening = false;
        changed.signalAll();
    }

    private OpenFile pin(OpenFile open) {
        if (open.pins++ == 0) {
            unpinned.remove(open);
        }
        return open;
    }

    /** Returns the file if the caller has to close it, which it does without giving up the descriptor's place. */
    private @Nullable OpenFile retireLocked(OpenFile open) {
        open.retired = true;
        forget(open);
        return unpinned.remove(open) ? open : null;
    }

    private void forget(OpenFile open) {
        if (open.owner.open == open) {
            open.owner.open = null;
        }
    }

    private void closeQuietly(OpenFile file) {
        try {
            closeChannel(file);
        } finally {
            lock.lock();
            try {
                descriptors--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What was written went to the system with each write; there is nothing left that closing could lose. */
    private static void closeChannel(OpenFile file) {
        try {
            file.channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing " + file.owner, e);
        }
    }
}
