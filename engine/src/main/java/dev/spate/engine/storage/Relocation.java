package dev.spate.engine.storage;

import dev.spate.engine.store.ContentStore;
import dev.spate.engine.store.ContentStore.ContentFile;
import dev.spate.engine.store.FileStamp;
import dev.spate.io.memory.DirectMemory;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;

/**
 * A change of where the files of a torrent lie that is made as a whole or not at all, whenever the process dies. Blocks; for one
 * thread.
 *
 * <pre>
 *   look: nothing may be where a file goes
 *   journal: underway                          died: goes on from here
 *   each file: renamed, or copied and forced   failed or cancelled: each file goes back, the journal is deleted
 *   journal: committed                         died: goes on from here
 *   each copied file: the original is deleted
 *   (resume data is saved with the new places)
 *   journal deleted
 * </pre>
 *
 * <p>What was done of the files is not written down but seen: a file is at its old place, at its new one after a rename, or at both
 * after a copy, since a copy gets its name when it is whole and forced. So each step may be repeated. Originals stay until
 * everything is copied: a move to another file system needs the room twice for a while, and in turn going back is always possible.
 */
public final class Relocation {

    /** What is read and written at once. */
    private static final int CHUNK = 1 << 20;

    /** Is told how far it is, and asked whether to go on. On the thread that moves. */
    public interface Watch {

        /** So many bytes, and files, of so many are at their new place. */
        void progress(Progress progress);

        /** Whether to go on. */
        Wish wish();

        /** Nobody watches. */
        static Watch none() {
            return new Watch() {
                @Override
                public void progress(Progress progress) {}

                @Override
                public Wish wish() {
                    return Wish.GO_ON;
                }
            };
        }
    }

    /** What whoever watches a move wants to become of it. */
    public enum Wish {
        GO_ON,
        /** Everything is to be where it was. */
        GO_BACK,
        /** It is to stop where it is, and will be carried on later. */
        LEAVE
    }

    /** How far a move is: files and bytes that are at their new place, of those to be moved. */
    public record Progress(int files, int allFiles, long bytes, long allBytes) {
        public static final Progress NOTHING = new Progress(0, 0, 0, 0);
    }

    /** One file: its names from the old root on, and from the new one on. */
    record Step(List<String> from, List<String> to) {
        Step {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }
    }

    private final ContentStore contents;
    private final ResumeStore store;
    private final Digest infoHash;
    private MoveJournal journal;
    private long allBytes;
    private long bytes;
    private int files;

    private Relocation(ContentStore contents, ResumeStore store, Digest infoHash, MoveJournal journal) {
        this.contents = contents;
        this.store = store;
        this.infoHash = infoHash;
        this.journal = journal;
    }

    /**
     * Looks whether nothing is in the way, and writes down what is to be done.
     *
     * @throws StorageException.NameClash if something is; nothing was changed then
     */
    static Relocation begin(
            ContentStore contents, ResumeStore store, Digest infoHash, Path fromRoot, Places to, List<Step> steps)
            throws StorageException {
        Relocation move =
                new Relocation(contents, store, infoHash, new MoveJournal(infoHash, fromRoot, to, steps, false));
        List<Path> inTheWay = new ArrayList<>();
        for (Step step : steps) {
            if (!move.stamp(to.root(), step.to()).equals(TorrentStorage.NO_FILE)) {
                inTheWay.add(resolve(to.root(), step.to()));
            }
        }
        if (!inTheWay.isEmpty()) {
            throw new StorageException.NameClash(inTheWay, "a file is where one of the torrent's is to go", null);
        }
        store.saveMove(infoHash, move.journal.encode());
        return move;
    }

    /**
     * Carries a move to its end that was under way when the process died; one that cannot go on goes back.
     *
     * @param thought where the torrent's files were, as far as is remembered
     * @return where they are now. The journal stays until the caller has saved this
     */
    static Places recover(ContentStore contents, ResumeStore store, Digest infoHash, Places thought)
            throws StorageException {
        Optional<byte[]> found = store.loadMove(infoHash);
        if (found.isEmpty()
                || !(MoveJournal.decode(found.get()) instanceof Decoding.Decoded<MoveJournal>(var journal))
                || !journal.infoHash().equals(infoHash)
                || !journal.fromRoot().equals(thought.root())) {
            return thought;
        }
        Relocation move = new Relocation(contents, store, infoHash, journal);
        if (journal.committed()) {
            move.dropOriginals();
        } else {
            move.carryOut(Watch.none());
        }
        return journal.to();
    }

