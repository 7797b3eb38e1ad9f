package dev.spate.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the files of torrents lie: in the file system, unless a program brings a store of its own, in memory or over the network for example.
 *
 * <p>Everything that the engine does with files goes through it: what it checks, names safely, moves and forgets is the engine's affair, a
 * store keeps bytes under paths. Those paths are names and need not exist in any file system; one without a file is missing, not an error, until it is
 * read. Calls block, on threads that may wait. For use by several threads, also of one file, as long as no two write the same bytes at once.
 *
 * <p>An {@link IOException} fails the operation, and mostly the torrent, that it concerns; its message is shown to the user. Those of {@code java.nio.file}
 * say more than others: {@link java.nio.file.NoSuchFileException} that a file is missing, {@link java.nio.file.AccessDeniedException} that nothing
 * may be written, {@code No space left} in the reason that the store is full.
 */
public interface ContentStore {

    /** A file of the store, whether it exists or not. One object may be kept until it is closed. */
    interface ContentFile {

        /**
         * Fills the buffer.
         *
         * @throws java.io.EOFException when the file ends before
         * @throws java.nio.file.NoSuchFileException when there is none
         */
        void read(ByteBuffer into, long position) throws IOException;

        /**
         * Writes all that remains; makes the file and its folders below the root as needed, and what lies between its end and {@code position}
         * reads as zeros.
         *
         * @throws java.nio.file.NoSuchFileException when the root is not there any more, in a store in which folders exist of themselves
         */
        void write(ByteBuffer from, long position) throws IOException;

        /** Makes the file exactly so long, with a hole where it was shorter; makes it if there is none. */
        void setLength(long length) throws IOException;

        /** Returns when everything written to the file is safe, also when power is lost, as far as the store has such a promise. */
        void force() throws IOException;

        /** How it looks; empty if there is none. */
        Optional<FileStamp> stamp() throws IOException;

        /** Deletes it; nothing happens if there is none. */
        void delete() throws IOException;

        /**
         * Gives the file the place of another object of the same store, whose folders are made as needed. At no moment it is in both places or
         * in none.
         *
         * @throws java.nio.file.AtomicMoveNotSupportedException when that cannot be; then it is copied by reading and writing
         * @throws java.nio.file.FileAlreadyExistsException when something is there
         */
        void moveTo(ContentFile target) throws IOException;

        /** Sets the time of the last change, in nanoseconds since 1970. */
        void setModified(long nanos) throws IOException;

        /** Lets go of what is open. The object is not used again; another one may be asked for. */
        void close() throws IOException;
    }

    /**
     * A file.
     *
     * @param root the folder of a torrent, absolute
     * @param relative the file's path below it, of names that are safe; no symbolic link below the root is ever followed
     */
    ContentFile file(Path root, Path relative);

    /** Whether there is a file or a folder. */
    boolean isThere(Path path) throws IOException;

    /** Makes a folder with those above it, as needed, and fails if no file could be made in it. */
    void makeFolder(Path folder) throws IOException;

    /** Makes the names in a folder safe, as {@link ContentFile#force} does the bytes of a file. */
    void forceFolder(Path folder) throws IOException;

    /** Deletes a folder if there is one and it is empty. */
    void deleteFolder(Path folder) throws IOException;
}
