package dev.spate.engine;

import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmEvent;
import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.core.swarm.SwarmSettings;
import dev.spate.core.swarm.SwarmStats;
import dev.spate.engine.shell.Directory;
import dev.spate.engine.shell.Resources;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.engine.shell.TrackerClient;
import dev.spate.engine.storage.ArrivingPieces;
import dev.spate.engine.storage.Checkpoint;
import dev.spate.engine.storage.Opening;
import dev.spate.engine.storage.ResumeData;
import dev.spate.engine.storage.ResumeFile;
import dev.spate.engine.storage.ResumeStore;
import dev.spate.engine.storage.StorageException;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A torrent from its adding to its end. Everything it decides, it decides on its lane.
 *
 * <pre>
 *              begin                    files looked at
 *   (added) ----------> CHECKING -----------------------------> DOWNLOADING / SEEDING
 *                        ^    |  \                                |  ^        |
 *                        |    |   \ asked to rest         pause   |  | resume | trouble with files
 *               recheck, |    |    `--------------> PAUSED <------'  |        v
 *               resume   |    `-- trouble --> FAILED     `-----------'      FAILED
 *                        `----------------------'
 *   remove or close, from any state: REMOVED
 * </pre>
 *
 * <p>Between CHECKING and the next recheck or failure there is one {@link Run}: open storage, a checkpoint and a swarm. Pausing
 * keeps it, everything else replaces it.
 */
final class TorrentLife implements SwarmRunner.Listener {

    /** What the session gives to each of its torrents. */
    record Surroundings(
            Lane lane,
            Resources resources,
            TrackerClient trackers,
            Directory directory,
            ResumeStore resumeStore,
            PeerId peerId,
            int listenPort,
            SessionSettings settings,
            Consumer<Event> events) {}

    /** Open storage and the swarm on it. */
    private record Run(TorrentStorage storage, Checkpoint checkpoint, SwarmRunner runner) {
        Swarm swarm() {
            return runner.swarm();
        }
    }

    /** How long flushed pieces may wait until they are claimed in the resume data; a loss of power costs no more. */
    private static final Duration SAVE_DELAY = Duration.ofSeconds(15);

    /** How long the end waits for trackers to hear the good-bye. */
    private static final Duration GOODBYE_LIMIT = Duration.ofSeconds(3);

    /** How often it looks whether they have. */
    private static final Duration GOODBYE_GLANCE = Duration.ofMillis(20);

    /** Addresses kept for when the files have been looked at. */
    private static final int MAX_PEERS = 1000;

    private static final System.Logger LOG = System.getLogger(TorrentLife.class.getName());

    private final Metainfo metainfo;
    private final AddOptions options;
    private final Surroundings around;
    private final Digest name;
    private final LaneTimer saveTimer;
    private final LaneTimer goodByeTimer;
    private volatile TorrentState state = TorrentState.CHECKING;
    private volatile CompletableFuture<Void> completion = new CompletableFuture<>();
    private volatile @Nullable TorrentStats lastStats;

    // Confined to the lane.
    private boolean restWanted;
    private boolean endWanted;
    private boolean deleteWanted;
    private boolean saving;
    private @Nullable Torrent torrent;
    private @Nullable Opening opening;
    private @Nullable Run run;
    private @Nullable SpateException failure;
    private Runnable ended = () -> {};
    private @Nullable Throwable endTrouble;
    private long goodByeUntil;
    private final List<PeerAddress> morePeers = new ArrayList<>();
    private Instant addedAt = Instant.now();
    private Optional<Instant> completedAt = Optional.empty();
    private ResumeData.Transferred before = ResumeData.Transferred.NOTHING;

    TorrentLife(Metainfo metainfo, AddOptions options, Surroundings around) {
        this.metainfo = metainfo;
        this.options = options;
        this.around = around;
        this.name = metainfo.infoHash().onTheWire();
        this.restWanted = options.paused();
        this.saveTimer = around.lane().timer(this::saveIfDue);
        this.goodByeTimer = around.lane().timer(this::sayGoodBye);
    }