    /** Moves everything; when this throws, everything is where it was, if the disk lets it. */
    void carryOut(Watch watch) throws StorageException {
        try {
            for (Step step : journal.steps()) {
                allBytes += Math.max(0, stamp(journal.fromRoot(), step.from()).length());
            }
            for (Step step : journal.steps()) {
                requireGoingOn(watch);
                carryOut(step, watch);
                files++;
                tell(watch);
            }
            forceFolders();
        } catch (StorageException | CancellationException e) {
            if (watch.wish() != Wish.LEAVE) {
                goBack(e);
            }
            throw e;
        }
        journal = journal.commit();
        store.saveMove(infoHash, journal.encode());
        dropOriginals();
    }

    private void carryOut(Step step, Watch watch) throws StorageException {
        ContentFile from = file(journal.fromRoot(), step.from());
        ContentFile to = file(journal.to().root(), step.to());
        FileStamp original = stamp(journal.fromRoot(), step.from());
        FileStamp there = stamp(journal.to().root(), step.to());
        if (original.equals(TorrentStorage.NO_FILE)) {
            return;
        }
        if (!there.equals(TorrentStorage.NO_FILE)) {
            if (!isCopy(step)) {
                throw new StorageException.NameClash(
                        List.of(resolve(journal.to().root(), step.to())),
                        "a file is where one of the torrent's is to go",
                        null);
            }
            bytes += original.length();
            return;
        }
        try {
            from.moveTo(to);
            bytes += original.length();
        } catch (AtomicMoveNotSupportedException otherFileSystem) {
            copy(step, from, to, original, watch);
        } catch (FileAlreadyExistsException e) {
            throw clash(step, e);
        } catch (IOException e) {
            throw StorageException.of("move", resolve(journal.fromRoot(), step.from()), e);
        } finally {
            close(from);
            close(to);
        }
    }

    private void copy(Step step, ContentFile from, ContentFile to, FileStamp original, Watch watch)
            throws StorageException {
        Path target = resolve(journal.to().root(), step.to());
        ContentFile growing = growing();
        try {
            growing.delete();
            growing.setLength(original.length());
            ByteBuffer chunk = DirectMemory.allocate(Math.clamp(original.length(), 1, CHUNK));
            ByteBuffer zeros = ByteBuffer.allocate(chunk.capacity());
            for (long at = 0; at < original.length(); at += chunk.limit()) {
                requireGoingOn(watch);
                chunk.clear().limit((int) Math.min(chunk.capacity(), original.length() - at));
                from.read(chunk, at);
                chunk.flip();
                // Holes stay holes.
                if (chunk.mismatch(zeros.slice(0, chunk.limit())) >= 0) {
                    growing.write(chunk, at);
                }
                bytes += chunk.limit();
                tell(watch);
            }
            growing.force();
            growing.setModified(original.modifiedNanos());
            if (growing.stamp().map(FileStamp::length).orElse(-1L) != original.length()
                    || !stamp(journal.fromRoot(), step.from()).equals(original)) {
                throw new StorageException.Changed("copy", target, "the original changed meanwhile", null);
            }
            growing.moveTo(to);
        } catch (FileAlreadyExistsException e) {
            throw clash(step, e);
        } catch (IOException e) {
            throw StorageException.of("copy to", target, e);
        } finally {
            close(growing);
        }
    }

    private ContentFile growing() {
        return file(journal.to().root(), List.of(Places.copy(infoHash)));
    }

    private StorageException clash(Step step, IOException cause) {
        return new StorageException.NameClash(
                List.of(resolve(journal.to().root(), step.to())),
                "a file is where one of the torrent's is to go",
                cause);
    }

