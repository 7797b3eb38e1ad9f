package dev.spate.io.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file that is open only while its {@link FilePool} thinks so. Holding one costs no descriptor and touches no disk. Safe on
 * any thread; blocking, so not for lanes.
 *
 * <p>Neither the file nor a folder between the root and it may be a symbolic link: an operation that meets one fails with a
 * {@link SymbolicLinkException}. Above the root links are the user's own business.
 */
public final class PooledFile implements AutoCloseable {
    private final FilePool pool;
    private final GuardedPath place;

    /** How long the file must be: a write that finds it shorter would hide that it was cut. */
    private final AtomicLong reach = new AtomicLong();

    // What follows belongs to the pool and is guarded by its lock.
    FilePool.@Nullable OpenFile open;
    boolean opening;
    boolean closed;

    PooledFile(FilePool pool, GuardedPath place) {
        this.pool = pool;
        this.place = place;
    }

    /** Where it lies, root included. */
    public Path path() {
        return place.path();
    }

    /**
     * Reads from {@code position} on until {@code into} is full or the file ends.
     *
     * @param into a direct buffer, filled from its position to its limit
     * @return how many bytes were read, less than asked for only at the end of the file
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public int read(ByteBuffer into, long position) throws IOException {
        requireDirect(into);
        FilePool.OpenFile file = pool.acquire(this, false);
        try {
            int begin = into.position();
            while (into.hasRemaining()) {
                if (file.channel.read(into, position + into.position() - begin) < 0) {
                    break;
                }
            }
            return into.position() - begin;
        } finally {
            pool.release(file);
        }
    }

    /**
     * Fills {@code into} from {@code position} on.
     *
     * @param into a direct buffer, filled from its position to its limit
     * @throws EOFException if the file ends before
     */
    public void readFully(ByteBuffer into, long position) throws IOException {
        int wanted = into.remaining();
        int got = read(into, position);
        if (got < wanted) {
            throw new EOFException(path() + " ends at " + (position + got) + ", before " + (position + wanted));
        }
    }

    /**
     * Writes all of {@code from} at {@code position}. The file and the folders between the root and it are made if they are
     * missing; what is skipped before {@code position} takes no room on file systems that can leave holes.
     *
     * @param from a direct buffer, from its position to its limit
     * @throws CutFileException before anything is written, if the file is shorter than earlier writes through this object left it
     */
    public void write(ByteBuffer from, long position) throws IOException {
        requireDirect(from);
        FilePool.OpenFile file = pool.acquire(this, true);
        try {
            requireUncut(file.channel);
            int begin = from.position();
            while (from.hasRemaining()) {
                file.channel.write(from, position + from.position() - begin);
            }
            reach.accumulateAndGet(position + from.position() - begin, Math::max);
        } finally {
            pool.release(file);
        }
    }

    private void requireUncut(FileChannel channel) throws IOException {
        // In this order: others write at the same time, and what they add in between must not be missed in the length.
        long least = reach.get();
        long length = channel.size();
        if (length < least) {
            throw new CutFileException(path(), length, least);
        }
    }

    /** Makes the file, empty, and its folders, as far as they are missing. */
    public void create() throws IOException {
        pool.release(pool.acquire(this, true));
    }

    /** Makes the file exactly {@code length} bytes long: cut off, or continued by a hole. It is made if it is missing. */
    public void setLength(long length) throws IOException {
        FilePool.OpenFile file = pool.acquire(this, true);
        try {
            FileChannel channel = file.channel;
            long present = channel.size();
            if (present > length) {
                channel.truncate(length);
            } else if (present < length) {
                // FileChannel cannot lengthen a file but by writing its last byte.
                channel.write(ByteBuffer.allocateDirect(1), length - 1);
            }
            reach.set(length);
        } finally {
            pool.release(file);
        }
    }

    /** Returns when everything written to the file before is on the disk, its length included. */
    public void force() throws IOException {
        FilePool.OpenFile file = pool.acquire(this, false);
        try {
            file.channel.force(true);
        } finally {
            pool.release(file);
        }
    }

    /**
     * Length and time of the last change; empty if there is no such file.
     *
     * @throws IOException if something other than a plain file is there
     */
    public Optional<FileStamp> stamp() throws IOException {
        return place.stamp();
    }

    /** Deletes the file. Returns false if there was none. */
    public boolean delete() throws IOException {
        pool.retire(this);
        reach.set(0);
        return place.check() && Files.deleteIfExists(path());
    }

    /**
     * Moves the file to the place of another, whose folders are made as needed; both stay usable as files of their places. Nothing
     * is replaced, as long as no other program makes a file there in the same instant: the JDK cannot ask for more.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException if that is on another file system
     * @throws FileAlreadyExistsException if something is there
     */
    public void moveTo(PooledFile target) throws IOException {
        pool.retire(this);
        pool.retire(target);
        if (!place.check()) {
            throw new NoSuchFileException(path().toString());
        }
        if (!target.place.check()) {
            target.place.makeFolders();
        }
        if (Files.exists(target.path(), LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.path().toString());
        }
        Files.move(path(), target.path(), StandardCopyOption.ATOMIC_MOVE);
        target.reach.set(reach.getAndSet(0));
    }

    /** Sets the time of the last change, in nanoseconds since 1970, as far as the file system keeps them. */
    public void setModified(long nanos) throws IOException {
        if (!place.check()) {
            throw new NoSuchFileException(path().toString());
        }
        Files.getFileAttributeView(path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(nanos, TimeUnit.NANOSECONDS), null, null);
    }

    /** Gives up the descriptor, if there is one. Operations that run end well; later ones fail. */
    @Override
    public void close() throws IOException {
        pool.close(this);
    }

    GuardedPath place() {
        return place;
    }

    @Override
    public String toString() {
        return path().toString();
    }

    /** The JDK copies through a hidden direct buffer a thread otherwise, which it never gives back. */
    private static void requireDirect(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("file access needs a direct buffer");
        }
    }
}
