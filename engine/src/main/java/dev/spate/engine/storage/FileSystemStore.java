package dev.spate.engine.storage;

import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.FileStamp;
import dev.spate.io.file.DurableFiles;
import dev.spate.io.file.FilePool;
import dev.spate.io.file.PooledFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file system, through a pool of open files.
 *
 * @param pool closed by whoever made it
 */
public record FileSystemStore(FilePool pool) implements ContentStore {

    @Override
    public ContentFile file(Path root, Path relative) {
        return new Pooled(pool.file(root, relative));
    }

    @Override
    public boolean isThere(Path path) {
        return Files.exists(path);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(folder.toString());
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        DurableFiles.forceFolder(folder);
    }

    @Override
    public void deleteFolder(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // What is in it is somebody else's.
        }
    }

    /** A file of the pool. */
    private record Pooled(PooledFile file) implements ContentFile {
        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            file.readFully(into, position);
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
            return file.stamp().map(look -> new FileStamp(look.length(), look.modifiedNanos()));
        }

        @Override
        public void delete() throws IOException {
            file.delete();
        }

        @Override
        public void moveTo(ContentFile target) throws IOException {
            switch (target) {
                case Pooled(var place) -> file.moveTo(place);
                case ContentFile other -> throw new IllegalArgumentException("a file of another store: " + other);
            }
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
