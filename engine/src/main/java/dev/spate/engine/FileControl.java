package dev.spate.engine;

import dev.spate.engine.storage.FileLayout;
import dev.spate.engine.storage.Loss;
import dev.spate.engine.storage.Places;
import dev.spate.engine.storage.Relocation;
import dev.spate.engine.storage.ResumeData;
import dev.spate.engine.storage.ResumeFile;
import dev.spate.engine.storage.StorageException;
import dev.spate.io.work.Outcome;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The files of one torrent as the user wants them: which, how much, under which names, where; and what becomes of them when they
 * are complete or lost. Confined to the lane, but for {@link #priorities} and {@link #places}.
 */
final class FileControl {

    /** Callers that wait for their selection to be carried out; more than that are refused. */
    static final int MAX_WAITING = 256;

    /** Reads that were under way when pieces were found lost have failed after so long. */
    private static final long LATE_NANOS = Duration.ofSeconds(10).toNanos();

    private static final System.Logger LOG = System.getLogger(FileControl.class.getName());

    /** What it asks of the torrent's life, and tells it. On the lane. */
    interface Owner {

        /** The open files and their swarm, or null while there are none. */
        @Nullable
        Run run();

        /** Whether it takes part in its swarm. */
        boolean isRunning();

        /** Whether it takes part, or rests because it was asked to: nothing else is going on with the files. */
        boolean isAtWork();

        ResumeData.Notes notes();

        /** What is wanted, or what is there, has changed: it may be complete now, or not any more. */
        void reviewDone();

        /** The swarm rests while files move. */
        void moveBegins();

        /** It may go on. */
        void moveEnded();

        /** Somebody wrote to files that were complete: what they still hold is to be found out. */
        void filesTouched(Throwable cause);

        /** The files are in a state that needs the user. */
        void filesFailed(Throwable cause);

        void publish(Function<Torrent, Event> event);
    }

    private final Metainfo metainfo;
    private final FileLayout layout;
    private final AddOptions options;
    private final Surroundings around;
    private final Owner owner;

    /** What the user wants. */
    private volatile FilePriorities priorities;

    private volatile Places places;

    /** What the open files were told. */
    private FilePriorities applied;

    private boolean applying;
    /** Looked at by workers. */
    private volatile boolean ending;

    private boolean resumed;
    private boolean looking;
    /** When pieces were found lost the last time. */
    private OptionalLong lostAt = OptionalLong.empty();

    private boolean unsavedMove;
    private @Nullable MoveJob moving;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /** Pieces that each file lacks; kept while files have a suffix to lose. */
    private int[] lacking = {};

    private int renaming;
    private @Nullable Runnable afterRenaming;

    FileControl(Metainfo metainfo, AddOptions options, Surroundings around, Owner owner) {
        this.metainfo = metainfo;
        this.layout = FileLayout.of(metainfo);
        this.options = options;
        this.around = around;
        this.owner = owner;
        Places begin = Places.in(options.incompleteFolder().orElse(options.folder()));
        this.places = options.suffixed() ? begin.withSuffix() : begin;
        SortedMap<Integer, Integer> chosen = new TreeMap<>(options.filePriorities());
        chosen.keySet().removeIf(file -> file >= layout.files());
        this.priorities = FilePriorities.usual(layout.files()).with(chosen);
        this.applied = priorities;
    }

    FilePriorities priorities() {
        return priorities;
    }

    Places places() {
        return places;
    }

    FileLayout layout() {
        return layout;
    }

    // ------------------------------------------------------------------ taking up

    /**
     * What resume data says of where the files are, or else where they should be: in the folder for incomplete ones, unless they are seen
     * only in the other. On a worker.
     */
    Places remembered(Optional<ResumeFile.Found> resume) {
        if (resume.isPresent()) {
            return resume.get().data().notes().places();
        }
        Places now = places;
        Places last = now.withRoot(options.folder());
        return isSeen(last) && !isSeen(now) ? last : now;
    }

    private boolean isSeen(Places there) {
        return isThere(there.root().resolve(there.names(layout, 0).getFirst()));
    }

    /** Where that cannot be learned, whoever opens the file will learn why. */
    private boolean isThere(Path path) {
        try {
            return around.resources().contents().isThere(path);
        } catch (IOException e) {
            return false;
        }
    }

    /** The files are about to be looked at there, with what is remembered of the selection. */
    void takeUp(Optional<ResumeFile.Found> resume, Places where, boolean moved) {
        places = where;
        unsavedMove = moved;
        Optional<FilePriorities> before = resume.map(
                        found -> found.data().notes().priorities())
                .map(list -> list.size() == layout.files()
                        ? new FilePriorities(list)
                        : FilePriorities.usual(layout.files()));
        if (!resumed && options.filePriorities().isEmpty()) {
            priorities = before.orElse(priorities);
        }
        applied = before.orElse(priorities);
        resumed = true;
    }

    BitSet unwanted() {
        return applied.unwanted();
    }

    int[] piecePriorities() {
        return applied.ofPieces(layout);
    }

    /** The files were looked at and a run is there; {@code then} follows when it knows what is wanted. */
    void settleIn(PieceSet flushed, Runnable then) {
        count(flushed);
        for (int file = 0; file < lacking.length; file++) {
            if (lacking[file] == 0) {
                finish(file);
            }
        }
        Run run = owner.run();
        if (unsavedMove && run != null) {
            unsavedMove = false;
            remember(run, true, trouble -> apply(then));
        } else {
            apply(then);
        }
    }

    // ------------------------------------------------------------------ selection

    void setPriorities(SortedMap<Integer, Integer> changes, CompletableFuture<Void> done) {
        FilePriorities next;
        try {
            next = priorities.with(changes);
        } catch (IllegalArgumentException e) {
            done.completeExceptionally(new SpateException.Refused(String.valueOf(e.getMessage())));
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            done.completeExceptionally(new SpateException.Refused(
                    "too many selections wait for the files of " + metainfo.name() + " to be looked at"));
            return;
        }
        priorities = next;
        waiting.add(done);
        if (owner.isAtWork()) {
            apply(() -> {});
        }
    }

    /** Brings the open files in line with what is wanted. */
    private void apply(Runnable then) {
        Run run = owner.run();
        if (run == null || applying) {
            // Whoever applies looks again at the end.
            then.run();
            return;
        }
        FilePriorities target = priorities;
        if (target.equals(applied) && waiting.isEmpty()) {
            then.run();
            return;
        }
        applying = true;
        FilePriorities before = applied;
        around.onWorker(() -> carryOut(run, before, target), outcome -> {
            applying = false;
            if (owner.run() == run) {
                applied(run, target, outcome);
            }
            then.run();
            if (owner.isAtWork() && !priorities.equals(applied)) {
                apply(() -> {});
            }
        });
    }

    /** On a worker. Returns the files that could not be made, and why. */
    private SortedMap<Integer, StorageException> carryOut(Run run, FilePriorities before, FilePriorities target)
            throws StorageException {
        SortedMap<Integer, StorageException> refused = new TreeMap<>();
        for (int file = 0; file < layout.files(); file++) {
            boolean wanted = target.of(file) > 0;
            if (wanted == before.of(file) > 0) {
                continue;
            }
            if (!wanted) {
                run.storage().unwant(file);
                continue;
            }
            try {
                run.storage().want(file);
                run.storage().takeRoom(file, options.allocation(), () -> ending);
            } catch (StorageException e) {
                refused.put(file, e);
            }
        }
        return refused;
    }

    private void applied(Run run, FilePriorities target, Outcome<SortedMap<Integer, StorageException>> outcome) {
        List<CompletableFuture<Void>> answered = List.copyOf(waiting);
        waiting.clear();
        switch (outcome) {
            case Outcome.Done<SortedMap<Integer, StorageException>>(var refused) -> {
                SortedMap<Integer, Integer> back = new TreeMap<>();
                refused.keySet().forEach(file -> back.put(file, 0));
                applied = target.with(back);
                priorities = priorities.with(back);
                run.runner().setPiecePriorities(applied.ofPieces(layout));
                owner.reviewDone();
                remember(run, false, trouble -> {
                    Throwable cause = refused.isEmpty() ? trouble : refused.get(refused.firstKey());
                    answered.forEach(done -> complete(done, cause));
                });
            }
            case Outcome.Failed<SortedMap<Integer, StorageException>>(var cause) -> {
                answered.forEach(done -> complete(done, cause));
                owner.filesFailed(cause);
            }
        }
    }

    private static void complete(CompletableFuture<Void> done, @Nullable Throwable cause) {
        if (cause == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(StorageFailures.toSpate(cause));
        }
    }

    /** Saves where the files are and which are wanted, and then forgets what was needed until then. */
    private void remember(Run run, boolean moved, Consumer<@Nullable Throwable> done) {
        run.checkpoint().note(owner.notes());
        boolean open = owner.isRunning();
        around.onWorker(
                () -> {
                    if (open) {
                        run.checkpoint().save();
                    } else {
                        run.checkpoint().close();
                    }
                    if (moved) {
                        around.resumeStore().removeMove(metainfo.infoHash().onTheWire());
                    }
                    run.storage().tidy();
                    return true;
                },
                outcome -> done.accept(outcome instanceof Outcome.Failed<Boolean>(var cause) ? cause : null));
    }

    // ------------------------------------------------------------------ names and folders

    void renameFile(int file, List<String> names, CompletableFuture<Void> done) {
        if (file < 0 || file >= layout.files() || !layout.file(file).isStored()) {
            done.completeExceptionally(new SpateException.Refused(metainfo.name() + " has no file " + file));
            return;
        }
        if (metainfo.isSingleFile() && names.size() != 1) {
            done.completeExceptionally(new SpateException.Refused(
                    "a torrent of a single file has no folders: " + String.join("/", names)));
            return;
        }
        // A rename is over at once, so peers stay connected.
        relocate(before -> before.withName(file, names), false, new MoveJob(), done);
    }

    void renameTop(String name, CompletableFuture<Void> done) {
        relocate(before -> before.withTop(layout, name), true, new MoveJob(), done);
    }

    void moveTo(Path folder, MoveJob job) {
        relocate(before -> before.withRoot(folder), true, job, job.future());
    }

    private void relocate(UnaryOperator<Places> change, boolean rest, MoveJob job, CompletableFuture<Void> done) {
        Run run = owner.run();
        if (run == null || !owner.isAtWork() || moving != null || applying) {
            done.completeExceptionally(new SpateException.Refused(
                    "the files of " + metainfo.name() + " are being looked at or moved; try again when that is over"));
            return;
        }
        Places to;
        try {
            to = change.apply(places);
        } catch (IllegalArgumentException e) {
            done.completeExceptionally(new SpateException.Refused(String.valueOf(e.getMessage())));
            return;
        }
        Optional<String> clash = to.clash(layout);
        if (clash.isPresent()) {
            done.completeExceptionally(
                    new SpateException.Refused("another file of the torrent is in the way: " + clash.get()));
            return;
        }
        if (to.equals(places)) {
            done.complete(null);
            return;
        }
        moving = job;
        Consumer<Outcome<Boolean>> moved = outcome -> moved(run, to, rest, outcome, done);
        if (!rest) {
            around.onWorker(() -> move(run, to, job.watch()), moved);
            return;
        }
        owner.moveBegins();
        run.pause(() -> {
            run.checkpoint().note(owner.notes());
            around.onMover(
                    () -> {
                        run.checkpoint().close();
                        return move(run, to, job.watch());
                    },
                    moved);
        });
    }

    private boolean move(Run run, Places to, Relocation.Watch watch) throws StorageException {
        run.storage().move(to, around.resumeStore(), watch);
        return true;
    }

    private void moved(Run run, Places to, boolean rest, Outcome<Boolean> outcome, CompletableFuture<Void> done) {
        moving = null;
        switch (outcome) {
            case Outcome.Done<Boolean>(var ignored) -> {
                places = to;
                remember(run, true, trouble -> {
                    if (trouble != null) {
                        // The journal is still there, and leads to the new place.
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "the move of " + metainfo.name() + " is not saved",
                                trouble);
                    }
                    owner.publish(handle -> new Event.Moved(handle, to.root()));
                    if (rest) {
                        owner.moveEnded();
                    }
                    done.complete(null);
                });
            }
            case Outcome.Failed<Boolean>(var cause) -> {
                // Whoever waits for the move finds the torrent as it was before.
                if (rest) {
                    owner.moveEnded();
                }
                if (cause instanceof StorageException) {
                    SpateException trouble = StorageFailures.toSpate(cause);
                    owner.publish(handle -> new Event.MoveFailed(handle, trouble));
                    done.completeExceptionally(trouble);
                } else {
                    done.completeExceptionally(cause);
                }
            }
        }
    }

    /**
     * The torrent ends. A move under way is left to the next session, which carries it on, if that will know of it; otherwise, and if
     * the torrent is to be forgotten, everything goes back. The owner is told when that is done.
     */
    void stopMoving(boolean forgotten) {
        MoveJob job = moving;
        if (job != null) {
            if (forgotten || !around.settings().isRemembered()) {
                job.cancel();
            } else {
                job.leave();
            }
        }
    }

    /** Nothing that takes long is begun any more. On the lane. */
    void ending() {
        ending = true;
    }

    /** Nothing will come of what is waited for. */
    void ended() {
        waiting.forEach(
                done -> done.completeExceptionally(new SpateException.Closed("the torrent " + metainfo.name())));
        waiting.clear();
    }

    // ------------------------------------------------------------------ complete files, lost files

    private void count(PieceSet flushed) {
        lacking = new int[places.suffix() ? layout.files() : 0];
        for (int file = 0; file < lacking.length; file++) {
            for (int piece = layout.firstPiece(file); piece < layout.endPiece(file); piece++) {
                lacking[file] += flushed.contains(piece) ? 0 : 1;
            }
        }
    }

    void pieceFlushed(int piece) {
        if (lacking.length == 0) {
            return;
        }
        long begin = layout.pieces().offset(piece);
        long end = begin + layout.pieces().length(piece);
        for (int file = layout.fileAt(begin); file < layout.files() && layout.offset(file) < end; file++) {
            if (layout.file(file).length() > 0 && --lacking[file] == 0) {
                finish(file);
            }
        }
    }

    /** A complete file loses its suffix. */
    private void finish(int file) {
        Run run = owner.run();
        if (run == null) {
            return;
        }
        renaming++;
        around.onWorker(
                () -> {
                    run.storage().finish(file);
                    return true;
                },
                outcome -> {
                    renaming--;
                    if (outcome instanceof Outcome.Failed<Boolean>(var cause) && owner.run() == run) {
                        owner.filesFailed(cause);
                    }
                    Runnable then = afterRenaming;
                    if (renaming == 0 && then != null) {
                        afterRenaming = null;
                        then.run();
                    }
                });
    }

    /** All that is wanted is there: {@code then} follows when the files have the names and the folder of complete ones. */
    void complete(Runnable then) {
        Runnable move = () -> moveFromIncomplete(then);
        if (renaming == 0) {
            move.run();
        } else {
            afterRenaming = move;
        }
    }

    private void moveFromIncomplete(Runnable then) {
        boolean isThere = options.incompleteFolder()
                .map(folder -> !folder.toAbsolutePath().normalize().equals(places.root()))
                .orElse(true);
        if (isThere) {
            then.run();
            return;
        }
        MoveJob job = new MoveJob();
        var _ = job.result().whenComplete((nothing, trouble) -> {
            if (trouble instanceof SpateException failure) {
                owner.filesFailed(failure);
            } else if (trouble == null) {
                then.run();
            }
        });
        moveTo(options.folder(), job);
    }

    /** Files could not be read or were gone when they should have been saved: what is lost is fetched again. */
    void lookForLosses(Throwable cause) {
        Run run = owner.run();
        if (run == null || looking) {
            return;
        }
        looking = true;
        PieceSet flushed = run.swarm().flushed();
        around.onWorker(() -> run.storage().losses(flushed), outcome -> {
            looking = false;
            if (owner.run() != run) {
                return;
            }
            switch (outcome) {
                case Outcome.Done<Loss>(var loss) -> lost(run, loss, cause);
                case Outcome.Failed<Loss>(var other) -> owner.filesFailed(other);
            }
        });
    }

    private void lost(Run run, Loss loss, Throwable cause) {
        if (loss.touched()) {
            owner.filesTouched(cause);
            return;
        }
        if (loss.pieces().isEmpty() && lostAt.isPresent() && around.now() - lostAt.getAsLong() < LATE_NANOS) {
            // It failed for what was found lost already.
            return;
        }
        // Where nothing at all is left, a disk was taken away rather than a file, and nobody wants it filled again.
        if (loss.pieces().isEmpty() || loss.everything() || !isThere(places.root())) {
            owner.filesFailed(cause);
            return;
        }
        for (int piece = loss.pieces().next(0);
                piece >= 0;
                piece = loss.pieces().next(piece + 1)) {
            run.checkpoint().lost(piece);
        }
        lostAt = OptionalLong.of(around.now());
        run.runner().piecesLost(loss.pieces());
        count(run.swarm().flushed());
        owner.reviewDone();
        // Not before: whoever hears of it and waits for completion must wait for the next one.
        owner.publish(handle ->
                new Event.FilesLost(handle, loss.files(), loss.pieces().count()));
    }
}
