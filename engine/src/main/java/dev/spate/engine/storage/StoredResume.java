package dev.spate.engine.storage;

import dev.spate.engine.store.StateStore;
import dev.spate.engine.store.StateStore.Kind;
import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says to a {@link StateStore} in bytes what a session must not forget: progress is a {@link ResumeFile}, to which a record is appended
 * for each piece whose writing begins.
 *
 * <p>Progress of a later version, or damaged, is kept under another kind when it is replaced.
 */
public final class StoredResume implements ResumeStore {

    private final StateStore store;
    private final Path place;
    private final Map<Digest, Journal> journals = new ConcurrentHashMap<>();

    /**
     * Over a store.
     *
     * @param place how it is called when something goes wrong; empty to name the things in it only
     */
    private StoredResume(StateStore store, Path place) {
        this.store = store;
        this.place = place;
    }

    /** Over a program's own store. */
    public static StoredResume in(StateStore store) {
        return new StoredResume(store, Path.of(""));
    }

    /** In a folder, which is made when something is saved. */
    public static StoredResume in(Path folder) {
        return in(folder, new FolderStateStore(folder));
    }

    static StoredResume in(Path folder, FolderStateStore store) {
        return new StoredResume(store, folder.toAbsolutePath().normalize());
    }

    /** The records behind the progress that was saved last. */
    private static final class Journal {
        private final byte[] checksum;
        private int records;

        Journal(byte[] checksum, int records) {
            this.checksum = checksum;
            this.records = records;
        }
    }

    // ------------------------------------------------------------------ metainfo and magnet links

    @Override
    public List<Digest> torrents() throws StorageException {
        return list(Kind.METAINFO);
    }

    @Override
    public List<Digest> magnets() throws StorageException {
        return list(Kind.MAGNET);
    }

    private List<Digest> list(Kind kind) throws StorageException {
        try {
            return store.list(kind).stream().sorted().toList();
        } catch (IOException e) {
            throw StorageException.ofFolder("list", place, e);
        }
    }

    @Override
    public void saveMetainfo(Digest infoHash, byte[] metainfo) throws StorageException {
        save(infoHash, Kind.METAINFO, metainfo);
        remove(infoHash, Kind.MAGNET);
    }

    @Override
    public Optional<byte[]> loadMetainfo(Digest infoHash) throws StorageException {
        return load(infoHash, Kind.METAINFO);
    }

    @Override
    public void saveMagnet(Digest infoHash, String link) throws StorageException {
        save(infoHash, Kind.MAGNET, link.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> loadMagnet(Digest infoHash) throws StorageException {
        return load(infoHash, Kind.MAGNET).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    // ------------------------------------------------------------------ progress

    @Override
    public Optional<Decoding<ResumeFile.Found>> load(Digest infoHash) throws StorageException {
        return load(infoHash, Kind.PROGRESS).map(bytes -> decode(infoHash, bytes));
    }

    private static Decoding<ResumeFile.Found> decode(Digest infoHash, byte[] bytes) {
        return switch (ResumeFile.decode(bytes)) {
            case Decoding.Decoded<ResumeFile.Found>(var found)
            when !found.data().infoHash().equals(infoHash) -> new Malformed<>(0, "resume file of another torrent");
            case Decoding<ResumeFile.Found> decoding -> decoding;
        };
    }

    @Override
    public void save(ResumeData data, List<Integer> begun) throws StorageException {
        Digest infoHash = data.infoHash();
        byte[] encoded = ResumeFile.encode(data);
        ByteBuffer whole = ByteBuffer.allocate(encoded.length + begun.size() * ResumeFile.RECORD_LENGTH);
        whole.put(encoded);
        byte[] checksum = ResumeFile.checksum(encoded);
        for (int i = 0; i < begun.size(); i++) {
            whole.put(ResumeFile.record(checksum, i, begun.get(i)));
        }
        if (!journals.containsKey(infoHash)) {
            keepUnreadable(infoHash);
        }
        save(infoHash, Kind.PROGRESS, whole.array());
        journals.put(infoHash, new Journal(checksum, begun.size()));
    }

    // What an unknown version or a mishap left may be of use to its owner still.
    private void keepUnreadable(Digest infoHash) throws StorageException {
        byte[] present = load(infoHash, Kind.PROGRESS).orElse(null);
        if (present != null && decode(infoHash, present) instanceof Malformed<ResumeFile.Found>) {
            save(infoHash, Kind.UNREADABLE, present);
        }
    }

    @Override
    public void begun(Digest infoHash, int piece) throws StorageException {
        Journal journal = journals.get(infoHash);
        if (journal == null) {
            throw new IllegalStateException("nothing was saved yet of " + infoHash);
        }
        // One at a time, for the number of a record is its place.
        synchronized (journal) {
            try {
                store.append(infoHash, ResumeFile.record(journal.checksum, journal.records, piece));
            } catch (IOException e) {
                throw StorageException.of("write", called(infoHash, Kind.PROGRESS), e);
            }
            journal.records++;
        }
    }

    @Override
    public void release(Digest infoHash) throws StorageException {
        journals.remove(infoHash);
        try {
            store.release(infoHash);
        } catch (IOException e) {
            throw StorageException.of("close", called(infoHash, Kind.PROGRESS), e);
        }
    }

    // ------------------------------------------------------------------ moves, and the end

    @Override
    public void saveMove(Digest infoHash, byte[] journal) throws StorageException {
        save(infoHash, Kind.MOVE, journal);
    }

    @Override
    public Optional<byte[]> loadMove(Digest infoHash) throws StorageException {
        return load(infoHash, Kind.MOVE);
    }

    @Override
    public void removeMove(Digest infoHash) throws StorageException {
        remove(infoHash, Kind.MOVE);
    }

    @Override
    public void remove(Digest infoHash) throws StorageException {
        release(infoHash);
        for (Kind kind : List.of(Kind.PROGRESS, Kind.MOVE, Kind.METAINFO, Kind.MAGNET)) {
            remove(infoHash, kind);
        }
    }

    // ------------------------------------------------------------------ the store's failures in our words

    private Path called(Digest infoHash, Kind kind) {
        return place.resolve(infoHash + FolderStateStore.suffix(kind));
    }

    private Optional<byte[]> load(Digest infoHash, Kind kind) throws StorageException {
        try {
            return store.load(infoHash, kind);
        } catch (IOException e) {
            throw StorageException.of("read", called(infoHash, kind), e);
        }
    }

    private void save(Digest infoHash, Kind kind, byte[] bytes) throws StorageException {
        try {
            store.save(infoHash, kind, bytes);
        } catch (IOException e) {
            throw StorageException.of("save", called(infoHash, kind), e);
        }
    }

    private void remove(Digest infoHash, Kind kind) throws StorageException {
        try {
            store.remove(infoHash, kind);
        } catch (IOException e) {
            throw StorageException.of("delete", called(infoHash, kind), e);
        }
    }
}
