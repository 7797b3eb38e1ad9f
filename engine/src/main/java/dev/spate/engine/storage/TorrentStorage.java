package dev.spate.engine.storage;

import dev.spate.engine.storage.Disk.DiskFile;
import dev.spate.io.file.FilePool;
import dev.spate.io.file.FileStamp;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The files of one torrent in its download folder. Calls block; safe for use by several threads, as long as no two write the same
 * bytes at once.
 *
 * <p>Bytes are addressed by their place in the run of all of the torrent's bytes. Files are sparse: a piece is written to its
 * final place, whatever else is there by then. Pad files read as zeros and are not written. No path ever leaves the folder and
 * no symbolic link within it is followed; the folder itself may be one.
 */
public final class TorrentStorage implements AutoCloseable {

    /** How the absence of a file is written in a list of stamps. */
    public static final FileStamp NO_FILE = new FileStamp(-1, 0);

    private final FileLayout layout;
    private final Path folder;
    private final Disk disk;
    /** Made when first used, for a torrent may have a million. */
    private final AtomicReferenceArray<@Nullable DiskFile> files;
    /** Files written since they were forced. Guarded by itself. */
    private final BitSet dirty = new BitSet();
    /** Files whose names were made durable, or were there before us. Guarded by {@link #dirty}. */
    private final BitSet named = new BitSet();
    /** Set once it is certain that the files are ours to change. */
    private volatile boolean prepared;

    /**
     * Looks at nothing yet.
     *
     * @param folder the download folder; need not exist
     * @param files through which all files are opened
     */
    public TorrentStorage(Metainfo metainfo, Path folder, FilePool files) {
        this(FileLayout.of(metainfo), folder, Disk.of(files));
    }

    TorrentStorage(FileLayout layout, Path folder, Disk disk) {
        this.layout = layout;
        this.folder = folder.toAbsolutePath().normalize();
        this.disk = disk;
        this.files = new AtomicReferenceArray<>(layout.files());
    }

    public FileLayout layout() {
        return layout;
    }

    /** The download folder, absolute. */
    public Path folder() {
        return folder;
    }

    /** Where a file is, whether it exists or not. */
    public Path path(int file) {
        return folder.resolve(relative(file));
    }

    private Path relative(int file) {
        List<String> names = layout.file(file).path();
        Path path = folder.getFileSystem().getPath("");
        for (String name : names) {
            path = path.resolve(name);
        }
        if (path.isAbsolute() || !path.equals(path.normalize()) || path.getNameCount() != names.size()) {
            throw new IllegalStateException("a name that was made safe leaves the folder: " + names);
        }
        return path;
    }

    private DiskFile file(int file) {
        DiskFile known = files.get(file);
        if (known != null) {
            return known;
        }
        DiskFile made = disk.file(folder, relative(file));
        // Two objects for one file would not know of each other's writes.
        return files.compareAndSet(file, null, made) ? made : file(file);
    }

    /**
     * Makes sure that nothing of somebody else's will be overwritten, then makes the files of length 0 and cuts those that are too
     * long; to be called before the first write.
     *
     * @param verified the pieces that are on disk and match their hashes
     * @param trusted files that are known to be ours from earlier
     * @param overwrite whether the user allows to overwrite files that are not ours
     * @throws StorageException.NameClash when there are some and they may not be
     * @throws StorageException.NotPermitted when something is missing and nothing may be written
     */
    public void prepare(PieceSet verified, BitSet trusted, boolean overwrite) throws StorageException {
        List<FileStamp> stamps = new NameClashes(this).check(verified, trusted, overwrite);
        if (!verified.isFull()) {
            prepareFolder();
        }
        for (int file = 0; file < layout.files(); file++) {
            if (!layout.file(file).isStored()) {
                continue;
            }
            long length = layout.file(file).length();
            FileStamp stamp = stamps.get(file);
            if (stamp.length() > length || (length == 0 && stamp.equals(NO_FILE))) {
                try {
                    file(file).setLength(length);
                } catch (IOException e) {
                    throw StorageException.of("make", path(file), e);
                }
                markDirty(file);
            }
        }
        prepared = true;
    }

