package dev.spate.engine.storage;

import dev.spate.engine.store.FileStamp;
import dev.spate.io.work.Outcome;
import dev.spate.io.work.Workers;
import dev.spate.wire.PieceSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The reading of pieces from disk to find out which are good. Runs on all workers, in stretches, so that other work gets its turn in
 * between; pieces of files that are missing or too short are not read at all. Whoever has more to read than a stretch waits for its turn
 * among the torrents of the session. It can be paused, and goes on where it was. Safe for use by several threads.
 */
public final class Recheck {

    /** What one task reads before it goes to the end of the queue: 4 ms at full speed, and long enough for a disk's readahead. */
    private static final long STRETCH_BYTES = 8 << 20;

    private final TorrentStorage storage;
    private final PieceChecker.PieceHashes hashes;
    private final PieceChecker checker;
    private final Workers workers;
    private final CheckTurns.Turn turn;
    private final CompletableFuture<PieceSet> result = new CompletableFuture<>();

    // Guarded by this.
    private boolean looked;
    private boolean paused;
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
            Workers workers,
            CheckTurns turns) {
        this.storage = storage;
        this.hashes = hashes;
        this.checker = checker;
        this.waiting = pieces.copy();
        this.good = new PieceSet(pieces.pieces());
        this.workers = workers;
        this.turn = turns.turn(this::read);
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
            Workers workers,
            CheckTurns turns) {
        Recheck recheck = new Recheck(storage, hashes, checker, pieces, workers, turns);
        recheck.submit(recheck::look, recheck::looked);
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

    /** How many other torrents are read before this one; 0 if it does not wait. */
    int ahead() {
        return turn.ahead();
    }

    /** Ends it soon; no piece is begun any more. */
    public void cancel() {
        result.cancel(false);
        turn.leave();
    }

    /** Begins no piece until {@link #resume}, and makes place for other torrents. */
    void pause() {
        synchronized (this) {
            paused = true;
        }
        turn.leave();
    }

    void resume() {
        synchronized (this) {
            paused = false;
        }
        queueUp();
    }

    private void submit(Callable<Boolean> task, Consumer<Outcome<Boolean>> then) {
        try {
            workers.submit(task, Runnable::run, then);
        } catch (RejectedExecutionException e) {
            CancellationException cancelled = new CancellationException("the workers are closed");
            cancelled.initCause(e);
            fail(cancelled);
        }
    }

    private void fail(Throwable cause) {
        result.completeExceptionally(cause);
        turn.leave();
    }

    private void ended(Outcome<Boolean> outcome) {
        switch (outcome) {
            case Outcome.Done<Boolean>(var more) -> {
                if (more) {
                    submit(this::goOn, this::ended);
                } else {
                    synchronized (this) {
                        strands--;
                    }
                    endIfOver();
                }
            }
            case Outcome.Failed<Boolean>(var cause) -> fail(cause);
        }
    }

    private void endIfOver() {
        PieceSet found;
        synchronized (this) {
            if (strands > 0 || waiting.next(cursor) >= 0) {
                return;
            }
            found = good.copy();
        }
        result.complete(found);
        turn.leave();
    }

    /** Finds out what there is to read. */
    private boolean look() throws StorageException {
        dropUnreadable();
        return true;
    }

    private void looked(Outcome<Boolean> outcome) {
        switch (outcome) {
            case Outcome.Done<Boolean> done -> {
                synchronized (this) {
                    looked = true;
                }
                endIfOver();
                queueUp();
            }
            case Outcome.Failed<Boolean>(var cause) -> fail(cause);
        }
    }

    /** Reads as soon as it may, if there is something to read. */
    private void queueUp() {
        boolean small;
        synchronized (this) {
            if (!looked || paused || waiting.next(cursor) < 0) {
                return;
            }
            small = (long) waiting.count() * storage.layout().pieces().pieceLength() <= STRETCH_BYTES;
        }
        if (small) {
            read();
        } else {
            turn.take();
        }
    }

    /** Its turn has come, or it needs none. */
    private void read() {
        int more;
        synchronized (this) {
            boolean mayRead = !paused && !result.isDone();
            more = mayRead ? Math.max(0, Math.min(workers.threads(), waiting.count()) - strands) : -1;
            strands += Math.max(0, more);
        }
        if (more < 0) {
            // Paused or cancelled while its turn came.
            turn.leave();
        }
        for (int i = 0; i < more; i++) {
            submit(this::goOn, this::ended);
        }
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
        if (paused || result.isDone()) {
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
