package dev.spate.engine.storage;

import dev.spate.engine.store.StateStore;
import dev.spate.io.file.DurableFiles;
import dev.spate.wire.Digest;
import dev.spate.wire.metainfo.Magnet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a file for each kind, named by the info-hash: {@code .torrent}, {@code .magnet}, {@code .resume}, {@code
 * .resume.unreadable} and {@code .move}.
 */
public final class FolderStateStore implements StateStore {

    /** Replaces files; a test puts a failing one here. */
    @FunctionalInterface
    interface Replacing {
        void replace(Path file, byte[] bytes) throws IOException;
    }

    private static final Pattern INFO_HASH = Pattern.compile("[0-9a-f]{40}");

    private final Path folder;
    private final Replacing replacing;
    private final Map<Digest, Growing> growing = new ConcurrentHashMap<>();

    /**
     * Reads and writes there.
     *
     * @param folder made when something is saved
     */
    public FolderStateStore(Path folder) {
        this(folder, DurableFiles::replace);
    }

    FolderStateStore(Path folder, Replacing replacing) {
        this.folder = folder.toAbsolutePath().normalize();
        this.replacing = replacing;
    }

    /** What is behind the info-hash in the name of a file. */
    static String suffix(Kind kind) {
        return switch (kind) {
            case METAINFO -> ".torrent";
            case MAGNET -> ".magnet";
            case PROGRESS -> ".resume";
            case UNREADABLE -> ".resume.unreadable";
            case MOVE -> ".move";
        };
    }

    /** The longest file that is read; a longer one is not ours. */
    private static long limit(Kind kind) {
        return switch (kind) {
            case METAINFO -> ResumeFile.MAX_LENGTH;
            case MAGNET -> Magnet.MAX_LENGTH;
            case PROGRESS, UNREADABLE -> 2L * ResumeFile.MAX_LENGTH;
            case MOVE -> MoveJournal.MAX_LENGTH;
        };
    }

    private Path file(Digest infoHash, Kind kind) {
        return folder.resolve(infoHash + suffix(kind));
    }

    @Override
    public List<Digest> list(Kind kind) throws IOException {
        String suffix = suffix(kind);
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .filter(name -> INFO_HASH.matcher(name).matches())
                    .map(Digest::ofHex)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** What is too long is read as nothing, which no kind is. */
    @Override
    public Optional<byte[]> load(Digest infoHash, Kind kind) throws IOException {
        Path file = file(infoHash, kind);
        try {
            return Optional.of(Files.size(file) > limit(kind) ? new byte[0] : Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void save(Digest infoHash, Kind kind, byte[] bytes) throws IOException {
        Path file = file(infoHash, kind);
        Files.createDirectories(folder);
        replacing.replace(file, bytes);
        if (kind == Kind.PROGRESS) {
            Growing before = growing.put(infoHash, new Growing(file, bytes.length));
            if (before != null) {
                before.close();
            }
        }
    }

    @Override
    public void append(Digest infoHash, byte[] bytes) throws IOException {
        Growing file = growing.get(infoHash);
        if (file == null) {
            throw new IllegalStateException("nothing was saved yet of " + infoHash);
        }
        file.append(bytes);
    }

    @Override
    public void release(Digest infoHash) throws IOException {
        Growing file = growing.remove(infoHash);
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void remove(Digest infoHash, Kind kind) throws IOException {
        if (kind == Kind.PROGRESS) {
            release(infoHash);
        }
        Files.deleteIfExists(file(infoHash, kind));
    }

    /** A file that is appended to; its channel is open only while that goes on. */
    private static final class Growing {
        private final Path file;
        private long length;
        private @Nullable FileChannel channel;

        Growing(Path file, long length) {
            this.file = file;
            this.length = length;
        }

        synchronized void append(byte[] bytes) throws IOException {
            FileChannel open = channel;
            if (open == null) {
                open = FileChannel.open(file, StandardOpenOption.WRITE);
                channel = open;
            }
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                open.write(rest, length + rest.position());
            }
            length += bytes.length;
        }

        synchronized void close() throws IOException {
            FileChannel open = channel;
            channel = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
