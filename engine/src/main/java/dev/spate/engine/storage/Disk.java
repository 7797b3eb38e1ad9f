package dev.spate.engine.storage;

import dev.spate.io.file.DurableFiles;
import dev.spate.io.file.FilePool;
import dev.spate.io.file.FileStamp;
import dev.spate.io.file.PooledFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What storage asks of the file system; an interface so that a test can make it fail. Safe for use by several threads.
 *
 * <p>No operation follows a symbolic link below the root.
 */
interface Disk {

    /** A file below the root, whether it exists or not. Its operations are those of {@link PooledFile}. */
    interface DiskFile {

        /** Fills the buffer; throws {@link java.io.EOFException} when the file ends before. */
        void read(ByteBuffer into, long position) throws IOException;

        /** Writes all that remains; makes the file and its folders as needed. */
        void write(ByteBuffer from, long position) throws IOException;

        /** Makes the file exactly so long, with a hole where it was shorter. */
        void setLength(long length) throws IOException;

        /** Returns when everything written to the file is on the device. */
        void force() throws IOException;

        Optional<FileStamp> stamp() throws IOException;

        void delete() throws IOException;

        /**
         * Gives the file the place of another object of the same disk, whose folders are made as needed.
         *
         * @throws java.nio.file.AtomicMoveNotSupportedException when that is on another file system
         * @throws java.nio.file.FileAlreadyExistsException when something is there
         */
        void moveTo(DiskFile target) throws IOException;

        /** Sets the time of the last change, in nanoseconds since 1970. */
        void setModified(long nanos) throws IOException;

        void close() throws IOException;
    }

    DiskFile file(Path root, Path relative);

    /** Makes the names in a folder durable. */
    void forceFolder(Path folder) throws IOException;

    /** Deletes a folder if there is one and it is empty. */
    void deleteFolder(Path folder) throws IOException;

    /** The file system, through a pool of open files. */
    static Disk of(FilePool pool) {
        return new Disk() {
            @Override
            public DiskFile file(Path root, Path relative) {
                return new Pooled(pool.file(root, relative));
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
        };
    }

    /** A file of a pool. */
    record Pooled(PooledFile file) implements DiskFile {
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
            return file.stamp();
        }

        @Override
        public void delete() throws IOException {
            file.delete();
        }

        @Override
        public void moveTo(DiskFile target) throws IOException {
            switch (target) {
                case Pooled(var place) -> file.moveTo(place);
                case DiskFile other -> throw new IllegalArgumentException("a file of another disk: " + other);
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
