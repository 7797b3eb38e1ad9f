package dev.spate.engine.storage;

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
    private final BitSet unwanted;
    private final boolean overwrite;
    private final CompletableFuture<Found> result = new CompletableFuture<>();
    private volatile @Nullable Recheck recheck;

    private Opening(
            TorrentStorage storage,
            PieceChecker.PieceHashes hashes,
            PieceChecker checker,
            Workers workers,
            BitSet unwanted,
            boolean overwrite) {
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
     * @param unwanted files that are not to be made if they do not exist
     * @param overwrite whether the user allows to overwrite files that are not this torrent's
     */
    public static Opening start(
            TorrentStorage storage,
            PieceChecker.PieceHashes hashes,
            PieceChecker checker,
            Optional<ResumeFile.Found> resume,
            Workers workers,
            BitSet unwanted,
            boolean overwrite) {
        Opening opening = new Opening(storage, hashes, checker, workers, unwanted, overwrite);
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
        Recheck running = Recheck.start(storage, hashes, checker, inspection.doubtful(), workers);
        recheck = running;
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
        result.complete(new Found(flushed, inspection.changed()));
    }
}
