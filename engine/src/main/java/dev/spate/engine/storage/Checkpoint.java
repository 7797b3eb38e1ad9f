package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps what is remembered of one torrent true at every moment: a piece is claimed only after its bytes were forced to the
 * device, and a piece that may be half-written is known as such before its first byte is written. Safe for use by several threads.
 *
 * <pre>
 *   unclaimed --begun--> begun --written--> written --save--> claimed
 *       ^                                                       |
 *       +------------------------- lost ------------------------+
 * </pre>
 *
 * <p>So whenever the process dies, each piece that was ever reported is claimed, or on the list of those begun: the next start
 * reads the few pieces of that list and believes the rest (see {@link Inspection}).
 */
public final class Checkpoint {
    private final TorrentStorage storage;
    private final ResumeStore store;
    private final Digest infoHash;

    /** Serializes saves; taken before {@code this}. */
    private final Object saving = new Object();

    private volatile ResumeData.Notes notes;
    /** How files looked when they were last forced, or at the first save. Guarded by {@link #saving}. */
    private final List<FileStamp> stamps = new ArrayList<>();

    /** Whether what is saved says that files may be changing. */
    private volatile boolean running;

    // Guarded by this.
    private final PieceSet claimed;
    private final PieceSet begun;
    private final PieceSet written;

    /**
     * Remembers; saves nothing yet.
     *
     * @param claimed pieces that are verified and on disk; copied
     * @param notes what else is to be remembered, until {@link #note} says otherwise
     */
    public Checkpoint(
            TorrentStorage storage, ResumeStore store, Digest infoHash, PieceSet claimed, ResumeData.Notes notes) {
        this.storage = storage;
        this.store = store;
        this.infoHash = infoHash;
        this.claimed = claimed.copy();
        this.notes = notes;
        this.begun = new PieceSet(claimed.pieces());
        this.written = new PieceSet(claimed.pieces());
    }

    /** Replaces what is to be remembered besides; saved with the next {@link #save}. */
    public void note(ResumeData.Notes latest) {
        notes = latest;
    }

    /** A piece is about to be written. Saves first if nothing was saved since the start or since the last {@link #close}. */
    void begun(int piece) throws StorageException {
        if (!running) {
            synchronized (saving) {
                if (!running) {
                    save();
                }
            }
        }
        synchronized (this) {
            written.remove(piece);
            claimed.remove(piece);
            if (begun.add(piece)) {
                store.begun(infoHash, piece);
            }
        }
    }

    /** All bytes of a piece that was begun are with the system. */
    synchronized void written(int piece) {
        assert begun.contains(piece);
        written.add(piece);
    }

    /** A piece is not on disk any more, or not as it was. */
    public synchronized void lost(int piece) {
        claimed.remove(piece);
        written.remove(piece);
    }

    /** Whether there are pieces on disk that a save would claim and the last one did not. */
    public synchronized boolean isDue() {
        return !written.isEmpty();
    }

    /**
     * Forces all that was written and saves what is true then. To be called from time to time while pieces arrive, and when a
     * download is complete. Blocks for as long as the device takes; pieces may be written meanwhile.
     */
    public void save() throws StorageException {
        save(false);
    }

    /** As {@link #save}, once nothing is written any more: at the next start the files must look the same. */
    public void close() throws StorageException {
        save(true);
        store.release(infoHash);
    }

    private void save(boolean closing) throws StorageException {
        synchronized (saving) {
            PieceSet settled;
            BitSet unforced = storage.unforced();
            BitSet whole = new BitSet();
            synchronized (this) {
                settled = written.copy();
                unforced.stream().filter(this::isOnDisk).forEach(whole::set);
            }
            // A file that the claim makes complete is not written to any more. The sooner it is looked at, the less can
            // anybody else do to it that is taken for ours; others may be written to until they are forced, and are
            // looked at then.
            SortedMap<Integer, FileStamp> early = stamps(whole);
            BitSet refreshed = refreshStamps(storage.force(), early);
            synchronized (this) {
                claim(settled);
                settle(refreshed);
                boolean closed = closing && begun.isEmpty();
                store.save(
                        new ResumeData(infoHash, new ResumeData.Claim(claimed.copy(), stamps, closed), notes),
                        list(begun));
                running = !closing;
            }
        }
    }

    /** Whether every piece of a file is claimed, or will be with the next save. */
    private boolean isOnDisk(int file) {
        FileLayout layout = storage.layout();
        if (file == layout.files()) {
            // The part file is never finished.
            return false;
        }
        for (int piece = layout.firstPiece(file); piece < layout.endPiece(file); piece++) {
            if (!claimed.contains(piece) && !written.contains(piece)) {
                return false;
            }
        }
        return true;
    }

    private SortedMap<Integer, FileStamp> stamps(BitSet files) throws StorageException {
        SortedMap<Integer, FileStamp> found = new TreeMap<>();
        for (int file = files.nextSetBit(0); file >= 0; file = files.nextSetBit(file + 1)) {
            found.put(file, storage.stampOrNone(file));
        }
        return found;
    }

    /**
     * Only of files that we wrote to: there may be a million, and a change that somebody else makes meanwhile must not be taken for ours.
     *
     * @param early how those looked that were complete already
     * @return the files whose stamps are new
     */
    private BitSet refreshStamps(BitSet forced, SortedMap<Integer, FileStamp> early) throws StorageException {
        if (stamps.isEmpty()) {
            stamps.addAll(storage.stamps());
            forced.set(0, stamps.size());
            return forced;
        }
        for (int file = forced.nextSetBit(0); file >= 0; file = forced.nextSetBit(file + 1)) {
            FileStamp known = early.get(file);
            FileStamp stamp = known == null ? storage.stampOrNone(file) : known;
            if (stamp.equals(TorrentStorage.NO_FILE) && !storage.mayBeMissing(file)) {
                // What was forced has no name any more.
                throw new StorageException.Missing("save", storage.path(file), null);
            }
            stamps.set(file, stamp);
        }
        return forced;
    }

    /** Files of which every piece is claimed are not written to any more; from now on they are watched. */
    private void settle(BitSet candidates) {
        FileLayout layout = storage.layout();
        for (int file = candidates.nextSetBit(0);
                file >= 0 && file < layout.files();
                file = candidates.nextSetBit(file + 1)) {
            FileStamp stamp = stamps.get(file);
            if (!stamp.equals(TorrentStorage.NO_FILE) && Inspection.isComplete(layout, file, claimed, begun)) {
                storage.settle(file, stamp);
            }
        }
    }

    private void claim(PieceSet settled) {
        for (int piece = settled.next(0); piece >= 0; piece = settled.next(piece + 1)) {
            // One that was lost or begun again meanwhile is not settled.
            if (written.remove(piece)) {
                begun.remove(piece);
                claimed.add(piece);
            }
        }
    }

    private static List<Integer> list(PieceSet set) {
        List<Integer> pieces = new ArrayList<>(set.count());
        for (int piece = set.next(0); piece >= 0; piece = set.next(piece + 1)) {
            pieces.add(piece);
        }
        return pieces;
    }
}
