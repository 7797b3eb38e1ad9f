package dev.spate.examples;

import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.FileStamp;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link ContentStore} that keeps the files of torrents on the heap, each at most 2 GiB long: nothing is ever written to a disk. */
final class MemoryStore implements ContentStore {

    /** What a file holds; guarded by itself. */
    private static final class Content {
        byte[] bytes = new byte[0];
        int length;
        long modified;

        void setLength(long wanted) throws IOException {
            if (wanted > Integer.MAX_VALUE - 8) {
                throw new IOException("no space left: a file in memory has at most 2 GiB");
            }
            if (wanted > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.clamp(2L * bytes.length, wanted, Integer.MAX_VALUE - 8));
            } else if (wanted < length) {
                Arrays.fill(bytes, (int) wanted, length, (byte) 0);
            }
            length = (int) wanted;
            modified = System.nanoTime();
        }
    }

    private final Map<Path, Content> files = new ConcurrentHashMap<>();

    /** The bytes of a file as they are now, or empty if there is none. */
    Optional<byte[]> bytes(Path path) {
        return Optional.ofNullable(files.get(path)).map(content -> {
            synchronized (content) {
                return Arrays.copyOf(content.bytes, content.length);
            }
        });
    }

    @Override
    public ContentFile file(Path root, Path relative) {
        return new InMemory(root.resolve(relative));
    }

    @Override
    public boolean isThere(Path path) {
        return files.keySet().stream().anyMatch(file -> file.startsWith(path));
    }

    // Folders are there as soon as a file is in them, and gone with the last; what is written is as safe as it will
    // ever be.

    @Override
    public void makeFolder(Path folder) {}

    @Override
    public void forceFolder(Path folder) {}

    @Override
    public void deleteFolder(Path folder) {}

    private final class InMemory implements ContentFile {
        private final Path path;

        InMemory(Path path) {
            this.path = path;
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            Content content = files.get(path);
            if (content == null) {
                throw new NoSuchFileException(path.toString());
            }
            synchronized (content) {
                if (position + into.remaining() > content.length) {
                    throw new EOFException(path + " ends at " + content.length);
                }
                into.put(content.bytes, (int) position, into.remaining());
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            Content content = files.computeIfAbsent(path, _ -> new Content());
            synchronized (content) {
                content.setLength(Math.max(content.length, position + from.remaining()));
                from.get(content.bytes, (int) position, from.remaining());
            }
        }

        @Override
        public void setLength(long length) throws IOException {
            Content content = files.computeIfAbsent(path, _ -> new Content());
            synchronized (content) {
                content.setLength(length);
            }
        }

        @Override
        public void force() {}

        @Override
        public Optional<FileStamp> stamp() {
            return Optional.ofNullable(files.get(path)).map(content -> {
                synchronized (content) {
                    return new FileStamp(content.length, content.modified);
                }
            });
        }

        @Override
        public void delete() {
            files.remove(path);
        }

        @Override
        public void moveTo(ContentFile target) throws IOException {
            Content content = files.get(path);
            if (content == null) {
                throw new NoSuchFileException(path.toString());
            }
            Path there = ((InMemory) target).path;
            if (files.putIfAbsent(there, content) != null) {
                throw new FileAlreadyExistsException(there.toString());
            }
            files.remove(path);
        }

        @Override
        public void setModified(long nanos) {
            Content content = files.get(path);
            if (content != null) {
                synchronized (content) {
                    content.modified = nanos;
                }
            }
        }

        @Override
        public void close() {}
    }
}
