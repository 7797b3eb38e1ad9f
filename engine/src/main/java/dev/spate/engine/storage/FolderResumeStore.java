package dev.spate.engine.storage;

import dev.spate.io.file.DurableFiles;
import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import dev.spate.wire.metainfo.Magnet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with two files for each torrent, named by its info-hash: {@code .torrent}, the metainfo, and {@code .resume}, a {@link
 * ResumeFile}; and while its files are moved a third, {@code .move}. A torrent without metadata
 * has instead one with its link, {@code .magnet}.
 *
 * <p>A resume file of a later version, or a damaged one, is kept under another name when it is replaced.
 */
public final class FolderResumeStore implements ResumeStore {

    /** Replaces files; a test puts a failing one here. */
    @FunctionalInterface
    interface Replacing {
        void replace(Path file, byte[] bytes) throws IOException;
    }

    private static final String METAINFO = ".torrent";
    private static final String RESUME = ".resume";
    private static final String MOVE = ".move";
    private static final String MAGNET = ".magnet";
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{40}\\.[a-z]+");

    private final Path folder;
    private final Replacing replacing;
    private final Map<Digest, Journal> journals = new ConcurrentHashMap<>();

    /**
     * Reads and writes there.
     *
     * @param folder made when something is saved
     */
    public FolderResumeStore(Path folder) {
        this(folder, DurableFiles::replace);
    }

    FolderResumeStore(Path folder, Replacing replacing) {
        this.folder = folder.toAbsolutePath().normalize();
        this.replacing = replacing;
    }

    @Override
    public List<Digest> torrents() throws StorageException {
        return list(METAINFO);
    }

    @Override
    public List<Digest> magnets() throws StorageException {
        return list(MAGNET);
    }

    private List<Digest> list(String kind) throws StorageException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.endsWith(kind) && NAME.matcher(name).matches())
                    .map(name -> Digest.ofHex(name.substring(0, name.length() - kind.length())))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StorageException.ofFolder("list", folder, e);
        }
    }

    @Override
    public void saveMetainfo(Digest infoHash, byte[] metainfo) throws StorageException {
        replace(file(infoHash, METAINFO), metainfo);
        delete(file(infoHash, MAGNET));
    }

    @Override
    public void saveMagnet(Digest infoHash, String link) throws StorageException {
        replace(file(infoHash, MAGNET), link.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> loadMagnet(Digest infoHash) throws StorageException {
        return read(file(infoHash, MAGNET), Magnet.MAX_LENGTH).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<byte[]> loadMetainfo(Digest infoHash) throws StorageException {
        return read(file(infoHash, METAINFO), ResumeFile.MAX_LENGTH);
    }

    @Override
    public Optional<Decoding<ResumeFile.Found>> load(Digest infoHash) throws StorageException {
        return read(file(infoHash, RESUME), 2 * ResumeFile.MAX_LENGTH).map(bytes -> switch (ResumeFile.decode(bytes)) {
            case Decoding.Decoded<ResumeFile.Found>(var found)
            when !found.data().infoHash().equals(infoHash) -> new Malformed<>(0, "resume file of another torrent");
            case Decoding<ResumeFile.Found> decoding -> decoding;
        });
    }

    @Override
    public void save(ResumeData data, List<Integer> begun) throws StorageException {
        Digest infoHash = data.infoHash();
        Path file = file(infoHash, RESUME);
        byte[] encoded = ResumeFile.encode(data);
        ByteBuffer whole = ByteBuffer.allocate(encoded.length + begun.size() * ResumeFile.RECORD_LENGTH);
        whole.put(encoded);
        byte[] checksum = ResumeFile.checksum(encoded);
        for (int i = 0; i < begun.size(); i++) {
            whole.put(ResumeFile.record(checksum, i, begun.get(i)));
        }
        if (!journals.containsKey(infoHash)) {
            keepUnreadable(infoHash, file);
        }
        replace(file, whole.array());
        Journal before = journals.put(infoHash, new Journal(file, encoded.length, checksum, begun.size()));
        if (before != null) {
            before.close();
        }
    }

    // What an unknown version or a mishap left may be of use to its owner still.
    private void keepUnreadable(Digest infoHash, Path file) throws StorageException {
        if (load(infoHash).orElse(null) instanceof Malformed<ResumeFile.Found>) {
            try {
                Files.move(
                        file,
                        file.resolveSibling(infoHash + RESUME + ".unreadable"),
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw StorageException.of("move aside", file, e);
            }
        }
    }

    @Override
    public void begun(Digest infoHash, int piece) throws StorageException {
        Journal journal = journals.get(infoHash);
        if (journal == null) {
            throw new IllegalStateException("nothing was saved yet of " + infoHash);
        }
        journal.append(piece);
    }

    @Override
    public void release(Digest infoHash) throws StorageException {
        Journal journal = journals.remove(infoHash);
        if (journal != null) {
            journal.close();
        }
    }

    @Override
    public void saveMove(Digest infoHash, byte[] journal) throws StorageException {
        replace(file(infoHash, MOVE), journal);
    }

    @Override
    public Optional<byte[]> loadMove(Digest infoHash) throws StorageException {
        return read(file(infoHash, MOVE), MoveJournal.MAX_LENGTH);
    }

    @Override
    public void removeMove(Digest infoHash) throws StorageException {
        delete(file(infoHash, MOVE));
    }

    @Override
    public void remove(Digest infoHash) throws StorageException {
        release(infoHash);
        for (String kind : List.of(RESUME, MOVE, METAINFO, MAGNET)) {
            delete(file(infoHash, kind));
        }
    }

    private static void delete(Path file) throws StorageException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StorageException.of("delete", file, e);
        }
    }

    private Path file(Digest infoHash, String kind) {
        return folder.resolve(infoHash + kind);
    }

    private void replace(Path file, byte[] bytes) throws StorageException {
        try {
            Files.createDirectories(folder);
            replacing.replace(file, bytes);
        } catch (IOException e) {
            throw StorageException.of("save", file, e);
        }
    }

    private static Optional<byte[]> read(Path file, long limit) throws StorageException {
        try {
            if (Files.size(file) > limit) {
                return Optional.of(new byte[0]);
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** The records behind a resume file; its channel is open only while records are added. */
    private static final class Journal {
        private final Path file;
        private final long begin;
        private final byte[] checksum;
        private int records;
        private @Nullable FileChannel channel;

        /**
         * @param begin the length of the file without records
         * @param checksum of the file without records
         * @param records how many there are
         */
        Journal(Path file, long begin, byte[] checksum, int records) {
            this.file = file;
            this.begin = begin;
            this.checksum = checksum;
            this.records = records;
        }

        synchronized void append(int piece) throws StorageException {
            try {
                FileChannel open = channel;
                if (open == null) {
                    open = FileChannel.open(file, StandardOpenOption.WRITE);
                    channel = open;
                }
                long at = begin + (long) records * ResumeFile.RECORD_LENGTH;
                ByteBuffer record = ByteBuffer.wrap(ResumeFile.record(checksum, records, piece));
                while (record.hasRemaining()) {
                    at += open.write(record, at);
                }
                records++;
            } catch (IOException e) {
                throw StorageException.of("write", file, e);
            }
        }

        synchronized void close() throws StorageException {
            FileChannel open = channel;
            channel = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw StorageException.of("close", file, e);
                }
            }
        }
    }
}
