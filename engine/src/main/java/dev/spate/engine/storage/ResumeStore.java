package dev.spate.engine.storage;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import java.util.List;
import java.util.Optional;

/**
 * Where a session keeps what it must not forget: for each torrent its resume data and its metainfo. Calls block. Safe for use
 * by several threads, as long as each torrent is used by one at a time.
 */
public interface ResumeStore {

    /** The torrents for which metainfo is kept, ordered. */
    List<Digest> torrents() throws StorageException;

    /** Keeps the bytes of a .torrent file, durably. */
    void saveMetainfo(Digest infoHash, byte[] metainfo) throws StorageException;

    Optional<byte[]> loadMetainfo(Digest infoHash) throws StorageException;

    /** The torrents of which only a magnet link is kept, ordered. */
    List<Digest> magnets() throws StorageException;

    /** Keeps a magnet link, durably, until {@link #saveMetainfo} replaces it. */
    void saveMagnet(Digest infoHash, String link) throws StorageException;

    Optional<String> loadMagnet(Digest infoHash) throws StorageException;

    /**
     * Reads resume data.
     *
     * @return empty when there is none; malformed when it is damaged or of a version that we do not know: nothing it says may be
     *     believed then
     */
    Optional<Decoding<ResumeFile.Found>> load(Digest infoHash) throws StorageException;

    /**
     * Replaces the resume data of a torrent, durably: a crash at any moment leaves the old or the new.
     *
     * @param begun pieces whose writing was begun and which {@code data} does not claim
     */
    void save(ResumeData data, List<Integer> begun) throws StorageException;

    /**
     * Adds to the resume data that was saved last that the writing of a piece is about to begin. Survives the death of the process,
     * but not surely a loss of power.
     */
    void begun(Digest infoHash, int piece) throws StorageException;

    /** Closes what is open for a torrent; its data stays. */
    void release(Digest infoHash) throws StorageException;

    /** Keeps the journal of a move, durably, in place of an earlier one. */
    void saveMove(Digest infoHash, byte[] journal) throws StorageException;

    Optional<byte[]> loadMove(Digest infoHash) throws StorageException;

    /** Forgets the journal of a move, if there is one. */
    void removeMove(Digest infoHash) throws StorageException;

    /** Forgets a torrent. */
    void remove(Digest infoHash) throws StorageException;

    /** A store that keeps nothing. */
    static ResumeStore none() {
        return new ResumeStore() {
            @Override
            public List<Digest> torrents() {
                return List.of();
            }

            @Override
            public void saveMetainfo(Digest infoHash, byte[] metainfo) {}

            @Override
            public Optional<byte[]> loadMetainfo(Digest infoHash) {
                return Optional.empty();
            }

            @Override
            public List<Digest> magnets() {
                return List.of();
            }

            @Override
            public void saveMagnet(Digest infoHash, String link) {}

            @Override
            public Optional<String> loadMagnet(Digest infoHash) {
                return Optional.empty();
            }

            @Override
            public Optional<Decoding<ResumeFile.Found>> load(Digest infoHash) {
                return Optional.empty();
            }

            @Override
            public void save(ResumeData data, List<Integer> begun) {}

            @Override
            public void begun(Digest infoHash, int piece) {}

            @Override
            public void release(Digest infoHash) {}

            @Override
            public void saveMove(Digest infoHash, byte[] journal) {}

            @Override
            public Optional<byte[]> loadMove(Digest infoHash) {
                return Optional.empty();
            }

            @Override
            public void removeMove(Digest infoHash) {}

            @Override
            public void remove(Digest infoHash) {}
        };
    }
}
