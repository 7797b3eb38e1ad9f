package dev.spate.engine.store;

import dev.spate.wire.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a session keeps what it must not forget, as bytes under an info-hash and a {@link Kind}: in a folder, unless a program brings a
 * store of its own, over a database for example.
 *
 * <p>The bytes are the engine's affair; they are checked when they are read, so a store need not. Calls block, on threads that may
 * wait. For use by several threads; what belongs to one torrent is used by one at a time. An {@link IOException} fails the torrent, or
 * the operation, that it concerns; its message is shown to the user.
 */
public interface StateStore {

    /** What is kept of a torrent; each has its own bytes. */
    enum Kind {
        /** Its torrent file. */
        METAINFO,
        /** Its magnet link, while there is no torrent file. */
        MAGNET,
        /** What is on disk, its counters and what the user chose; the only kind that is appended to. */
        PROGRESS,
        /** Progress that this version could not read and that was replaced; only a person looks at it. */
        UNREADABLE,
        /** The journal of a move that is under way. */
        MOVE
    }

    /** The info-hashes under which there is something of this kind, in any order. */
    List<Digest> list(Kind kind) throws IOException;

    /** What was saved last, with what was appended since; the caller owns the array. */
    Optional<byte[]> load(Digest infoHash, Kind kind) throws IOException;

    /**
     * Keeps bytes in place of earlier ones. When it returns they are safe, also when power is lost; until then a crash leaves either
     * the old or the new.
     */
    void save(Digest infoHash, Kind kind, byte[] bytes) throws IOException;

    /**
     * Adds to {@link Kind#PROGRESS}, which was saved before by the same process. When it returns the bytes survive the death of the
     * process; they may be lost with the power. After a failure the next ones go where these should have been. Called for each
     * piece, so it should be quick.
     */
    void append(Digest infoHash, byte[] bytes) throws IOException;

    /** Lets go of what is open for a torrent, such as a file; what was kept stays. */
    void release(Digest infoHash) throws IOException;

    /** Forgets it; nothing happens if there is nothing. */
    void remove(Digest infoHash, Kind kind) throws IOException;
}