    // ------------------------------------------------------------------ for the door; any thread

    Metainfo metainfo() {
        return metainfo;
    }

    Path folder() {
        return options.folder();
    }

    TorrentState state() {
        return state;
    }

    CompletableFuture<Void> completion() {
        return completion;
    }

    void begin(Torrent handle) {
        onLane(() -> {
            torrent = handle;
            check(false);
        });
    }

    void pause() {
        onLane(() -> {
            restWanted = true;
            if (isRunning()) {
                setState(TorrentState.PAUSED);
                rest(() -> {});
            }
        });
    }

    void resume() {
        onLane(() -> {
            restWanted = false;
            if (state == TorrentState.PAUSED) {
                start();
            } else if (state == TorrentState.FAILED) {
                failure = null;
                completion = new CompletableFuture<>();
                endRun(() -> check(false));
            }
        });
    }

    void recheck() {
        onLane(() -> {
            if (run != null && (isRunning() || state == TorrentState.PAUSED)) {
                setState(TorrentState.CHECKING);
                endRun(() -> check(true));
            }
        });
    }

    void announce() {
        onLane(() -> {
            if (isRunning() && run != null) {
                run.runner().announceNow();
            }
        });
    }

    void addPeers(List<PeerAddress> addresses) {
        onLane(() -> {
            if (run != null) {
                run.runner().addPeers(addresses);
            } else {
                morePeers.addAll(addresses.subList(0, Math.min(addresses.size(), MAX_PEERS - morePeers.size())));
            }
        });
    }

