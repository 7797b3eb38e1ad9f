package dev.spate.engine.watch;

import dev.spate.engine.metrics.Metric;
import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.FileStamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A store whose accesses are counted and timed.
 *
 * @param store does all the work
 * @param chronicle is told
 */
public record WatchedStore(ContentStore store, Chronicle chronicle) implements ContentStore {

    @Override
    public ContentFile file(Path root, Path relative) {
        return new Watched(store.file(root, relative), root.resolve(relative), chronicle);
    }

    @Override
    public boolean isThere(Path path) throws IOException {
        return store.isThere(path);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        store.makeFolder(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        store.forceFolder(folder);
    }

    @Override
    public void deleteFolder(Path folder) throws IOException {
        store.deleteFolder(folder);
    }

    /** One of its files. */
    private record Watched(ContentFile file, Path path, Chronicle chronicle) implements ContentFile {

        /** What is timed. */
        @FunctionalInterface
        private interface Access {
            void run() throws IOException;
        }

        private void timed(String name, long bytes, Access access) throws IOException {
            DiskSlow event = new DiskSlow();
            event.begin();
            long begun = System.nanoTime();
            try {
                access.run();
            } finally {
                if (System.nanoTime() - begun >= Chronicle.SLOW_NANOS) {
                    chronicle.count(Metric.DISK_SLOW, 1);
                }
                event.end();
                if (event.shouldCommit()) {
                    event.file = path.toString();
                    event.access = name;
                    event.bytes = bytes;
                    event.commit();
                }
            }
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            int bytes = into.remaining();
            timed("read", bytes, () -> file.read(into, position));
            chronicle.count(Metric.DISK_READS, 1);
            chronicle.count(Metric.DISK_READ_BYTES, bytes);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            int bytes = from.remaining();
            timed("write", bytes, () -> file.write(from, position));
            chronicle.count(Metric.DISK_WRITES, 1);
            chronicle.count(Metric.DISK_WRITTEN_BYTES, bytes);
        }

        @Override
        public void force() throws IOException {
            timed("force", 0, file::force);
            chronicle.count(Metric.DISK_FORCES, 1);
        }

        @Override
        public void setLength(long length) throws IOException {
            file.setLength(length);
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
            file.moveTo(target instanceof Watched watched ? watched.file() : target);
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
