package dev.spate.engine.storage;

import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.FileStamp;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file system in memory that tells what the system has from what the device has, so that a test can pull the plug; and that
 * fails when told to.
 */
final class FakeDisk implements ContentStore {

    /** What the system shows, and what would be left after a loss of power. */
    private static final class Content {
        byte[] bytes = new byte[0];
        long modified;
        byte[] onDevice = new byte[0];
        long modifiedOnDevice;
        boolean existsOnDevice;
    }

    private final TreeMap<Path, Content> contents = new TreeMap<>();
    private long clock = 1_000;
    private Runnable interruption = () -> {};
    private String failure = "";
    private int writesUntilFailure = Integer.MAX_VALUE;
    private int writes;
    private int forces;
    private int stepsUntilDeath = Integer.MAX_VALUE;
    private Runnable death = () -> {};

    /** Lets the write after so many others fail with the operating system's words, and all that follow. */
    synchronized void failAfter(int moreWrites, String words) {
        writesUntilFailure = moreWrites;
        failure = words;
    }

    /** What another thread does between the call of a write and its effect. */
    void beforeWrites(Runnable interruption) {
        this.interruption = interruption;
    }

    /** Lets the process die before the change after so many others: this one and all that follow fail. */
    synchronized void dieAfter(int changes, Runnable death) {
        stepsUntilDeath = changes;
        this.death = death;
    }

    private void change() throws IOException {
        if (stepsUntilDeath-- <= 0) {
            death.run();
            throw new IOException("killed");
        }
    }

    synchronized void heal() {
        writesUntilFailure = Integer.MAX_VALUE;
        stepsUntilDeath = Integer.MAX_VALUE;
    }

    synchronized int writes() {
        return writes;
    }

    synchronized int forces() {
        return forces;
    }

    /** What was not forced is gone. */
    synchronized void losePower() {
        contents.values().removeIf(content -> !content.existsOnDevice);
        contents.values().forEach(content -> {
            content.bytes = content.onDevice.clone();
            content.modified = content.modifiedOnDevice;
        });
    }

    /** Somebody else writes a file. */
    synchronized void put(Path file, byte[] bytes) {
        Content content = contents.computeIfAbsent(file, path -> new Content());
        content.bytes = bytes.clone();
        content.modified = ++clock;
    }

    synchronized void remove(Path file) {
        contents.remove(file);
    }

    /** The bytes of a file, or none if there is no such file. */
    synchronized Optional<byte[]> bytes(Path file) {
        return Optional.ofNullable(contents.get(file)).map(content -> content.bytes.clone());
    }

    @Override
    public ContentFile file(Path root, Path relative) {
        return new File(root.resolve(relative));
    }

    @Override
    public boolean isThere(Path path) {
        return contents.containsKey(path);
    }

    @Override
    public void makeFolder(Path folder) {}

    @Override
    public void forceFolder(Path folder) {}

    @Override
    public void deleteFolder(Path folder) {}

    /** All files, ordered. */
    synchronized List<Path> files() {
        return List.copyOf(contents.keySet());
    }

    private final class File implements ContentFile {
        private final Path path;

        File(Path path) {
            this.path = path;
        }

        private Content content() throws IOException {
            Content content = contents.get(path);
            if (content == null) {
                throw new NoSuchFileException(path.toString());
            }
            return content;
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            synchronized (FakeDisk.this) {
                byte[] bytes = content().bytes;
                if (position + into.remaining() > bytes.length) {
                    throw new EOFException(path + " ends at " + bytes.length);
                }
                into.put(bytes, (int) position, into.remaining());
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            interruption.run();
            synchronized (FakeDisk.this) {
                change();
                if (writesUntilFailure-- <= 0) {
                    throw new IOException(failure);
                }
                writes++;
                Content content = contents.computeIfAbsent(path, name -> new Content());
                int end = (int) position + from.remaining();
                if (end > content.bytes.length) {
                    content.bytes = Arrays.copyOf(content.bytes, end);
                }
                from.get(content.bytes, (int) position, from.remaining());
                content.modified = ++clock;
            }
        }

        @Override
        public void setLength(long length) throws IOException {
            synchronized (FakeDisk.this) {
                change();
                Content content = contents.computeIfAbsent(path, name -> new Content());
                content.bytes = Arrays.copyOf(content.bytes, (int) length);
                content.modified = ++clock;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (FakeDisk.this) {
                Content content = content();
                content.onDevice = content.bytes.clone();
                content.modifiedOnDevice = content.modified;
                content.existsOnDevice = true;
                forces++;
            }
        }

        @Override
        public Optional<FileStamp> stamp() {
            synchronized (FakeDisk.this) {
                return Optional.ofNullable(contents.get(path))
                        .map(content -> new FileStamp(content.bytes.length, content.modified));
            }
        }

        @Override
        public void delete() throws IOException {
            synchronized (FakeDisk.this) {
                change();
                contents.remove(path);
            }
        }

        /** The first name of a path is its file system. */
        @Override
        public void moveTo(ContentFile target) throws IOException {
            synchronized (FakeDisk.this) {
                change();
                Path to = ((File) target).path;
                if (!to.getName(0).equals(path.getName(0))) {
                    throw new AtomicMoveNotSupportedException(path.toString(), to.toString(), "another file system");
                }
                if (contents.containsKey(to)) {
                    throw new FileAlreadyExistsException(to.toString());
                }
                contents.put(to, content());
                contents.remove(path);
            }
        }

        @Override
        public void setModified(long nanos) throws IOException {
            synchronized (FakeDisk.this) {
                content().modified = nanos;
            }
        }

        @Override
        public void close() {}
    }
}
