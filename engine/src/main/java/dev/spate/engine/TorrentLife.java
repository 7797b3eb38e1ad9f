package dev.spate.engine;

import dev.spate.core.announce.TrackerTiers;
import dev.spate.core.stream.ReadAhead;
import dev.spate.core.swarm.PeerSource;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmEvent;
import dev.spate.core.swarm.SwarmStats;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.engine.storage.KeptRules;
import dev.spate.engine.storage.Opening;
import dev.spate.engine.storage.Places;
import dev.spate.engine.storage.ResumeData;
import dev.spate.engine.storage.ResumeFile;
import dev.spate.engine.storage.StorageException;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.lane.LaneTimer;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
 *   remove or close, from any state: REMOVED; where it would run and the queue does not let it: QUEUED, until it does
 * </pre>
 *
 * <p>Between CHECKING and the next recheck or failure there is one {@link Run}: open storage, a checkpoint and a swarm. Pausing
 * keeps it, everything else replaces it.
 */
final class TorrentLife implements Life, SwarmRunner.Listener, FileControl.Owner {

    /** How long flushed pieces and changed rules may wait until they are in the resume data; a loss of power costs no more. */
    private static final Duration SAVE_DELAY = Duration.ofSeconds(15);

    /** Files that somebody writes to again so soon are not looked at all over: they would be looked at forever. */
    private static final Duration TOUCHED_AGAIN = Duration.ofMinutes(1);

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
    private final Readers readers;
    private final FileControl files;
    private final TorrentRules rules;
    private final LaneTimer saveTimer;
    private final LaneTimer goodByeTimer;
    private volatile TorrentState state = TorrentState.CHECKING;
    private volatile CompletableFuture<Void> completion;
    private volatile @Nullable TorrentStats lastStats;

    // Confined to the lane.
    private boolean restWanted;
    private boolean endWanted;
    private boolean deleteWanted;
    private boolean forgetWanted;
    private @Nullable Torrent torrent;
    private @Nullable Opening opening;
    private int lastChecked;
    /** The user paused it while its files were looked at. */
    private boolean lookHalted;

    private @Nullable Run run;
    /** What was there before somebody wrote to the files, while these are looked at for that reason. */
    private @Nullable PieceSet beforeTouched;

    private OptionalLong touchedAt = OptionalLong.empty();

    /** Has connections from before the metadata was known; until the first run takes them over. */
    private @Nullable SwarmRunner inherited;

    private @Nullable SpateException failure;
    private Runnable ended = () -> {};
    private @Nullable Throwable endTrouble;
    private long goodByeUntil;
    private final List<PeerAddress> morePeers = new ArrayList<>();
    private Instant addedAt;
    private Optional<Instant> completedAt = Optional.empty();
    private TrackerTiers trackers;

    /** What is remembered of the trackers since they were edited, in this session or an earlier one. */
    private Optional<TrackerTiers> editedTrackers;

    /** What is in the resume data for certain. */
    private ResumeData.Transferred remembered = ResumeData.Transferred.NOTHING;

    private boolean rulesUnsaved;
    private ResumeData.Transferred before = ResumeData.Transferred.NOTHING;

    TorrentLife(Metainfo metainfo, AddOptions options, Surroundings around, Heritage heritage) {
        this.metainfo = metainfo;
        this.options = options;
        this.around = around;
        this.addedAt = around.settings().clock().instant();
        this.name = metainfo.infoHash().onTheWire();
        this.files = new FileControl(metainfo, options, around, this);
        TorrentRules earlier = heritage.rules();
        this.rules = earlier == null ? new TorrentRules(around, this, options.superSeeding()) : earlier;
        this.restWanted = options.paused();
        this.editedTrackers = heritage.trackers();
        this.trackers = editedTrackers.orElseGet(() -> new TrackerTiers(options.trackerTiers(metainfo.trackers())));
        this.readers = new Readers(metainfo, around);
        this.inherited = heritage.runner();
        this.completion = heritage.completion();
        this.saveTimer = around.lane().timer(this::saveIfDue);
        this.goodByeTimer = around.lane().timer(this::sayGoodBye);
    }