    /** Whether the file at the new place is what we copied: nothing else has the same length, and time or bytes. */
    private boolean isCopy(Step step) throws StorageException {
        FileStamp original = stamp(journal.fromRoot(), step.from());
        FileStamp there = stamp(journal.to().root(), step.to());
        if (original.length() != there.length() || original.equals(there)) {
            return original.equals(there);
        }
        ContentFile from = file(journal.fromRoot(), step.from());
        ContentFile to = file(journal.to().root(), step.to());
        ByteBuffer one = DirectMemory.allocate(CHUNK);
        ByteBuffer other = DirectMemory.allocate(CHUNK);
        try {
            for (long at = 0; at < original.length(); at += one.limit()) {
                int length = (int) Math.min(CHUNK, original.length() - at);
                from.read(one.clear().limit(length), at);
                to.read(other.clear().limit(length), at);
                if (one.flip().mismatch(other.flip()) >= 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw StorageException.of("compare", resolve(journal.to().root(), step.to()), e);
        } finally {
            close(from);
            close(to);
        }
    }

    /** New names are made durable before anything says that they are there. */
    private void forceFolders() throws StorageException {
        TreeSet<Path> folders = new TreeSet<>();
        for (Step step : journal.steps()) {
            addFolders(journal.to().root(), step.to(), folders);
            addFolders(journal.fromRoot(), step.from(), folders);
        }
        for (Path folder : folders) {
            try {
                contents.forceFolder(folder);
            } catch (IOException e) {
                throw StorageException.ofFolder("force to disk", folder, e);
            }
        }
    }

    private void dropOriginals() throws StorageException {
        TreeSet<Path> folders = new TreeSet<>(Comparator.reverseOrder());
        for (Step step : journal.steps()) {
            FileStamp original = stamp(journal.fromRoot(), step.from());
            if (!original.equals(TorrentStorage.NO_FILE) && isCopy(step)) {
                delete(journal.fromRoot(), step.from());
            }
            addFolders(journal.fromRoot(), step.from(), folders);
        }
        folders.remove(journal.fromRoot());
        dropEmpty(folders);
    }

    private void goBack(Throwable cause) {
        try {
            growing().delete();
            TreeSet<Path> folders = new TreeSet<>(Comparator.reverseOrder());
            for (Step step : journal.steps().reversed()) {
                goBack(step);
                addFolders(journal.to().root(), step.to(), folders);
            }
            folders.remove(journal.to().root());
            dropEmpty(folders);
            store.removeMove(infoHash);
        } catch (IOException | StorageException e) {
            // The journal is still there: the next look at the files goes on with the move.
            cause.addSuppressed(e);
        }
    }

    private void goBack(Step step) throws IOException, StorageException {
        FileStamp original = stamp(journal.fromRoot(), step.from());
        FileStamp there = stamp(journal.to().root(), step.to());
        if (there.equals(TorrentStorage.NO_FILE)) {
            return;
        }
        if (original.equals(TorrentStorage.NO_FILE)) {
            ContentFile moved = file(journal.to().root(), step.to());
            ContentFile home = file(journal.fromRoot(), step.from());
            moved.moveTo(home);
            close(moved);
            close(home);
        } else if (isCopy(step)) {
            delete(journal.to().root(), step.to());
        }
    }

    private void dropEmpty(SortedSet<Path> deepestFirst) throws StorageException {
        for (Path folder : deepestFirst) {
            try {
                contents.deleteFolder(folder);
            } catch (IOException e) {
                throw StorageException.ofFolder("delete", folder, e);
            }
        }
    }

    private static void addFolders(Path root, List<String> names, Set<Path> folders) {
        Path folder = root;
        folders.add(folder);
        for (String name : names.subList(0, names.size() - 1)) {
            folder = folder.resolve(name);
            folders.add(folder);
        }
    }

    private static void requireGoingOn(Watch watch) {
        if (watch.wish() != Wish.GO_ON) {
            throw new CancellationException("the move was cancelled");
        }
    }

    private void tell(Watch watch) {
        watch.progress(new Progress(files, journal.steps().size(), bytes, allBytes));
    }

    private ContentFile file(Path root, List<String> names) {
        Path relative = root.getFileSystem()
                .getPath(names.getFirst(), names.subList(1, names.size()).toArray(String[]::new));
        return contents.file(root, relative);
    }

    private static Path resolve(Path root, List<String> names) {
        Path path = root;
        for (String name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    private FileStamp stamp(Path root, List<String> names) throws StorageException {
        try {
            return file(root, names).stamp().orElse(TorrentStorage.NO_FILE);
        } catch (IOException e) {
            throw StorageException.of("look at", resolve(root, names), e);
        }
    }

    private void delete(Path root, List<String> names) throws StorageException {
        ContentFile file = file(root, names);
        try {
            file.delete();
        } catch (IOException e) {
            throw StorageException.of("delete", resolve(root, names), e);
        } finally {
            close(file);
        }
    }

    private static void close(ContentFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new AssertionError("giving up a descriptor does not fail", e);
        }
    }
}
