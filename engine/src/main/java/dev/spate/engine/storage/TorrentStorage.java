package dev.spate.engine.storage;

import dev.spate.engine.store.Allocation;
import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.ContentStore.ContentFile;
import dev.spate.engine.store.FileStamp;
import dev.spate.io.memory.DirectMemory;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.SafeNames;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
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

    /** What incomplete files have behind their names, where the user wants to tell them from complete ones. */
    static final String SUFFIX = ".part";

    /** So many zeros are written at a stretch. */
    private static final int STRETCH_BYTES = 8 << 20;

    private static final System.Logger LOG = System.getLogger(TorrentStorage.class.getName());

    private final Digest infoHash;
    private final FileLayout layout;
    private final ContentStore contents;

    /*
     * Implementation note. Whoever reads or writes holds the read lock, and so many do at once; whoever changes where bytes lie holds
     * the write lock: a file is parked, taken out of the part file, renamed or moved only while nobody is at it. These are commands of
     * the user and take the time of a rename or of a few pieces, but for moves, for which the swarm rests.
     */
    private final ReentrantReadWriteLock doors = new ReentrantReadWriteLock();

    /** Changed under the write lock. */
    private volatile Places places;

    /** Files that are not wanted and do not exist: their bytes are in the part file. Guarded by {@link #doors}. */
    private final BitSet parked = new BitSet();

    /** Files that have {@link #SUFFIX} behind their names. Guarded by {@link #doors}. */
    private final BitSet suffixed = new BitSet();

    /** Changed under the write lock. */
    private volatile PartFile parts;

    /** Made when first used, for a torrent may have a million. */
    private final AtomicReferenceArray<@Nullable ContentFile> files;

    /** How files look that are complete and not to be written to; what looks otherwise was changed by somebody else. */
    private final AtomicReferenceArray<@Nullable FileStamp> settled;

    /** Files written since they were forced. Guarded by itself. */
    private final BitSet dirty = new BitSet();
    /** Files whose names were made durable, or were there before us. Guarded by {@link #dirty}. */
    private final BitSet named = new BitSet();
    /** Set once it is certain that the files are ours to change. */
    private volatile boolean prepared;

    /**
     * Looks at nothing yet.
     *
     * @param places where the files lie; the download folder need not exist
     * @param contents through which all files are read and written
     */
    public TorrentStorage(Metainfo metainfo, Places places, ContentStore contents) {
        this(metainfo.infoHash().onTheWire(), FileLayout.of(metainfo), places, contents);
    }

    TorrentStorage(Digest infoHash, FileLayout layout, Places places, ContentStore contents) {
        this.infoHash = infoHash;
        this.layout = layout;
        this.places = places;
        this.contents = contents;
        this.files = new AtomicReferenceArray<>(layout.files());
        this.settled = new AtomicReferenceArray<>(layout.files());
        this.parts = partFile(places);
    }

    private PartFile partFile(Places in) {
        Path name = in.root().getFileSystem().getPath(Places.partFile(infoHash));
        return new PartFile(
                infoHash,
                layout.pieces(),
                contents.file(in.root(), name),
                in.root().resolve(name));
    }

    public FileLayout layout() {
        return layout;
    }

    /** The folder that all files lie in, absolute. */
    public Path folder() {
        return places.root();
    }

    /** Where the files lie. */
    public Places places() {
        return places;
    }

    /** Where a file is, whether it exists or not. */
    public Path path(int file) {
        return file == layout.files()
                ? folder().resolve(Places.partFile(infoHash))
                : places.root().resolve(relative(places, file));
    }

    private Path relative(Places in, int file) {
        List<String> names = namesOnDisk(in, file);
        Path path = in.root().getFileSystem().getPath("");
        for (String name : names) {
            path = path.resolve(name);
        }
        if (path.isAbsolute() || !path.equals(path.normalize()) || path.getNameCount() != names.size()) {
            throw new IllegalStateException("a name that was made safe leaves the folder: " + names);
        }
        return path;
    }

    private List<String> namesOnDisk(Places in, int file) {
        List<String> names = in.names(layout, file);
        return isSuffixed(file) ? withSuffix(names) : names;
    }

    private static List<String> withSuffix(List<String> names) {
        List<String> changed = new ArrayList<>(names);
        changed.add(changed.removeLast() + SUFFIX);
        return changed;
    }

    private boolean isSuffixed(int file) {
        doors.readLock().lock();
        try {
            return suffixed.get(file);
        } finally {
            doors.readLock().unlock();
        }
    }

    private ContentFile file(int file) {
        ContentFile known = files.get(file);
        if (known != null) {
            return known;
        }
        ContentFile made = contents.file(folder(), relative(places, file));
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
            makeFolder(folder());
        }
        for (int file = 0; file < layout.files(); file++) {
            if (!layout.file(file).isStored() || isParked(file)) {
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
    private void makeFolder(Path folder) throws StorageException {
        try {
            contents.makeFolder(folder);
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
        doors.readLock().lock();
        try {
            layout.forEachPart(offset, data.remaining(), (file, position, from, length) -> {
                ByteBuffer part = data.slice(begin + from, length);
                if (!layout.file(file).isStored()) {
                    return;
                }
                if (parked.get(file)) {
                    writeParked(layout.offset(file) + position, part);
                } else {
                    writePart(file, position, part);
                }
            });
        } finally {
            doors.readLock().unlock();
        }
    }

    private void writeParked(long offset, ByteBuffer part) throws StorageException {
        try {
            forEachPiece(offset, part, parts::write);
        } finally {
            markDirty(layout.files());
        }
    }

    private void writePart(int file, long position, ByteBuffer part) throws StorageException {
        settled.set(file, null);
        try {
            file(file).write(part, position);
        } catch (IOException e) {
            throw StorageException.of("write", path(file), e);
        } finally {
            // Not before: a force between the mark and the write would take the mark away and leave the bytes.
            markDirty(file);
        }
    }

    /** Takes bytes of one piece. */
    @FunctionalInterface
    private interface PieceBytes {
        void take(int piece, int begin, ByteBuffer bytes) throws StorageException;
    }

    private void forEachPiece(long offset, ByteBuffer bytes, PieceBytes taker) throws StorageException {
        int pieceLength = layout.pieces().pieceLength();
        for (int at = 0; at < bytes.limit(); ) {
            int begin = (int) ((offset + at) % pieceLength);
            int length = Math.min(bytes.limit() - at, pieceLength - begin);
            taker.take((int) ((offset + at) / pieceLength), begin, bytes.slice(at, length));
            at += length;
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
        doors.readLock().lock();
        try {
            layout.forEachPart(offset, into.remaining(), (file, position, from, length) -> {
                ByteBuffer part = into.slice(begin + from, length);
                if (!layout.file(file).isStored()) {
                    while (part.hasRemaining()) {
                        part.put((byte) 0);
                    }
                } else if (parked.get(file)) {
                    forEachPiece(layout.offset(file) + position, part, parts::read);
                } else {
                    readPart(file, position, part);
                }
            });
        } finally {
            doors.readLock().unlock();
        }
        into.position(into.limit());
    }

    private void readPart(int file, long position, ByteBuffer part) throws StorageException {
        if (isTouched(file)) {
            throw new StorageException.Changed("read", path(file), "another program wrote to it", null);
        }
        long end = position + part.remaining();
        try {
            file(file).read(part, position);
        } catch (EOFException e) {
            throw new StorageException.Changed("read", path(file), "it ends before byte " + end, e);
        } catch (IOException e) {
            throw StorageException.of("read", path(file), e);
        }
    }

    /** A file is complete and looks like this; until it is written to again it must stay so. */
    void settle(int file, FileStamp stamp) {
        settled.set(file, stamp);
    }

    /** Whether a file that was settled does not look so any more, but is as long. */
    private boolean isTouched(int file) throws StorageException {
        FileStamp expected = settled.get(file);
        if (expected == null) {
            return false;
        }
        FileStamp now = stampOnDisk(file);
        // What is missing or shorter is noticed otherwise, and what we write ourselves meanwhile is not settled any
        // more.
        return !now.equals(expected) && now.length() >= expected.length() && expected.equals(settled.get(file));
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

    /** The files that the next {@link #force} would force. */
    BitSet unforced() {
        synchronized (dirty) {
            return (BitSet) dirty.clone();
        }
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
        if (pieces.nextInBoth(parkedPieces(), 0) >= 0) {
            markDirty(layout.files());
        }
    }

    private void force(int file) throws StorageException {
        doors.readLock().lock();
        try {
            if (file == layout.files()) {
                parts.force();
            } else {
                file(file).force();
            }
        } catch (IOException e) {
            throw StorageException.of("force to disk", path(file), e);
        } finally {
            doors.readLock().unlock();
        }
    }

    private void forceNames(BitSet ofFiles) throws StorageException {
        TreeSet<Path> folders = new TreeSet<>();
        ofFiles.stream().forEach(file -> addFolders(file, folders));
        Path above = folder().getParent();
        if (!folders.isEmpty() && above != null) {
            folders.add(above);
        }
        for (Path changed : folders) {
            try {
                contents.forceFolder(changed);
            } catch (IOException e) {
                throw StorageException.ofFolder("force to disk", changed, e);
            }
        }
    }

    /** The folders on the way to a file, from the download folder on. */
    private void addFolders(int file, Set<Path> folders) {
        Path root = folder();
        for (Path above = path(file).getParent(); above != null && above.startsWith(root) && folders.add(above); ) {
            above = above.getParent();
        }
    }

    /**
     * How every file looks from outside now, and the part file as the last; pad files, those that are not wanted and do not exist, and
     * whatever is no ordinary file, count as missing.
     */
    public List<FileStamp> stamps() throws StorageException {
        List<FileStamp> stamps = new ArrayList<>(layout.files() + 1);
        for (int file = 0; file <= layout.files(); file++) {
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
        doors.readLock().lock();
        try {
            if (file == layout.files()) {
                return parts.stamp();
            }
            return layout.file(file).isStored() && !parked.get(file) ? stampOnDisk(file) : NO_FILE;
        } finally {
            doors.readLock().unlock();
        }
    }

    private FileStamp stampOnDisk(int file) throws StorageException {
        try {
            return file(file).stamp().orElse(NO_FILE);
        } catch (IOException e) {
            throw StorageException.of("look at", path(file), e);
        }
    }

    // ------------------------------------------------------------------ files that are not wanted

    /**
     * Says which files are not wanted, before anything is looked at. Those of them that do not exist are parked: they are not made, and
     * what belongs to them of pieces that are wanted for other files' sake goes to the part file.
     *
     * @param remembered how the files looked when their resume data was saved; null if nothing is remembered. A file that was parked
     *     then still is, whatever lies in its place now
     */
    void arrange(BitSet unwanted, @Nullable List<FileStamp> remembered) throws StorageException {
        doors.writeLock().lock();
        try {
            Set<List<String>> taken = places.suffix() ? allNames() : Set.of();
            for (int file = 0; file < layout.files(); file++) {
                if (!layout.file(file).isStored()) {
                    continue;
                }
                if (places.suffix()) {
                    arrangeSuffix(file, taken);
                }
                if (unwanted.get(file)) {
                    FileStamp stamp = remembered == null ? stampOnDisk(file) : remembered.get(file);
                    parked.set(file, stamp.equals(NO_FILE));
                }
            }
        } finally {
            doors.writeLock().unlock();
        }
    }

    private Set<List<String>> allNames() {
        Set<List<String>> names = new HashSet<>();
        for (int file = 0; file < layout.files(); file++) {
            names.add(places.names(layout, file));
        }
        return names;
    }

    /** A file under its plain name was complete once; one that is not there yet begins with the suffix. */
    private void arrangeSuffix(int file, Set<List<String>> taken) throws StorageException {
        List<String> names = withSuffix(places.names(layout, file));
        if (!SafeNames.isSafe(names.getLast()) || taken.contains(names)) {
            return;
        }
        boolean complete = !stampOnDisk(file).equals(NO_FILE);
        suffixed.set(file);
        files.set(file, null);
        if (complete && stampOnDisk(file).equals(NO_FILE)) {
            suffixed.clear(file);
            files.set(file, null);
        }
    }

    /** Takes the suffix of a file away that has become complete; nothing happens to others. */
    public void finish(int file) throws StorageException {
        doors.writeLock().lock();
        try {
            if (!suffixed.get(file) || parked.get(file)) {
                return;
            }
            ContentFile before = file(file);
            Path from = path(file);
            suffixed.clear(file);
            Path to = relative(places, file);
            ContentFile after = contents.file(folder(), to);
            try {
                before.moveTo(after);
                before.close();
            } catch (FileAlreadyExistsException e) {
                suffixed.set(file);
                throw new StorageException.NameClash(
                        List.of(folder().resolve(to)), "a file that is not this torrent's is in its place", e);
            } catch (IOException e) {
                suffixed.set(file);
                throw StorageException.of("rename", from, e);
            }
            files.set(file, after);
            synchronized (dirty) {
                named.clear(file);
                dirty.set(file);
            }
        } finally {
            doors.writeLock().unlock();
        }
    }

    /** Whether it is in order that there is no such file. */
    boolean mayBeMissing(int file) {
        return file == layout.files() || isParked(file);
    }

    boolean isParked(int file) {
        doors.readLock().lock();
        try {
            return parked.get(file);
        } finally {
            doors.readLock().unlock();
        }
    }

    /** The pieces of which a part is, or would be, in the part file. */
    PieceSet parkedPieces() {
        PieceSet pieces = new PieceSet(layout.pieces().pieces());
        doors.readLock().lock();
        try {
            for (int file = parked.nextSetBit(0); file >= 0; file = parked.nextSetBit(file + 1)) {
                for (int piece = layout.firstPiece(file); piece < layout.endPiece(file); piece++) {
                    pieces.add(piece);
                }
            }
        } finally {
            doors.readLock().unlock();
        }
        return pieces;
    }

    /** Whether the part file has room taken for a piece. */
    boolean isHeld(int piece) throws StorageException {
        doors.readLock().lock();
        try {
            return parts.holds(piece);
        } finally {
            doors.readLock().unlock();
        }
    }

    /** A file is not wanted any more: it is parked if it does not exist yet, and stays as it is otherwise. */
    public void unwant(int file) throws StorageException {
        doors.writeLock().lock();
        try {
            if (layout.file(file).isStored() && stampOnDisk(file).equals(NO_FILE)) {
                parked.set(file);
            }
        } finally {
            doors.writeLock().unlock();
        }
    }

    /**
     * A file is wanted now: if it was parked it is made, with what the part file has of it. To be followed by {@link Checkpoint#save} and
     * then {@link #tidy}: what is in the part file stays there until the resume data says that it is elsewhere.
     *
     * @throws StorageException.NameClash if something that is not this torrent's is in its place
     */
    public void want(int file) throws StorageException {
        doors.writeLock().lock();
        try {
            if (!parked.get(file)) {
                return;
            }
            requireNothingToLose(file);
            if (layout.file(file).length() == 0) {
                file(file).setLength(0);
                markDirty(file);
            }
            // A file of which nothing is here yet is made by its first piece.
            eachHeldPart(file, (position, bytes) -> writePart(file, position, bytes));
            parked.clear(file);
        } catch (IOException e) {
            throw StorageException.of("make", path(file), e);
        } finally {
            doors.writeLock().unlock();
        }
    }

    /** Gives up what the part file has of pieces that are whole elsewhere; without such pieces the file goes. */
    public void tidy() throws StorageException {
        PieceSet needed = parkedPieces();
        doors.writeLock().lock();
        try {
            for (int piece : parts.pieces()) {
                if (!needed.contains(piece)) {
                    parts.release(piece);
                }
            }
        } finally {
            doors.writeLock().unlock();
        }
    }

    /** Is shown a file's bytes. */
    @FunctionalInterface
    private interface FileBytes {
        void take(long position, ByteBuffer bytes) throws StorageException;
    }

    private void eachHeldPart(int file, FileBytes taker) throws StorageException {
        long from = layout.offset(file);
        long end = from + layout.file(file).length();
        ByteBuffer buffer = DirectMemory.allocate(PieceBuffers.SLAB_LENGTH);
        for (int piece = layout.firstPiece(file); piece < layout.endPiece(file); piece++) {
            if (!parts.holds(piece)) {
                continue;
            }
            long pieceAt = layout.pieces().offset(piece);
            long pieceEnd = Math.min(end, pieceAt + layout.pieces().length(piece));
            for (long at = Math.max(from, pieceAt); at < pieceEnd; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), pieceEnd - at));
                parts.read(piece, (int) (at - pieceAt), buffer);
                taker.take(at - from, buffer.flip());
            }
        }
    }

    /**
     * What lies in the place of a parked file may be what an earlier try to take it out of the part file left when the process died:
     * bytes that the part file has as well, and zeros. Anything else is somebody's.
     */
    private void requireNothingToLose(int file) throws StorageException {
        FileStamp there = stampOnDisk(file);
        if (there.equals(NO_FILE)) {
            return;
        }
        boolean foreign = there.length() > layout.file(file).length();
        long from = layout.offset(file);
        ByteBuffer found = DirectMemory.allocate(PieceBuffers.SLAB_LENGTH);
        ByteBuffer ours = DirectMemory.allocate(PieceBuffers.SLAB_LENGTH);
        for (long position = 0; position < there.length() && !foreign; position += found.limit()) {
            int piece = layout.pieces().pieceAt(from + position);
            long pieceAt = layout.pieces().offset(piece);
            long end = Math.min(from + there.length(), pieceAt + layout.pieces().length(piece));
            found.clear().limit((int) Math.min(found.capacity(), end - from - position));
            readPart(file, position, found);
            ours.clear().limit(found.limit());
            boolean held = parts.holds(piece);
            if (held) {
                parts.read(piece, (int) (from + position - pieceAt), ours);
            }
            for (int i = 0; i < found.limit(); i++) {
                foreign |= found.get(i) != 0 && !(held && found.get(i) == ours.get(i));
            }
        }
        if (foreign) {
            throw new StorageException.NameClash(
                    List.of(path(file)), "a file that is not this torrent's is in its place", null);
        }
    }

    // ------------------------------------------------------------------ room

    /** By how many bytes a file is shorter than it will be; 0 for one that is parked or not stored. */
    long lacking(int file) throws StorageException {
        if (!layout.file(file).isStored() || isParked(file)) {
            return 0;
        }
        return Math.max(
                0, layout.file(file).length() - Math.max(0, stampOrNone(file).length()));
    }

    /** Takes the room that a file lacks, unless it is told to stop. */
    public void takeRoom(int file, Allocation how, BooleanSupplier stop) throws StorageException {
        while (how != Allocation.NONE && lacking(file) > 0 && !stop.getAsBoolean()) {
            lengthen(file, how);
        }
    }

    /** Makes a file longer: by all that it lacks with a hole, or by a stretch with zeros. Nobody writes to it meanwhile. */
    void lengthen(int file, Allocation how) throws StorageException {
        doors.writeLock().lock();
        try {
            long lacking = lacking(file);
            long length = layout.file(file).length();
            if (lacking > 0 && how == Allocation.SPARSE) {
                file(file).setLength(length);
                markDirty(file);
            } else if (lacking > 0 && how == Allocation.FULL) {
                ByteBuffer zeros = DirectMemory.allocate((int) Math.min(lacking, PieceBuffers.SLAB_LENGTH));
                for (long at = length - lacking, end = Math.min(length, at + STRETCH_BYTES); at < end; ) {
                    zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
                    at += zeros.limit();
                    writePart(file, at - zeros.limit(), zeros);
                }
            }
        } catch (IOException e) {
            throw StorageException.of("take room for", path(file), e);
        } finally {
            doors.writeLock().unlock();
        }
    }

    // ------------------------------------------------------------------ another place

    /**
     * Moves or renames the files; all of them, or none when it fails or is cancelled. Nobody reads or writes meanwhile. To be followed by
     * {@link Checkpoint#save} with the new places and then {@link ResumeStore#removeMove}.
     *
     * @throws StorageException.NameClash before anything was moved, if something is where a file is to go
     * @throws java.util.concurrent.CancellationException if the watch said so
     */
    public void move(Places to, ResumeStore store, Relocation.Watch watch) throws StorageException {
        doors.writeLock().lock();
        try {
            Places from = places;
            closeFiles();
            makeFolder(to.root());
            try {
                Relocation.begin(contents, store, infoHash, from.root(), to, steps(from, to))
                        .carryOut(watch);
                places = to;
            } finally {
                forgetFiles();
            }
        } finally {
            doors.writeLock().unlock();
        }
    }

    private List<Relocation.Step> steps(Places from, Places to) throws StorageException {
        List<Relocation.Step> steps = new ArrayList<>();
        if (!parts.stamp().equals(NO_FILE)) {
            List<String> name = List.of(Places.partFile(infoHash));
            steps.add(new Relocation.Step(name, name));
        }
        for (int file = 0; file < layout.files(); file++) {
            if (layout.file(file).isStored()
                    && !parked.get(file)
                    && !stampOnDisk(file).equals(NO_FILE)) {
                steps.add(new Relocation.Step(namesOnDisk(from, file), namesOnDisk(to, file)));
            }
        }
        return steps.stream()
                .filter(step -> !from.root().equals(to.root()) || !step.from().equals(step.to()))
                .toList();
    }

    /**
     * Looks for what was taken away, cut or written to by somebody else, and lets go of files that are not what lies in their place any more.
     *
     * @param flushed the pieces that should be there
     */
    public Loss losses(PieceSet flushed) throws StorageException {
        PieceSet pieces = new PieceSet(flushed.pieces());
        List<Path> paths = new ArrayList<>();
        boolean anythingLeft = false;
        boolean touched = false;
        doors.writeLock().lock();
        try {
            for (int file = 0; file < layout.files(); file++) {
                long length = layout.file(file).length();
                long left = Math.max(0, stampOrNone(file).length());
                anythingLeft |= left > 0;
                touched |= isTouched(file);
                if (!layout.file(file).isStored() || parked.get(file) || left >= length) {
                    continue;
                }
                int before = pieces.count();
                for (int piece = flushed.next(layout.pieces().pieceAt(layout.offset(file) + left));
                        piece >= 0 && piece < layout.endPiece(file);
                        piece = flushed.next(piece + 1)) {
                    pieces.add(piece);
                }
                if (pieces.count() > before) {
                    paths.add(path(file));
                    letGo(file);
                }
            }
            for (int piece = flushed.nextInBoth(parkedPieces(), 0);
                    piece >= 0;
                    piece = flushed.nextInBoth(parkedPieces(), piece + 1)) {
                if (!parts.holds(piece)) {
                    pieces.add(piece);
                }
            }
        } finally {
            doors.writeLock().unlock();
        }
        return new Loss(pieces, paths, !anythingLeft, touched);
    }

    /** What was open may be a file that has no name any more; what is written from now on shall have one. */
    private void letGo(int file) throws StorageException {
        ContentFile before = files.getAndSet(file, null);
        if (before != null) {
            try {
                before.close();
            } catch (IOException e) {
                throw StorageException.of("close", path(file), e);
            }
        }
        settled.set(file, null);
        synchronized (dirty) {
            dirty.clear(file);
            named.clear(file);
        }
    }

    /**
     * Finds out where the files are: a move that was under way when the process died is carried to its end, or back.
     *
     * @param thought where they are as far as is remembered
     */
    public static Places whereabouts(Metainfo metainfo, Places thought, ContentStore contents, ResumeStore store)
            throws StorageException {
        Digest infoHash = metainfo.infoHash().onTheWire();
        try {
            return Relocation.recover(contents, store, infoHash, thought);
        } catch (StorageException e) {
            if (store.loadMove(infoHash).isPresent()) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "a move of " + metainfo.name() + " was taken back", e);
            return thought;
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
        parts.delete();
        for (int file = 0; file < layout.files(); file++) {
            if (!layout.file(file).isStored() || isParked(file)) {
                continue;
            }
            try {
                file(file).delete();
            } catch (IOException e) {
                throw StorageException.of("delete", path(file), e);
            }
            addFolders(file, folders);
        }
        folders.remove(folder());
        // In reverse order a folder comes before the one that it is in.
        for (Path empty : folders) {
            try {
                contents.deleteFolder(empty);
            } catch (IOException e) {
                throw StorageException.ofFolder("delete", empty, e);
            }
        }
    }

    /**
     * Lets go of the files until they are read or written again, so that a torrent that rests holds no descriptor and nobody is kept
     * from taking its device away. Does not force anything.
     */
    public void release() throws StorageException {
        doors.writeLock().lock();
        try {
            closeFiles();
            forgetFiles();
        } finally {
            doors.writeLock().unlock();
        }
    }

    /** Closes the files for good. Does not force anything. */
    @Override
    public void close() throws StorageException {
        closeFiles();
    }

    /** Closed ones are not used again: another object is made for each that is. */
    private void forgetFiles() {
        for (int file = 0; file < layout.files(); file++) {
            files.set(file, null);
        }
        parts = partFile(places);
    }

    private void closeFiles() throws StorageException {
        parts.close();
        for (int i = 0; i < files.length(); i++) {
            ContentFile open = files.get(i);
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