    // ------------------------------------------------------------------ for the door; any thread

    @Override
    public InfoHash infoHash() {
        return metainfo.infoHash();
    }

    Metainfo metainfo() {
        return metainfo;
    }

    @Override
    public String name() {
        return metainfo.name();
    }

    @Override
    public CompletableFuture<Metainfo> metadata() {
        return CompletableFuture.completedFuture(metainfo);
    }

    @Override
    public Path folder() {
        return files.places().root();
    }

    @Override
    public void rulesChanged() {
        rulesUnsaved = true;
        if (!saveTimer.isSet()) {
            saveTimer.set(around.now() + SAVE_DELAY.toNanos());
        }
    }

    @Override
    public TorrentRules rules() {
        return rules;
    }

    @Override
    public TorrentState state() {
        return state;
    }

    @Override
    public CompletableFuture<Void> completion() {
        return completion;
    }

    @Override
    public void begin(Torrent handle) {
        around.onLane(() -> {
            torrent = handle;
            if (!metainfo.isPrivate() && !options.exclusive()) {
                around.discovery().nodesTold(metainfo.nodes());
            }
            check(false);
        });
    }

    @Override
    public void pause() {
        around.onLane(() -> {
            restWanted = true;
            if (isRunning() || state == TorrentState.QUEUED) {
                setState(TorrentState.PAUSED);
                rest(() -> {});
            } else if (state == TorrentState.CHECKING) {
                haltLook();
            }
        });
    }

    @Override
    public void resume() {
        around.onLane(() -> {
            restWanted = false;
            if (lookHalted) {
                lookHalted = false;
                setState(TorrentState.CHECKING);
                if (opening != null) {
                    opening.resume();
                }
            } else if (state == TorrentState.PAUSED) {
                start();
            } else if (state == TorrentState.FAILED) {
                failure = null;
                completion = new CompletableFuture<>();
                endRun(() -> check(false));
            }
        });
    }

    @Override
    public void recheck() {
        around.onLane(() -> {
            if (run != null && (isRunning() || isResting())) {
                setState(TorrentState.CHECKING);
                endRun(() -> check(true));
            }
        });
    }

    @Override
    public void announce() {
        around.onLane(() -> {
            if (isRunning() && run != null) {
                run.runner().announceNow();
            }
        });
    }

    @Override
    public void addPeers(List<PeerAddress> addresses) {
        around.onLane(() -> {
            if (run != null) {
                run.runner().addPeers(PeerSource.USER, addresses);
            } else {
                morePeers.addAll(addresses.subList(0, Math.min(addresses.size(), MAX_PEERS - morePeers.size())));
            }
        });
    }

    /** Whether nobody comes to it but by {@link #addPeers} and {@link #keepOnly}. */
    boolean isExclusive() {
        return options.exclusive();
    }

    /** Deals with these peers from now on, and with the ones before no more; connections to those end. Of an exclusive torrent. */
    void keepOnly(List<PeerAddress> addresses) {
        assert options.exclusive() : "others would come back";
        around.onLane(() -> {
            if (run != null) {
                run.runner().tell(swarm -> swarm.keepOnly(addresses, around.now()));
            } else {
                morePeers.clear();
                morePeers.addAll(addresses);
            }
        });
    }

    @Override
    public void filter() {
        around.onLane(() -> {
            if (run != null) {
                run.runner().filter(around.gate().filter());
            }
        });
    }

    @Override
    public void localEndsChanged() {
        around.onLane(() -> {
            if (run != null) {
                run.runner().localEndsChanged();
            }
        });
    }

