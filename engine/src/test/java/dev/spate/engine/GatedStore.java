package dev.spate.engine;

import dev.spate.engine.storage.FileSystemStore;
import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.FileStamp;
import dev.spate.io.file.FilePool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The file system, in which a file is read only as often as a test lets it. */
final class GatedStore implements ContentStore, AutoCloseable {
    private final FilePool pool = new FilePool(16);
    private final ContentStore files = new FileSystemStore(pool);
    private final Semaphore permits = new Semaphore(0);
    private final AtomicInteger asked = new AtomicInteger();

    /** Lets so many more reads happen. */
    void let(int reads) {
        permits.release(reads);
    }

    /** How many reads were begun. */
    int asked() {
        return asked.get();
    }

    @Override
    public void close() throws IOException {
        pool.close();
    }

    @Override
    public ContentFile file(Path root, Path relative) {
        return new Gated(files.file(root, relative));
    }

    @Override
    public boolean isThere(Path path) throws IOException {
        return files.isThere(path);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        files.makeFolder(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        files.forceFolder(folder);
    }

    @Override
    public void deleteFolder(Path folder) throws IOException {
        files.deleteFolder(folder);
    }

    private final class Gated implements ContentFile {
        private final ContentFile file;

        Gated(ContentFile file) {
            this.file = file;
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            asked.incrementAndGet();
            permits.acquireUninterruptibly();
            file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(from, position);
        }

        @Override
        public void setLength(long length) throws IOException {
            file.setLength(length);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public Optional<FileStamp> stamp() throws IOException {
            return file.stamp();
        }

        @Override
        public void delete() throws IOException {
            file.delete();
        }

        @Override
        public void moveTo(ContentFile target) throws IOException {
            file.moveTo(((Gated) target).file);
        }

        @Override
        public void setModified(long nanos) throws IOException {
            file.setModified(nanos);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
