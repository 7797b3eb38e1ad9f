package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.io.file.FilePool;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The file or folder that a torrent is made of: its files in their order, and their hashes. Immutable.
 *
 * <p>The order is that of the paths, name by name, as unsigned UTF-8 bytes, and neither times nor permissions are looked at: the same
 * files give the same tree on every system. Symbolic links and special files are refused, since nobody who downloads would get
 * what the creator sees. Hidden files, those whose name begins with a dot, are left out unless asked for; so are empty folders,
 * which metainfo cannot express.
 */
public final class SourceTree {

    /**
     * A file of the tree.
     *
     * @param path its names below the folder that was given, or its own name if it was given itself
     * @param stamp how it looked when it was found
     */
    public record SourceFile(List<String> path, FileStamp stamp) {
        public SourceFile {
            path = List.copyOf(path);
        }

        public long length() {
            return stamp.length();
        }
    }

    private static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;

    private static final Comparator<SourceFile> ORDER = (a, b) -> {
        for (int i = 0; i < Math.min(a.path.size(), b.path.size()); i++) {
            int order = BYTES.compare(utf8(a.path.get(i)), utf8(b.path.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.path.size(), b.path.size());
    };

    /** There is none yet, and with all files there nothing that would be named by it. */
    private static final Digest NO_HASH = Digest.of(new byte[Digest.SHA1_LENGTH]);

    /** Open files; more than threads, so that small files do not wait for each other. */
    private static final int OPEN_FILES = 64;

    /** What one thread hashes at a stretch, so that each reads on where it was. */
    private static final long STRETCH_BYTES = 8 << 20;

    private final Path path;
    private final boolean singleFile;
    private final List<SourceFile> files;
    private final long totalLength;

    private SourceTree(Path path, boolean singleFile, List<SourceFile> files) {
        this.path = path;
        this.singleFile = singleFile;
        this.files = List.copyOf(files);
        this.totalLength = files.stream().mapToLong(SourceFile::length).sum();
    }

    /**
     * Looks at a file, or at everything below a folder.
     *
     * @param path a file or folder that has a name; it may be reached through symbolic links, but not be one
     * @param hidden whether hidden files belong to it
     */
    public static SourceTree scan(Path path, boolean hidden) throws StorageException {
        Path plain = path.toAbsolutePath().normalize();
        if (plain.getFileName() == null) {
            throw new StorageException.Unsuitable(plain, "it has no name", "name a folder in it");
        }
        Visitor visitor = new Visitor(plain, hidden);
        try {
            Files.walkFileTree(plain, visitor);
        } catch (IOException e) {
            throw StorageException.ofFolder("read", visitor.failed == null ? plain : visitor.failed, e);
        }
        if (visitor.trouble != null) {
            throw visitor.trouble;
        }
        visitor.files.sort(ORDER);
        SourceTree tree = new SourceTree(plain, Files.isRegularFile(plain, LinkOption.NOFOLLOW_LINKS), visitor.files);
        if (tree.totalLength == 0) {
            throw new StorageException.Unsuitable(
                    plain,
                    tree.files.isEmpty() ? "there are no files in it" : "its files are empty",
                    "put something into it");
        }
        return tree;
    }

    /** The name of the file or folder. */
    public String name() {
        return String.valueOf(path.getFileName());
    }

    public boolean isSingleFile() {
        return singleFile;
    }

    /** The files in their order, at least one. */
    public List<SourceFile> files() {
        return files;
    }

    public long totalLength() {
        return totalLength;
    }

    /**
     * Reads everything, on several threads.
     *
     * @param layout how to cut the files' bytes
     * @param progress is told now and then, on any of the threads, one at a time, how many bytes were hashed
     * @return 20 bytes for each piece
     * @throws StorageException also when a file has changed since it was found
     * @throws InterruptedException when the calling thread was interrupted; nothing runs on then
     */
    public byte[] hash(PieceLayout layout, int threads, LongConsumer progress)
            throws StorageException, InterruptedException {
        byte[] hashes = new byte[Math.multiplyExact(layout.pieces(), Digest.SHA1_LENGTH)];
        Path parent = path.getParent();
        assert parent != null;
        try (FilePool pool = new FilePool(OPEN_FILES);
                TorrentStorage storage = new TorrentStorage(
                        NO_HASH, storedLayout(layout), Places.in(parent), new FileSystemStore(pool))) {
            new Hashing(storage, hashes, progress).run(threads);
            for (int i = 0; i < files.size(); i++) {
                if (!storage.stamp(i).equals(files.get(i).stamp())) {
                    throw changed(storage.path(i));
                }
            }
        }
        return hashes;
    }

    private FileLayout storedLayout(PieceLayout layout) {
        List<FileLayout.StoredFile> stored = new ArrayList<>(files.size());
        for (SourceFile file : files) {
            List<String> names = new ArrayList<>();
            if (!singleFile) {
                names.add(name());
            }
            names.addAll(file.path());
            stored.add(new FileLayout.StoredFile(names, file.length(), true));
        }
        return new FileLayout(layout, stored);
    }

    private static StorageException changed(Path file) {
        return new StorageException.Unsuitable(
                file, "it changed while it was read", "try again when nobody writes to it");
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Collects files and stops at the first that cannot be in a torrent. */
    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final boolean hidden;
        private final List<SourceFile> files = new ArrayList<>();
        private @Nullable StorageException trouble;
        private @Nullable Path failed;

        Visitor(Path root, boolean hidden) {
            this.root = root;
            this.hidden = hidden;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isLeftOut(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isLeftOut(file)) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.isSymbolicLink()) {
                return stop(file, "it is a symbolic link", "give what it points to instead, or move it away");
            }
            if (!attributes.isRegularFile()) {
                return stop(file, "it is no ordinary file", "move it away");
            }
            List<String> names = new ArrayList<>();
            for (Path name : file.equals(root) ? file.getFileName() : root.relativize(file)) {
                names.add(name.toString());
            }
            // What the JDK shows for bytes that are no text.
            if (names.stream().anyMatch(name -> name.indexOf('\uFFFD') >= 0)) {
                return stop(file, "its name is not valid UTF-8", "rename it");
            }
            files.add(new SourceFile(
                    names,
                    new FileStamp(
                            attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            failed = file;
            throw e;
        }

        private boolean isLeftOut(Path path) {
            return !hidden && !path.equals(root) && name(path).startsWith(".");
        }

        private static String name(Path path) {
            return String.valueOf(path.getFileName());
        }

        private FileVisitResult stop(Path file, String what, String remedy) {
            trouble = new StorageException.Unsuitable(file, what, remedy);
            return FileVisitResult.TERMINATE;
        }
    }

    /** The hashing of all pieces on threads of its own, which end with it. */
    private static final class Hashing {
        private final TorrentStorage storage;
        private final PieceLayout layout;
        private final byte[] hashes;
        private final LongConsumer progress;
        private final PieceChecker checker = new PieceChecker();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicLong done = new AtomicLong();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final int stretch;

        Hashing(TorrentStorage storage, byte[] hashes, LongConsumer progress) {
            this.storage = storage;
            this.layout = storage.layout().pieces();
            this.hashes = hashes;
            this.progress = progress;
            this.stretch = (int) Math.max(1, STRETCH_BYTES / layout.pieceLength());
        }

        void run(int threads) throws StorageException, InterruptedException {
            CountDownLatch running = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                Thread.ofPlatform().daemon().name("spate-create-" + i).start(() -> {
                    try {
                        work();
                    } catch (StorageException | RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        running.countDown();
                    }
                });
            }
            try {
                running.await();
            } catch (InterruptedException e) {
                // The threads are not interrupted, for that would close files under their hands; they end with their
                // piece.
                next.set(layout.pieces());
                failure.compareAndSet(null, e);
                awaitUninterruptibly(running);
                throw e;
            }
            switch (failure.get()) {
                case null -> {}
                case StorageException.Changed shorter -> throw changed(shorter.subject());
                case StorageException.Missing gone -> throw changed(gone.subject());
                case StorageException trouble -> throw trouble;
                case Throwable bug -> throw new IllegalStateException("hashing failed", bug);
            }
        }

        private static void awaitUninterruptibly(CountDownLatch latch) {
            boolean interrupted = false;
            while (true) {
                try {
                    latch.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void work() throws StorageException {
            for (int first = next.getAndAdd(stretch); first < layout.pieces(); first = next.getAndAdd(stretch)) {
                int end = Math.min(layout.pieces(), first + stretch);
                for (int piece = first; piece < end && failure.get() == null; piece++) {
                    byte[] sha1 = checker.sha1(piece, storage);
                    System.arraycopy(sha1, 0, hashes, piece * Digest.SHA1_LENGTH, Digest.SHA1_LENGTH);
                    done.addAndGet(layout.length(piece));
                }
                if (failure.get() != null) {
                    return;
                }
                synchronized (progress) {
                    progress.accept(done.get());
                }
            }
        }
    }
}