    @Override
    public CompletableFuture<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!around.onLane(() -> end(() -> done.complete(null)))) {
            done.complete(null);
        }
        return done;
    }

    @Override
    public CompletableFuture<Void> remove(boolean deleteFiles) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean begun = around.onLane(() -> {
            deleteWanted = deleteFiles;
            forgetWanted = true;
            end(() -> around.onWorker(
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

    @Override
    public TorrentStats stats() {
        return around.ask(() -> {
                    TorrentStats stats = TorrentLooks.stats(
                            state,
                            metainfo,
                            run == null ? null : run.swarm(),
                            checked(),
                            before,
                            failure,
                            around.now());
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

    @Override
    public List<PeerStats> peers() {
        return look(swarm -> TorrentLooks.peers(swarm, around.now())).orElse(List.of());
    }

    @Override
    public List<TrackerStats> trackers() {
        return look(swarm -> TorrentLooks.trackers(swarm, around.now())).orElse(List.of());
    }

    @Override
    public List<Hindrance> diagnose() {
        return around.ask(() -> Diagnosis.of(TorrentLooks.situation(
                        state,
                        metainfo.isPrivate(),
                        run != null && run.swarm().isDone(),
                        failure,
                        metainfo.layout().pieces(),
                        lookAtFiles(),
                        run == null ? null : run.swarm(),
                        around.discovery().search(name),
                        rules,
                        around.resources(),
                        around.now())))
                .orElse(List.of(new Hindrance.Ended()));
    }

    @Override
    public List<FileStats> files() {
        return TorrentLooks.files(metainfo, files.layout(), files.places(), files.priorities(), flushed());
    }

    @Override
    public CompletableFuture<Void> setFilePriorities(SortedMap<Integer, Integer> changes) {
        return command(done -> files.setPriorities(changes, done));
    }

    @Override
    public CompletableFuture<Void> renameFile(int file, List<String> names) {
        return command(done -> files.renameFile(file, names, done));
    }

    @Override
    public CompletableFuture<Void> renameTop(String to) {
        return command(done -> files.renameTop(to, done));
    }

    @Override
    public MoveJob moveTo(Path folder) {
        MoveJob job = new MoveJob();
        if (!around.onLane(() -> files.moveTo(folder, job))) {
            job.future().completeExceptionally(new SpateException.Closed("the session"));
        }
        return job;
    }

    private CompletableFuture<Void> command(Consumer<CompletableFuture<Void>> command) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!around.onLane(() -> command.accept(done))) {
            done.completeExceptionally(new SpateException.Closed("the session"));
        }
        return done;
    }

    @Override
    public CompletableFuture<Void> editTrackers(UnaryOperator<TrackerTiers> edit) {
        return command(done -> {
            try {
                trackers = edit.apply(trackers);
            } catch (SpateException refusal) {
                done.completeExceptionally(refusal);
                return;
            }
            editedTrackers = Optional.of(trackers);
            Run present = run;
            if (present == null) {
                // The next save has it.
                done.complete(null);
                return;
            }
            present.runner().setTrackers(trackers.tiers());
            present.remember(notes(), isRunning(), trouble -> {
                if (trouble == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(StorageFailures.toSpate(trouble));
                }
            });
        });
    }

    @Override
    public PieceSet flushed() {
        return look(Swarm::flushed)
                .orElseGet(() -> new PieceSet(metainfo.layout().pieces()));
    }

    @Override
    public int[] availability() {
        return look(swarm -> {
                    int[] counts = new int[metainfo.layout().pieces()];
                    Arrays.setAll(counts, swarm::availability);
                    return counts;
                })
                .orElseGet(() -> new int[metainfo.layout().pieces()]);
    }

    /** Begins to read a file. */
    Reading open(FileEntry file) throws IOException {
        Reading reading = new Reading(around, readers, file);
        if (state == TorrentState.REMOVED) {
            throw new IOException(readers.over(reading));
        }
        boolean opened =
                around.ask(() -> readers.opened(reading)).orElseThrow(() -> new IOException(readers.over(reading)));
        if (!opened) {
            throw new IOException("cannot read " + file.pathText() + " of " + metainfo.name() + ": "
                    + ReadAhead.MAX_READERS + " channels of this torrent are open; close some of them");
        }
        return reading;
    }

    private <T> Optional<T> look(Function<Swarm, T> question) {
        return around.ask(() -> run == null ? Optional.<T>empty() : Optional.of(question.apply(run.swarm())))
                .orElseGet(Optional::empty);
    }

    // ------------------------------------------------------------------ looking at the files

    /** What is remembered, where the files are, and whether they came there by a move that is not saved yet. */
    private record Memory(Optional<ResumeFile.Found> resume, Places places, boolean moved) {}

    /** Looks at the files, with or without the help of resume data, and goes on from there. */
    private void check(boolean everything) {
        lastChecked = 0;
        setState(lookHalted ? TorrentState.PAUSED : TorrentState.CHECKING);
        around.onWorker(
                () -> everything ? new Memory(Optional.empty(), files.places(), false) : remember(), outcome -> {
                    switch (outcome) {
                        case Outcome.Done<Memory>(var memory) -> inspect(memory, everything);
                        case Outcome.Failed<Memory>(var cause) -> {
                            lookHalted = false;
                            storageFailed(cause);
                            dropInherited();
                            if (endWanted) {
                                ended.run();
                            }
                        }
                    }
                });
    }

    private Memory remember() throws StorageException {
        Optional<ResumeFile.Found> resume = around.resumeStore().load(name).flatMap(loaded -> switch (loaded) {
            // What is remembered of files in another folder says nothing about those in this one.
            case Decoding.Decoded<ResumeFile.Found>(var found) ->
                Optional.of(found).filter(this::isOfThisFolder);
            case Decoding.NeedMore<ResumeFile.Found> cut -> damaged("it ends early");
            case Decoding.Malformed<ResumeFile.Found> malformed -> damaged(malformed.toString());
        });
        Places places = TorrentStorage.whereabouts(
                metainfo, files.remembered(resume), around.resources().contents(), around.resumeStore());
        return new Memory(resume, places, around.resumeStore().loadMove(name).isPresent());
    }

    /** Whether it was added into this folder before, or moved there. */
    private boolean isOfThisFolder(ResumeFile.Found found) {
        ResumeData.Notes notes = found.data().notes();
        return notes.folder().equals(folderText())
                || notes.places().root().toString().equals(folderText());
    }

    private String folderText() {
        return options.folder().toAbsolutePath().normalize().toString();
    }

    private Optional<ResumeFile.Found> damaged(String reason) {
        LOG.log(
                System.Logger.Level.WARNING,
                "the resume data of {0} is damaged ({1}); its files are checked instead",
                metainfo.name(),
                reason);
        return Optional.empty();
    }

    private void inspect(Memory memory, boolean ours) {
        memory.resume().ifPresent(found -> {
            ResumeData.Notes notes = found.data().notes();
            addedAt = notes.addedAt();
            completedAt = notes.completedAt();
            before = notes.transferred();
            remembered = before;
            rules.takeUp(notes.rules(), notes.queue());
            if (editedTrackers.isEmpty()) {
                editedTrackers = notes.trackers().map(TrackerTiers::new);
                editedTrackers.ifPresent(edited -> trackers = new TrackerTiers(options.trackerTiers(edited.tiers())));
            }
        });
        rules.takeUp(KeptRules.NONE, Optional.empty());
        files.takeUp(memory.resume(), memory.places(), memory.moved());
        TorrentStorage storage =
                new TorrentStorage(metainfo, files.places(), around.resources().contents());
        Opening begun = Opening.start(
                storage,
                metainfo::pieceHashMatches,
                around.resources().checker(),
                memory.resume(),
                around.resources().workers(),
                around.resources().checkTurns(),
                files.unwanted(),
                ours || options.overwrite(),
                options.allocation());
        opening = begun;
        if (lookHalted) {
            begun.pause();
        }
        var _ = begun.result().whenComplete((found, cause) -> around.onLane(() -> opened(storage, found, cause)));
        if (endWanted) {
            begun.cancel();
        }
    }

    /** Halts the look at the files; from an earlier look it is a while until this one has begun. */
    private void haltLook() {
        lookHalted = true;
        if (run == null) {
            setState(TorrentState.PAUSED);
        }
        if (opening != null) {
            opening.pause();
        }
    }

    /** Whether the files are being looked at, or would be if that were not halted. */
    private boolean isLookedAt() {
        return state == TorrentState.CHECKING || lookHalted;
    }

    private Situation.Look lookAtFiles() {
        return opening == null
                ? new Situation.Look(lastChecked, 0, 0)
                : new Situation.Look(opening.checked(), opening.ahead(), opening.roomless());
    }

    private int checked() {
        return opening == null ? lastChecked : opening.checked();
    }

    private void opened(TorrentStorage storage, Opening.@Nullable Found found, @Nullable Throwable cause) {
        lastChecked = checked();
        opening = null;
        lookHalted = false;
        if (found == null || endWanted || restWanted) {
            dropInherited();
        }
        if (found == null) {
            if (!endWanted && cause != null) {
                storageFailed(cause);
            }
        } else {
            List<PeerAddress> peers = new ArrayList<>(options.peers());
            peers.addAll(morePeers);
            morePeers.clear();
            run = Run.prepare(
                    around,
                    metainfo,
                    options,
                    trackers,
                    storage,
                    found.flushed(),
                    files.piecePriorities(),
                    notes(),
                    peers,
                    rules,
                    inherited,
                    this);
            if (inherited != null && editedTrackers.isPresent()) {
                run.runner().setTrackers(trackers.tiers());
            }
            inherited = null;
            rules.apply();
            if (completion.isDone() && !run.swarm().isDone()) {
                completion = new CompletableFuture<>();
            }
            tellOfTouched(storage, found);
            if (!endWanted) {
                files.settleIn(found.flushed(), this::settleIn);
                return;
            }
        }
        if (endWanted) {
            endRun(ended);
        }
    }

    /** If the files were looked at because somebody wrote to them. */
    private void tellOfTouched(TorrentStorage storage, Opening.Found found) {
        PieceSet had = beforeTouched;
        if (had != null) {
            beforeTouched = null;
            List<Path> changed =
                    found.changed().stream().mapToObj(storage::path).toList();
            int lost = had.countWithout(found.flushed());
            publish(handle -> new Event.FilesLost(handle, changed, lost));
        }
    }

    /** Closes the connections from before the metadata was known, for there is no swarm that could have them. */
    private void dropInherited() {
        SwarmRunner runner = inherited;
        if (runner != null) {
            inherited = null;
            around.discovery().leave(name);
            runner.pause(() -> {});
        }
    }

    private void settleIn() {
        if (endWanted) {
            endRun(ended);
            return;
        }
        if (state == TorrentState.FAILED) {
            return;
        }
        if (restWanted) {
            setState(TorrentState.PAUSED);
        } else {
            start();
        }
        save();
        if (run != null && isResting()) {
            run.release(this::reportUnsaved);
        }
        if (run != null && run.swarm().isDone()) {
            CompletableFuture<Void> reached = completion;
            files.complete(() -> reached.complete(null));
        }
    }

    // ------------------------------------------------------------------ running and resting

    @Override
    public boolean isRunning() {
        return state == TorrentState.DOWNLOADING || state == TorrentState.SEEDING;
    }

    /** Whether it could run, and the user or the queue does not let it. */
    private boolean isResting() {
        return state == TorrentState.PAUSED || state == TorrentState.QUEUED;
    }

    private void start() {
        if (run != null && !rules.mayBegin(run.swarm().isDone())) {
            setState(TorrentState.QUEUED);
            // It may have connections from before its metadata was known.
            run.leave();
        } else if (run != null) {
            setState(run.swarm().isDone() ? TorrentState.SEEDING : TorrentState.DOWNLOADING);
            run.start();
        }
    }

    /** The queue lets it run, or no longer. */
    @Override
    public void queueDecided() {
        if (state == TorrentState.QUEUED && rules.mayRun()) {
            start();
        } else if (isRunning() && !rules.mayRun()) {
            setState(TorrentState.QUEUED);
            rest(() -> {});
        }
    }

    @Override
    public @Nullable SwarmRunner runner() {
        return run == null ? null : run.runner();
    }

    @Override
    public @Nullable Torrent handle() {
        return torrent;
    }

    @Override
    public long rate() {
        SwarmStats stats = run == null ? null : run.swarm().stats(around.now());
        return stats == null ? 0 : stats.downloadRate() + stats.uploadRate();
    }

    @Override
    public SeedWatch.Upload upload() {
        return new SeedWatch.Upload(
                metainfo.layout().totalLength(), transferred().uploaded());
    }

    /** Leaves the swarm; {@code then} runs on the lane when everything is on disk and saved. */
    private void rest(Runnable then) {
        if (run == null) {
            then.run();
            return;
        }
        run.rest(notes(), trouble -> {
            reportUnsaved(trouble);
            then.run();
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
            over.close(endWanted && deleteWanted, trouble -> {
                endTrouble = trouble;
                then.run();
            });
        });
    }

    /** Ends everything; {@code then} runs once it has. */
    private void end(Runnable then) {
        Runnable earlier = ended;
        ended = () -> {
            setState(TorrentState.REMOVED);
            files.ended();
            completion.completeExceptionally(new SpateException.Closed("the torrent " + metainfo.name()));
            earlier.run();
            then.run();
        };
        if (state == TorrentState.REMOVED) {
            then.run();
        } else if (!endWanted) {
            endWanted = true;
            saveTimer.cancel();
            files.ending();
            if (opening != null) {
                opening.cancel();
            } else if (state == TorrentState.MOVING) {
                files.stopMoving(forgetWanted);
            } else if (run != null && !isLookedAt()) {
                leave();
            } else if (!isLookedAt()) {
                ended.run();
            }
        }
    }

    private void leave() {
        if (run != null) {
            run.leave();
        }
        goodByeUntil = around.now() + GOODBYE_LIMIT.toNanos();
        sayGoodBye();
    }

    /** Waits until trackers know, but not for long. */
    private void sayGoodBye() {
        if (run == null || run.swarm().isAnnouncerQuiet() || around.now() - goodByeUntil >= 0) {
            endRun(() -> ended.run());
        } else {
            goodByeTimer.set(around.now() + GOODBYE_GLANCE.toNanos());
        }
    }

    private void setState(TorrentState next) {
        if (state != next && state != TorrentState.REMOVED) {
            state = next;
            readers.changed(next, run, failure);
            publish(handle -> new Event.StateChanged(handle, next));
            rules.entered(next);
        }
    }

    @Override
    public void publish(Function<Torrent, Event> event) {
        if (torrent != null) {
            around.events().accept(event.apply(torrent));
        }
    }

    // ------------------------------------------------------------------ saving

    @Override
    public ResumeData.Notes notes() {
        return new ResumeData.Notes(
                folderText(),
                transferred(),
                addedAt,
                completedAt,
                editedTrackers.map(TrackerTiers::tiers),
                files.priorities().notes(),
                restWanted,
                options.sequential(),
                files.places(),
                rules.kept(),
                Optional.of(rules.rank()));
    }

    /** In this session and before. */
    private ResumeData.Transferred transferred() {
        if (run == null) {
            return before;
        }
        SwarmStats stats = run.swarm().stats(around.now());
        return new ResumeData.Transferred(
                before.uploaded() + stats.uploaded(),
                before.downloaded() + stats.downloaded(),
                before.corrupt() + stats.corruptBytes());
    }

    private void saveIfDue() {
        if (run != null && rulesUnsaved) {
            rulesUnsaved = false;
            run.remember(notes(), isRunning(), this::reportUnsaved);
        } else if (run != null && run.isSaveDue()) {
            save();
        }
    }

    private void save() {
        if (run != null) {
            run.save(notes(), this::reportUnsaved);
        }
    }

    private void reportUnsaved(@Nullable Throwable cause) {
        if (cause instanceof StorageException && isRunning()) {
            storageFailed(cause);
        } else if (cause != null && !(cause instanceof CancellationException)) {
            LOG.log(System.Logger.Level.WARNING, "the progress of " + metainfo.name() + " could not be saved", cause);
        }
    }

    // ------------------------------------------------------------------ what the swarm says

    @Override
    public void happened(SwarmEvent event) {
        switch (event) {
            case SwarmEvent.PieceFlushed(var piece) -> {
                if (!saveTimer.isSet()) {
                    saveTimer.set(around.now() + SAVE_DELAY.toNanos());
                }
                readers.flushed(piece);
                files.pieceFlushed(piece);
            }
            case SwarmEvent.Completed completed -> completed();
            case SwarmEvent.DhtNode(var address) -> around.discovery().nodeTold(address);
            case SwarmEvent.CopyOut() -> rules.copyOut();
            case SwarmEvent.PieceFailed _,
                    SwarmEvent.BlockTimedOut _,
                    SwarmEvent.PeerConnected _,
                    SwarmEvent.PeerClosed _,
                    SwarmEvent.PeerRefused _,
                    SwarmEvent.PeerBanned _,
                    SwarmEvent.TrackerAnswered _,
                    SwarmEvent.TrackerRefused _,
                    SwarmEvent.TrackerFailed _ -> {}
        }
        if (torrent != null) {
            SwarmNews.told(torrent, event).ifPresent(around.events());
        }
    }

    @Override
    public void metadataFound(ByteBuffer info) {
        throw new IllegalStateException("the metadata of " + metainfo.name() + " was known");
    }

    private void completed() {
        if (!isAtWork()) {
            // Nothing was fetched: the files were looked at, and the selection is complete.
            return;
        }
        completedAt = Optional.of(around.settings().clock().instant());
        if (isRunning()) {
            setState(TorrentState.SEEDING);
        }
        if (run != null && isRunning()) {
            run.announce();
        }
        save();
        CompletableFuture<Void> reached = completion;
        files.complete(() -> {
            reached.complete(null);
            publish(Event.Completed::new);
        });
    }

    @Override
    public void trackerAnswered(String url, int peers) {
        // What a tracker was told is never to be taken back, also when the process is killed.
        ResumeData.Notes told = notes();
        if (isRunning() && run != null && !told.transferred().equals(remembered)) {
            run.remember(told, true, trouble -> {
                if (trouble == null) {
                    remembered = told.transferred();
                }
                reportUnsaved(trouble);
            });
        }
        publish(handle -> new Event.TrackerAnswered(handle, url, peers));
    }

    @Override
    public void trackerFailed(String url, String reason) {
        publish(handle -> new Event.TrackerFailed(handle, url, reason));
    }

    @Override
    public void storageFailed(Throwable cause) {
        boolean isFoundOut = beforeTouched != null && cause instanceof StorageException.Changed;
        if (endWanted || state == TorrentState.FAILED || isFoundOut) {
            return;
        }
        if (isRunning() && (cause instanceof StorageException.Missing || cause instanceof StorageException.Changed)) {
            files.lookForLosses(cause);
        } else {
            filesFailed(cause);
        }
    }

    // ------------------------------------------------------------------ what becomes of the files

    @Override
    public @Nullable Run run() {
        return run;
    }

    @Override
    public boolean isAtWork() {
        return run != null && !endWanted && (isRunning() || isResting());
    }

    @Override
    public void reviewDone() {
        readers.changed(state, run, failure);
        if (run == null || run.swarm().isDone()) {
            return;
        }
        if (state == TorrentState.SEEDING) {
            setState(TorrentState.DOWNLOADING);
        }
        if (completion.isDone()) {
            completion = new CompletableFuture<>();
        }
    }

    @Override
    public void moveBegins() {
        setState(TorrentState.MOVING);
    }

    @Override
    public void moveEnded() {
        if (endWanted) {
            leave();
        } else if (restWanted) {
            setState(TorrentState.PAUSED);
        } else {
            start();
        }
    }

    @Override
    public void filesTouched(Throwable cause) {
        if (beforeTouched != null) {
            // Several reads found it at the same time.
            return;
        }
        long now = around.now();
        if (run == null || (touchedAt.isPresent() && now - touchedAt.getAsLong() < TOUCHED_AGAIN.toNanos())) {
            filesFailed(cause);
            return;
        }
        touchedAt = OptionalLong.of(now);
        beforeTouched = run.swarm().flushed();
        setState(TorrentState.CHECKING);
        endRun(() -> check(false));
    }

    @Override
    public void filesFailed(Throwable cause) {
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