    /** Better to learn now that nothing can be written than when the first piece has come. */
    private void prepareFolder() throws StorageException {
        try {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new AccessDeniedException(folder.toString());
            }
        } catch (IOException e) {
            throw StorageException.ofFolder("write to", folder, e);
        }
    }

    /** Writes a whole piece from the buffer's remaining bytes, with one system call for each file that it touches. */
    public void writePiece(int piece, ByteBuffer data) throws StorageException {
        assert data.remaining() == layout.pieces().length(piece);
        write(layout.pieces().offset(piece), data);
    }

    /** Writes the remaining bytes of a direct buffer to their place in the run; its position stays. */
    public void write(long offset, ByteBuffer data) throws StorageException {
        if (!prepared) {
            throw new IllegalStateException("not known yet whether the files may be written");
        }
        int begin = data.position();
        layout.forEachPart(offset, data.remaining(), (file, position, from, length) -> {
            if (layout.file(file).isStored()) {
                writePart(file, position, data.slice(begin + from, length));
            }
        });
    }

    private void writePart(int file, long position, ByteBuffer part) throws StorageException {
        try {
            file(file).write(part, position);
        } catch (IOException e) {
            throw StorageException.of("write", path(file), e);
        } finally {
            // Not before: a force between the mark and the write would take the mark away and leave the bytes.
            markDirty(file);
        }
    }

    private void markDirty(int file) {
        synchronized (dirty) {
            dirty.set(file);
        }
    }

    /**
     * Fills the remaining bytes of a direct buffer from their place in the run, with one system call for each file.
     *
     * @throws StorageException.Missing when a file does not exist
     * @throws StorageException.Changed when a file is too short
     */
    public void read(long offset, ByteBuffer into) throws StorageException {
        int begin = into.position();
        layout.forEachPart(offset, into.remaining(), (file, position, from, length) -> {
            ByteBuffer part = into.slice(begin + from, length);
            if (layout.file(file).isStored()) {
                readPart(file, position, part);
            } else {
                while (part.hasRemaining()) {
                    part.put((byte) 0);
                }
            }
        });
        into.position(into.limit());
    }

    private void readPart(int file, long position, ByteBuffer part) throws StorageException {
        long end = position + part.remaining();
        try {
            file(file).read(part, position);
        } catch (EOFException e) {
            throw new StorageException.Changed("read", path(file), "it ends before byte " + end, e);
        } catch (IOException e) {
            throw StorageException.of("read", path(file), e);
        }
    }

    /**
     * Returns when everything written before is on the device, names of new files included. This is done for many files at once:
     * to force each when it is written would cost a flush of the device for each.
     *
     * @return the files that were forced
     */
    BitSet force() throws StorageException {
        BitSet written;
        BitSet unnamed;
        synchronized (dirty) {
            written = (BitSet) dirty.clone();
            dirty.clear();
            unnamed = (BitSet) written.clone();
            unnamed.andNot(named);
        }
        try {
            ForceBatch.forceAll(written.stream().boxed().toList(), this::force);
            forceNames(unnamed);
        } catch (StorageException e) {
            // Nothing may claim these until another try has succeeded.
            synchronized (dirty) {
                dirty.or(written);
            }
            throw e;
        }
        synchronized (dirty) {
            named.or(unnamed);
        }
        return written;
    }

    /** Lets the next {@link #force} include the existing files that hold these pieces, whoever wrote them. */
    void forceLater(PieceSet pieces) throws StorageException {
        for (int file = 0; file < layout.files(); file++) {
            int piece = pieces.next(layout.firstPiece(file));
            if (piece >= 0
                    && piece < layout.endPiece(file)
                    && !stampOrNone(file).equals(NO_FILE)) {
                markDirty(file);
            }
        }
    }

    private void force(int file) throws StorageException {
        try {
            file(file).force();
        } catch (IOException e) {
            throw StorageException.of("force to disk", path(file), e);
        }
    }

    private void forceNames(BitSet ofFiles) throws StorageException {
        TreeSet<Path> folders = new TreeSet<>();
        ofFiles.stream().forEach(file -> addFolders(file, folders));
        if (!folders.isEmpty() && folder.getParent() != null) {
            folders.add(folder.getParent());
        }
        for (Path changed : folders) {
            try {
                disk.forceFolder(changed);
            } catch (IOException e) {
                throw StorageException.ofFolder("force to disk", changed, e);
            }
        }
    }

    /** The folders on the way to a file, from the download folder on. */
    private void addFolders(int file, Set<Path> folders) {
        for (Path above = path(file).getParent(); above != null && above.startsWith(folder) && folders.add(above); ) {
            above = above.getParent();
        }
    }

    /** How every file looks from outside now; pad files, and whatever is no ordinary file, count as missing. */
    public List<FileStamp> stamps() throws StorageException {
        List<FileStamp> stamps = new ArrayList<>(layout.files());
        for (int file = 0; file < layout.files(); file++) {
            stamps.add(stampOrNone(file));
        }
        return stamps;
    }

    /** As {@link #stamps}, of one file. */
    FileStamp stampOrNone(int file) throws StorageException {
        try {
            return stamp(file);
        } catch (StorageException.NameClash | StorageException.UnsafePath e) {
            return NO_FILE;
        }
    }

    /** How one file looks from outside now; what is in its way and no ordinary file is an exception. */
    FileStamp stamp(int file) throws StorageException {
        if (!layout.file(file).isStored()) {
            return NO_FILE;
        }
        try {
            return file(file).stamp().orElse(NO_FILE);
        } catch (IOException e) {
            throw StorageException.of("look at", path(file), e);
        }
    }

    /**
     * Deletes the torrent's files and the folders that are empty then; whatever else lies there stays.
     *
     * @throws IllegalStateException if it was never established that the files are ours
     */
    public void delete() throws StorageException {
        if (!prepared) {
            throw new IllegalStateException("not known whether the files are ours");
        }
        TreeSet<Path> folders = new TreeSet<>(Comparator.reverseOrder());
        for (int file = 0; file < layout.files(); file++) {
            if (!layout.file(file).isStored()) {
                continue;
            }
            try {
                file(file).delete();
            } catch (IOException e) {
                throw StorageException.of("delete", path(file), e);
            }
            addFolders(file, folders);
        }
        folders.remove(folder);
        // In reverse order a folder comes before the one that it is in.
        for (Path empty : folders) {
            try {
                Files.deleteIfExists(empty);
            } catch (DirectoryNotEmptyException e) {
                // What is in it is somebody else's.
            } catch (IOException e) {
                throw StorageException.ofFolder("delete", empty, e);
            }
        }
    }

    /** Closes the files for good. Does not force anything. */
    @Override
    public void close() throws StorageException {
        for (int i = 0; i < files.length(); i++) {
            DiskFile open = files.get(i);
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw StorageException.of("close", path(i), e);
                }
            }
        }
    }
}