    /** Ends it; the future is done when its files are closed and everything is saved. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!onLane(() -> end(() -> done.complete(null)))) {
            done.complete(null);
        }
        return done;
    }

    /** Ends it and forgets it. */
    CompletableFuture<Void> remove(boolean deleteFiles) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean begun = onLane(() -> {
            deleteWanted = deleteFiles;
            end(() -> onWorker(
                    () -> {
                        around.resumeStore().remove(name);
                        return true;
                    },
                    outcome -> {
                        Throwable trouble = outcome instanceof Outcome.Failed<Boolean>(var cause) ? cause : endTrouble;
                        if (trouble == null) {
                            done.complete(null);
                        } else {
                            done.completeExceptionally(StorageFailures.toSpate(trouble));
                        }
                    }));
        });
        if (!begun) {
            done.completeExceptionally(new SpateException.Closed("the session"));
        }
        return done;
    }

    TorrentStats stats() {
        return ask(() -> {
                    TorrentStats stats = TorrentLooks.stats(
                            state,
                            metainfo,
                            run == null ? null : run.swarm(),
                            checked(),
                            before,
                            failure,
                            around.lane().now());
                    lastStats = stats;
                    return stats;
                })
                .orElseGet(() -> {
                    TorrentStats last = lastStats;
                    return last != null
                            ? last
                            : TorrentLooks.stats(state, metainfo, null, 0, ResumeData.Transferred.NOTHING, null, 0);
                });
    }

    List<PeerStats> peers() {
        return look(swarm -> TorrentLooks.peers(swarm, around.lane().now())).orElse(List.of());
    }

    List<TrackerStats> trackers() {
        return look(swarm -> TorrentLooks.trackers(swarm, around.lane().now())).orElse(List.of());
    }

    List<FileStats> files() {
        return TorrentLooks.files(metainfo, flushed());
    }

    PieceSet flushed() {
        return look(Swarm::flushed)
                .orElseGet(() -> new PieceSet(metainfo.layout().pieces()));
    }

    int[] availability() {
        return look(swarm -> {
                    int[] counts = new int[metainfo.layout().pieces()];
                    Arrays.setAll(counts, swarm::availability);
                    return counts;
                })
                .orElseGet(() -> new int[metainfo.layout().pieces()]);
    }

    private <T> Optional<T> look(Function<Swarm, T> question) {
        return ask(() -> run == null ? Optional.<T>empty() : Optional.of(question.apply(run.swarm())))
                .orElseGet(Optional::empty);
    }

    /** Asks on the lane and waits for the answer; empty if the lane has ended. */
    private <T> Optional<T> ask(Supplier<T> question) {
        if (around.lane().isCurrent()) {
            return Optional.of(question.get());
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!onLane(() -> answer.complete(question.get()))) {
            return Optional.empty();
        }
        return Optional.of(answer.join());
    }

    private boolean onLane(Runnable task) {
        try {
            around.lane().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    // ------------------------------------------------------------------ looking at the files

    private TorrentStorage storage() {
        return new TorrentStorage(metainfo, options.folder(), around.resources().files());
    }

    /** Looks at the files, with or without the help of resume data, and goes on from there. */
    private void check(boolean everything) {
        setState(TorrentState.CHECKING);
        onWorker(() -> everything ? Optional.<ResumeFile.Found>empty() : loadResume(), outcome -> {
            switch (outcome) {
                case Outcome.Done<Optional<ResumeFile.Found>>(var resume) -> inspect(resume, everything);
                case Outcome.Failed<Optional<ResumeFile.Found>>(var cause) -> storageFailed(cause);
            }
        });
    }

    private Optional<ResumeFile.Found> loadResume() throws StorageException {
        return around.resumeStore().load(name).flatMap(loaded -> switch (loaded) {
            case Decoding.Decoded<ResumeFile.Found>(var found) -> Optional.of(found);
            case Decoding.NeedMore<ResumeFile.Found> cut -> damaged("it ends early");
            case Decoding.Malformed<ResumeFile.Found> malformed -> damaged(malformed.toString());
        });
    }

    private Optional<ResumeFile.Found> damaged(String reason) {
        LOG.log(
                System.Logger.Level.WARNING,
                "the resume data of {0} is damaged ({1}); its files are checked instead",
                metainfo.name(),
                reason);
        return Optional.empty();
    }

    private void inspect(Optional<ResumeFile.Found> resume, boolean ours) {
        resume.ifPresent(found -> {
            ResumeData.Notes notes = found.data().notes();
            addedAt = notes.addedAt();
            completedAt = notes.completedAt();
            before = notes.transferred();
        });
        TorrentStorage storage = storage();
        Opening begun = Opening.start(
                storage,
                metainfo::pieceHashMatches,
                around.resources().checker(),
                resume,
                around.resources().workers(),
                ours || options.overwrite());
        opening = begun;
        var _ = begun.result().whenComplete((found, cause) -> onLane(() -> opened(storage, found, cause)));
        if (endWanted) {
            begun.cancel();
        }
    }

    private int checked() {
        return opening == null ? 0 : opening.checked();
    }

    private void opened(TorrentStorage storage, Opening.@Nullable Found found, @Nullable Throwable cause) {
        opening = null;
        if (found == null) {
            if (!endWanted && cause != null) {
                storageFailed(cause);
            }
        } else {
            run = prepare(storage, found.flushed());
            if (!endWanted) {
                settleIn();
            }
        }
        if (endWanted) {
            endRun(ended);
        }
    }

    private Run prepare(TorrentStorage storage, PieceSet flushed) {
        Checkpoint checkpoint = new Checkpoint(storage, around.resumeStore(), name, flushed, notes());
        AtomicReference<@Nullable SwarmRunner> later = new AtomicReference<>();
        ArrivingPieces arriving = new ArrivingPieces(
                storage,
                checkpoint,
                around.resources().checker(),
                metainfo::pieceHashMatches,
                around.resources().pieces(),
                () -> onLane(() -> {
                    SwarmRunner runner = later.get();
                    if (runner != null) {
                        runner.budgetFreed();
                    }
                }));
        SwarmIdentity identity =
                new SwarmIdentity(name, around.peerId(), around.listenPort(), metainfo.isPrivate(), Version.USER_AGENT);
        Swarm swarm = new Swarm(
                SwarmSettings.DEFAULTS.withMaxConnections(around.settings().maxConnectionsPerTorrent()),
                identity,
                metainfo.layout(),
                flushed,
                trackerTiers(),
                arriving::tryOpen,
                new SplittableRandom(new SecureRandom().nextLong()));
        SwarmRunner runner = new SwarmRunner(
                around.lane(), identity, swarm, storage, arriving, around.resources(), around.trackers(), this);
        later.set(runner);
        swarm.setSequential(options.sequential(), around.lane().now());
        runner.addPeers(options.peers());
        runner.addPeers(morePeers);
        morePeers.clear();
        return new Run(storage, checkpoint, runner);
    }

    private List<List<String>> trackerTiers() {
        List<List<String>> tiers = new ArrayList<>();
        if (options.useTrackers()) {
            tiers.addAll(metainfo.trackers());
        }
        options.extraTrackers().forEach(url -> tiers.add(List.of(url)));
        return tiers;
    }

    private void settleIn() {
        if (run != null && run.swarm().isDone()) {
            completion.complete(null);
        }
        if (restWanted) {
            setState(TorrentState.PAUSED);
            save();
        } else {
            start();
            save();
        }
    }

    // ------------------------------------------------------------------ running and resting

    private boolean isRunning() {
        return state == TorrentState.DOWNLOADING || state == TorrentState.SEEDING;
    }

    private void start() {
        Run current = run;
        if (current != null) {
            setState(current.swarm().isDone() ? TorrentState.SEEDING : TorrentState.DOWNLOADING);
            around.directory().enter(name, current.runner());
            current.runner().start();
        }
    }

    /** Leaves the swarm; {@code then} runs on the lane when everything is on disk and saved. */
    private void rest(Runnable then) {
        Run current = run;
        if (current == null) {
            then.run();
            return;
        }
        around.directory().remove(name);
        current.runner().pause(() -> {
            current.checkpoint().note(notes());
            onWorker(
                    () -> {
                        current.checkpoint().close();
                        return true;
                    },
                    outcome -> {
                        if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                            reportUnsaved(cause);
                        }
                        then.run();
                    });
        });
    }

    /** As {@link #rest}, and then closes the files; the run is over. */
    private void endRun(Runnable then) {
        rest(() -> {
            Run over = run;
            if (over == null) {
                then.run();
                return;
            }
            lastStats = stats();
            before = transferred();
            run = null;
            over.runner().close();
            boolean delete = endWanted && deleteWanted;
            onWorker(
                    () -> {
                        if (delete) {
                            over.storage().delete();
                        }
                        over.storage().close();
                        return true;
                    },
                    outcome -> {
                        if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                            endTrouble = cause;
                        }
                        then.run();
                    });
        });
    }

    /** Ends everything; {@code then} runs once it has. */
    private void end(Runnable then) {
        Runnable earlier = ended;
        ended = () -> {
            setState(TorrentState.REMOVED);
            completion.completeExceptionally(new SpateException.Closed("the torrent " + metainfo.name()));
            earlier.run();
            then.run();
        };
        if (state == TorrentState.REMOVED) {
            then.run();
        } else if (!endWanted) {
            endWanted = true;
            saveTimer.cancel();
            if (opening != null) {
                opening.cancel();
            } else if (run != null) {
                around.directory().remove(name);
                run.runner().pause(() -> {});
                goodByeUntil = around.lane().now() + GOODBYE_LIMIT.toNanos();
                sayGoodBye();
            } else if (state != TorrentState.CHECKING) {
                ended.run();
            }
        }
    }

    /** Waits until trackers know, but not for long. */
    private void sayGoodBye() {
        if (run == null || run.swarm().isAnnouncerQuiet() || around.lane().now() - goodByeUntil >= 0) {
            endRun(() -> ended.run());
        } else {
            goodByeTimer.set(around.lane().now() + GOODBYE_GLANCE.toNanos());
        }
    }

    private void setState(TorrentState next) {
        if (state != next && state != TorrentState.REMOVED) {
            state = next;
            publish(handle -> new Event.StateChanged(handle, next));
        }
    }

    private void publish(Function<Torrent, Event> event) {
        if (torrent != null) {
            around.events().accept(event.apply(torrent));
        }
    }

    // ------------------------------------------------------------------ saving

    private ResumeData.Notes notes() {
        return new ResumeData.Notes(
                options.folder().toAbsolutePath().toString(),
                transferred(),
                addedAt,
                completedAt,
                Optional.empty(),
                List.of(),
                restWanted,
                options.sequential());
    }

    /** In this session and before. */
    private ResumeData.Transferred transferred() {
        if (run == null) {
            return before;
        }
        SwarmStats stats = run.swarm().stats(around.lane().now());
        return new ResumeData.Transferred(
                before.uploaded() + stats.uploaded(),
                before.downloaded() + stats.downloaded(),
                before.corrupt() + stats.corruptBytes());
    }

    private void saveIfDue() {
        if (run != null && run.checkpoint().isDue()) {
            save();
        }
    }

    private void save() {
        Run current = run;
        if (saving || current == null) {
            return;
        }
        saving = true;
        current.checkpoint().note(notes());
        onWorker(
                () -> {
                    current.checkpoint().save();
                    return true;
                },
                outcome -> {
                    saving = false;
                    if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                        reportUnsaved(cause);
                    }
                });
    }

    private void reportUnsaved(Throwable cause) {
        if (cause instanceof StorageException && isRunning()) {
            storageFailed(cause);
        } else if (!(cause instanceof CancellationException)) {
            LOG.log(System.Logger.Level.WARNING, "the progress of " + metainfo.name() + " could not be saved", cause);
        }
    }

    private <T> void onWorker(Callable<T> task, Consumer<Outcome<T>> done) {
        try {
            around.resources().workers().<T>submit(task, around.lane(), done);
        } catch (RejectedExecutionException e) {
            done.accept(new Outcome.Failed<>(new CancellationException("the session is closed")));
        }
    }

    // ------------------------------------------------------------------ what the swarm says

    @Override
    public void happened(SwarmEvent event) {
        switch (event) {
            case SwarmEvent.PieceFlushed(var piece) -> {
                if (!saveTimer.isSet()) {
                    saveTimer.set(around.lane().now() + SAVE_DELAY.toNanos());
                }
                publish(handle -> new Event.PieceFlushed(handle, piece));
            }
            case SwarmEvent.PieceFailed(var piece) -> publish(handle -> new Event.PieceFailed(handle, piece));
            case SwarmEvent.Completed() -> completed();
            case SwarmEvent.PeerConnected connected ->
                publish(handle -> new Event.PeerConnected(handle, connected.address()));
            case SwarmEvent.PeerClosed(var address, var reason) ->
                publish(handle -> new Event.PeerDisconnected(handle, address, reason.toString()));
            case SwarmEvent.PeerRefused(var address, var reason) ->
                publish(handle -> new Event.PeerDisconnected(handle, address, reason.toString()));
            case SwarmEvent.PeerBanned(var address, var evidence) ->
                publish(handle -> new Event.PeerBanned(handle, address, evidence));
            // Announces tell these with the tracker's URL, see below.
            case SwarmEvent.TrackerAnswered answered -> {}
            case SwarmEvent.TrackerRefused refused -> {}
            case SwarmEvent.TrackerFailed failed -> {}
        }
    }

    private void completed() {
        completedAt = Optional.of(Instant.now());
        setState(TorrentState.SEEDING);
        save();
        completion.complete(null);
        publish(Event.Completed::new);
    }

    @Override
    public void trackerAnswered(String url, int peers) {
        publish(handle -> new Event.TrackerAnswered(handle, url, peers));
    }

    @Override
    public void trackerFailed(String url, String reason) {
        publish(handle -> new Event.TrackerFailed(handle, url, reason));
    }

    @Override
    public void storageFailed(Throwable cause) {
        if (endWanted || state == TorrentState.FAILED) {
            return;
        }
        SpateException trouble = StorageFailures.toSpate(cause);
        failure = trouble;
        setState(TorrentState.FAILED);
        rest(() -> {});
        completion.completeExceptionally(trouble);
        publish(handle -> new Event.Failed(handle, trouble));
    }
}
