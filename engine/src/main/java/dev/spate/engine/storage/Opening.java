package dev.spate.engine.storage;

import dev.spate.engine.store.Allocation;
import dev.spate.io.work.Outcome;
import dev.spate.io.work.Workers;
import dev.spate.wire.PieceSet;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The way from a torrent's files as they are found to storage that may be written: compares them with the resume data, reads what
 * is in doubt, and makes sure that nothing of somebody else's is in the way. Runs on workers. Safe for use by several threads.
 */
public final class Opening {

    /**
     * What was found.
     *
     * @param flushed the pieces that are on disk and good
     * @param changed files, by number, that are not as they were left; what is good of them is in {@code flushed}
     */
    public record Found(PieceSet flushed, BitSet changed) {}

    private final TorrentStorage storage;
    private final PieceChecker.PieceHashes hashes;
    private final PieceChecker checker;
    private final Workers workers;
    private final CheckTurns turns;
    private final BitSet unwanted;
    private final boolean overwrite;
    private final Allocation allocation;
    private final CompletableFuture<Found> result = new CompletableFuture<>();
    private volatile @Nullable Recheck recheck;
    private volatile @Nullable Room room;

    // Guarded by this.
    private boolean paused;
    /** What there is to do when it is no longer paused. */
    private Runnable putOff = () -> {};

    private Opening(
            TorrentStorage storage,
            PieceChecker.PieceHashes hashes,
            PieceChecker checker,
            Workers workers,
            CheckTurns turns,
            BitSet unwanted,
            boolean overwrite,
            Allocation allocation) {
        this.turns = turns;
        this.allocation = allocation;
        this.unwanted = unwanted;
        this.storage = storage;
        this.hashes = hashes;
        this.checker = checker;
        this.workers = workers;
        this.overwrite = overwrite;
    }

    /**
     * Begins.
     *
     * @param resume what is remembered of the torrent, or empty: then every piece that may be there is read
     * @param turns where it waits if it has much to read
     * @param unwanted files that are not to be made if they do not exist
     * @param overwrite whether the user allows to overwrite files that are not this torrent's
     * @param allocation how room is taken for wanted files
     */
    public static Opening start(
            TorrentStorage storage,
            PieceChecker.PieceHashes hashes,
            PieceChecker checker,
            Optional<ResumeFile.Found> resume,
            Workers workers,
            CheckTurns turns,
            BitSet unwanted,
            boolean overwrite,
            Allocation allocation) {
        Opening opening = new Opening(storage, hashes, checker, workers, turns, unwanted, overwrite, allocation);
        opening.run(() -> opening.inspect(resume));
        return opening;
    }

    /**
     * Fails with a {@link StorageException}, such as a name clash, or a {@link CancellationException}. Completed on a worker.
     */
    public CompletableFuture<Found> result() {
        return result.copy();
    }

    /** How many pieces were looked at so far, of those in doubt. */
    public int checked() {
        Recheck running = recheck;
        return running == null ? 0 : running.checked();
    }

    /** How many other torrents are read before this one; 0 if it does not wait for them. */
    public int ahead() {
        Recheck running = recheck;
        return running == null ? 0 : running.ahead();
    }

    /** How many bytes still have no room on the device, of files that are to have it at once. */
    public long roomless() {
        Room taking = room;
        return taking == null ? 0 : taking.missing();
    }

    /** Neither reads nor writes until {@link #resume}; what needs no more of either ends all the same. */
    public synchronized void pause() {
        paused = true;
        Recheck running = recheck;
        if (running != null) {
            running.pause();
        }
    }

    public void resume() {
        Runnable next;
        synchronized (this) {
            paused = false;
            Recheck running = recheck;
            if (running != null) {
                running.resume();
            }
            next = putOff;
            putOff = () -> {};
        }
        next.run();
    }

    /** Ends it soon. */
    public void cancel() {
        result.cancel(false);
        Recheck running = recheck;
        if (running != null) {
            running.cancel();
        }
    }

    /** A step that may fail. */
    @FunctionalInterface
    private interface Step {
        void take() throws StorageException;
    }

    private void run(Step step) {
        try {
            workers.<Boolean>submit(
                    () -> {
                        step.take();
                        return true;
                    },
                    Runnable::run,
                    outcome -> {
                        if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                            result.completeExceptionally(cause);
                        }
                    });
        } catch (RejectedExecutionException e) {
            CancellationException cancelled = new CancellationException("the workers are closed");
            cancelled.initCause(e);
            result.completeExceptionally(cancelled);
        }
    }

    private void inspect(Optional<ResumeFile.Found> resume) throws StorageException {
        FileLayout layout = storage.layout();
        int pieces = layout.pieces().pieces();
        Optional<ResumeFile.Found> fitting = resume.filter(found -> Inspection.fits(layout, found.data()));
        storage.arrange(
                unwanted, fitting.map(found -> found.data().claim().stamps()).orElse(null));
        Inspection inspection = fitting.isPresent()
                ? Inspection.of(layout, fitting.get(), storage.stamps(), parked())
                : new Inspection(new PieceSet(pieces), PieceSet.full(pieces), new BitSet(), new BitSet());
        Recheck running = startReading(inspection);
        if (result.isDone()) {
            running.cancel();
        }
        var _ = running.result().whenComplete((good, failure) -> {
            if (failure == null) {
                run(() -> conclude(inspection, good));
            } else {
                result.completeExceptionally(
                        failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : failure);
            }
        });
    }

    private synchronized Recheck startReading(Inspection inspection) {
        Recheck running = Recheck.start(storage, hashes, checker, inspection.doubtful(), workers, turns);
        recheck = running;
        if (paused) {
            running.pause();
        }
        return running;
    }

    private Inspection.Parked parked() throws StorageException {
        PieceSet pieces = storage.parkedPieces();
        PieceSet held = new PieceSet(pieces.pieces());
        for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
            if (storage.isHeld(piece)) {
                held.add(piece);
            }
        }
        return new Inspection.Parked(pieces, held);
    }

    private void conclude(Inspection inspection, PieceSet good) throws StorageException {
        // What was read came from memory maybe: the process that wrote it may have died before it was forced.
        storage.forceLater(inspection.doubtful());
        PieceSet flushed = inspection.trusted().copy();
        for (int piece = good.next(0); piece >= 0; piece = good.next(piece + 1)) {
            flushed.add(piece);
        }
        storage.prepare(flushed, inspection.ours(), overwrite);
        storage.tidy();
        Room taking = new Room(storage, allocation);
        room = taking;
        takeRoom(taking, new Found(flushed, inspection.changed()));
    }

    private void takeRoom(Room taking, Found found) throws StorageException {
        if (!taking.takeMore()) {
            result.complete(found);
        } else if (!result.isDone()) {
            runUnlessPaused(() -> run(() -> takeRoom(taking, found)));
        }
    }

    private void runUnlessPaused(Runnable next) {
        synchronized (this) {
            if (paused) {
                putOff = next;
                return;
            }
        }
        next.run();
    }
}
