package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.io.work.Outcome;
import dev.spate.io.work.Workers;
import dev.spate.wire.PieceSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * The reading of pieces from disk to find out which are good. Runs on all workers, in stretches, so that other work gets its turn in
 * between; pieces of files that are missing or too short are not read at all. Safe for use by several threads.
 */
public final class Recheck {

    /** What one task reads before it goes to the end of the queue: 4 ms at full speed, and long enough for a disk's readahead. */
    private static final long STRETCH_BYTES = 8 << 20;

    private final TorrentStorage storage;
    private final PieceChecker.PieceHashes hashes;
    private final PieceChecker checker;
    private final Workers workers;
    private final CompletableFuture<PieceSet> result = new CompletableFuture<>();

    // Guarded by this.
    private final PieceSet waiting;
    private final PieceSet good;
    private int cursor;
    private int strands;
    private int checked;

    private Recheck(
            TorrentStorage storage,
            PieceChecker.PieceHashes hashes,
            PieceChecker checker,
            PieceSet pieces,
            Workers workers) {
        this.storage = storage;
        this.hashes = hashes;
        this.checker = checker;
        this.waiting = pieces.copy();
        this.good = new PieceSet(pieces.pieces());
        this.workers = workers;
    }

    /**
     * Begins.
     *
     * @param pieces what to read
     */
    public static Recheck start(
            TorrentStorage storage,
            PieceChecker.PieceHashes hashes,
            PieceChecker checker,
            PieceSet pieces,
            Workers workers) {
        Recheck recheck = new Recheck(storage, hashes, checker, pieces, workers);
        recheck.strands = 1;
        recheck.submit(true);
        return recheck;
    }

    /**
     * The good ones of the pieces. Fails with a {@link StorageException} when a file that exists cannot be read, and with a {@link
     * CancellationException}. Completed on a worker.
     */
    public CompletableFuture<PieceSet> result() {
        return result.copy();
    }

    /** How many pieces were looked at so far, those of missing files included. */
    public synchronized int checked() {
        return checked;
    }

    /** Ends it soon; no piece is begun any more. */
    public void cancel() {
        result.cancel(false);
    }

    private void submit(boolean first) {
        try {
            workers.<Boolean>submit(() -> first ? begin() : goOn(), Runnable::run, this::ended);
        } catch (RejectedExecutionException e) {
            CancellationException cancelled = new CancellationException("the workers are closed");
            cancelled.initCause(e);
            result.completeExceptionally(cancelled);
        }
    }

    private void ended(Outcome<Boolean> outcome) {
        switch (outcome) {
            case Outcome.Done<Boolean>(var more) -> {
                if (more) {
                    submit(false);
                } else {
                    leave();
                }
            }
            case Outcome.Failed<Boolean>(var cause) -> result.completeExceptionally(cause);
        }
    }

    private void leave() {
        PieceSet found;
        synchronized (this) {
            if (--strands > 0) {
                return;
            }
            found = good.copy();
        }
        result.complete(found);
    }

    private boolean begin() throws StorageException {
        dropUnreadable();
        int more;
        synchronized (this) {
            more = Math.min(workers.threads(), waiting.count()) - 1;
            strands += Math.max(0, more);
        }
        for (int i = 0; i < more; i++) {
            submit(false);
        }
        return goOn();
    }

    private void dropUnreadable() throws StorageException {
        FileLayout layout = storage.layout();
        List<FileStamp> stamps = storage.stamps();
        synchronized (this) {
            int before = waiting.count();
            for (int file = 0; file < layout.files(); file++) {
                long length = Math.max(0, stamps.get(file).length());
                if (!layout.file(file).isStored() || length >= layout.file(file).length()) {
                    continue;
                }
                int piece =
                        (int) ((layout.offset(file) + length) / layout.pieces().pieceLength());
                boolean parked = storage.isParked(file);
                for (piece = waiting.next(piece); piece >= 0 && piece < layout.endPiece(file); ) {
                    if (!parked || !storage.isHeld(piece)) {
                        waiting.remove(piece);
                    }
                    piece = waiting.next(piece + 1);
                }
            }
            checked += before - waiting.count();
        }
    }

    /** Reads one stretch; false when there is nothing left. */
    private boolean goOn() throws StorageException {
        long left = STRETCH_BYTES;
        for (int piece = next(); piece >= 0; piece = next()) {
            boolean matches = matches(piece);
            synchronized (this) {
                checked++;
                if (matches) {
                    good.add(piece);
                }
            }
            left -= storage.layout().pieces().length(piece);
            if (left <= 0) {
                return true;
            }
        }
        return false;
    }

    private synchronized int next() {
        if (result.isDone()) {
            return -1;
        }
        int piece = waiting.next(cursor);
        cursor = piece < 0 ? waiting.pieces() : piece + 1;
        return piece;
    }

    private boolean matches(int piece) throws StorageException {
        try {
            return checker.matches(hashes, piece, storage);
        } catch (StorageException.Missing | StorageException.Changed e) {
            // Gone since we looked; to be downloaded, like those that were missing then.
            return false;
        }
    }
}
