package dev.spate.engine;

import dev.spate.core.announce.TrackerTiers;
import dev.spate.core.swarm.MagnetSwarm;
import dev.spate.core.swarm.PeerSource;
import dev.spate.core.swarm.SwarmEvent;
import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.core.swarm.SwarmStats;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A torrent of which only the magnet link is known, until its metadata is. Everything it decides, it decides on its lane.
 *
 * <pre>
 *            remembered from an earlier session
 *   (added) -------------------------------------------------------------------> becomes a TorrentLife
 *      |                                        metadata from peers     |
 *      `----> FETCHING_METADATA ---------------------------------------'
 *              ^ |            \
 *       resume | | pause       `-- it makes no sense, or the memory fails --> FAILED
 *              | v
 *            PAUSED                                  remove or close, from any state: REMOVED
 * </pre>
 *
 * <p>Commands that come after it has become a {@link TorrentLife} are handed on.
 */
final class MagnetLife implements Life, SwarmRunner.Listener {

    /** Addresses kept until there is a swarm. */
    private static final int MAX_PEERS = 1000;

    private static final System.Logger LOG = System.getLogger(MagnetLife.class.getName());

    private final Magnet magnet;
    private final AddOptions options;
    private final Surroundings around;
    private final Digest name;
    private final TorrentRules rules;
    private volatile CompletableFuture<Void> completion = new CompletableFuture<>();
    private volatile CompletableFuture<Metainfo> metadata = new CompletableFuture<>();
    private volatile TorrentState state = TorrentState.FETCHING_METADATA;
    private volatile @Nullable TorrentLife next;

    // Confined to the lane.
    private @Nullable Torrent torrent;
    private @Nullable SwarmRunner runner;
    private @Nullable SpateException failure;
    private boolean restWanted;
    private @Nullable Metainfo known;

    /** As the link and the options have them, or the user changed them since. */
    private TrackerTiers trackers;

    private boolean trackersEdited;

    /** The kept link is being written, or about to be; who edits meanwhile waits. */
    private boolean linkBusy;

    private boolean rememberAgain;
    private final List<CompletableFuture<Void>> linkWaiters = new ArrayList<>();

    /** Priorities of files that were said since it is known. */
    private final SortedMap<Integer, Integer> chosen = new TreeMap<>();

    private final List<PeerAddress> peers = new ArrayList<>();

    MagnetLife(Magnet magnet, AddOptions options, Surroundings around) {
        this.magnet = magnet;
        this.options = options;
        this.around = around;
        this.name = magnet.infoHash().onTheWire();
        this.restWanted = options.paused();
        this.rules = new TorrentRules(around, this, options.superSeeding());
        this.trackers = new TrackerTiers(options.trackerTiers(MagnetMemory.trackers(magnet)));
        peers.addAll(options.peers());
    }

    // ------------------------------------------------------------------ for the door; any thread

    @Override
    public InfoHash infoHash() {
        return magnet.infoHash();
    }

    @Override
    public String name() {
        if (metadata.state() == Future.State.SUCCESS) {
            return metadata.resultNow().name();
        }
        String called = magnet.displayName();
        return called == null ? name.toString() : called;
    }

    @Override
    public CompletableFuture<Metainfo> metadata() {
        return metadata;
    }

    @Override
    public Path folder() {
        return options.folder();
    }

    @Override
    public TorrentState state() {
        TorrentLife after = next;
        return after == null ? state : after.state();
    }

    @Override
    public CompletableFuture<Void> completion() {
        return completion;
    }

    @Override
    public void begin(Torrent handle) {
        around.onLane(() -> {
            torrent = handle;
            remember();
        });
    }

    @Override
    public void pause() {
        command(TorrentLife::pause, () -> {
            restWanted = true;
            if (state == TorrentState.FETCHING_METADATA) {
                setState(TorrentState.PAUSED);
                leave();
            }
        });
    }

    @Override
    public void resume() {
        command(TorrentLife::resume, () -> {
            restWanted = false;
            if (known != null) {
                become(known);
            } else if (state == TorrentState.PAUSED) {
                setState(TorrentState.FETCHING_METADATA);
                join();
            } else if (state == TorrentState.FAILED) {
                failure = null;
                completion = new CompletableFuture<>();
                metadata = new CompletableFuture<>();
                setState(TorrentState.FETCHING_METADATA);
                remember();
            }
        });
    }

    @Override
    public void recheck() {
        // Without metadata there are no files.
        command(TorrentLife::recheck, () -> {});
    }

    @Override
    public void announce() {
        command(TorrentLife::announce, () -> {
            if (runner != null && state == TorrentState.FETCHING_METADATA) {
                runner.announceNow();
            }
        });
    }

    @Override
    public void addPeers(List<PeerAddress> addresses) {
        command(after -> after.addPeers(addresses), () -> {
            peers.addAll(addresses.subList(0, Math.min(addresses.size(), MAX_PEERS - peers.size())));
            if (runner != null) {
                runner.addPeers(PeerSource.USER, addresses);
            }
        });
    }

    @Override
    public void filter() {
        command(TorrentLife::filter, () -> {
            if (runner != null) {
                runner.filter(around.gate().filter());
            }
        });
    }

    @Override
    public void localEndsChanged() {
        command(TorrentLife::localEndsChanged, () -> {
            if (runner != null) {
                runner.localEndsChanged();
            }
        });
    }

    private void command(Consumer<TorrentLife> later, Runnable now) {
        around.onLane(() -> {
            TorrentLife after = next;
            if (after == null) {
                now.run();
            } else {
                later.accept(after);
            }
        });
    }

    @Override
    public CompletableFuture<Void> close() {
        return end(TorrentLife::close, () -> CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletableFuture<Void> remove(boolean deleteFiles) {
        return end(life -> life.remove(deleteFiles), () -> {
            CompletableFuture<Void> forgotten = new CompletableFuture<>();
            around.onWorker(
                    () -> {
                        around.resumeStore().remove(name);
                        return true;
                    },
                    outcome -> {
                        if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                            forgotten.completeExceptionally(StorageFailures.toSpate(cause));
                        } else {
                            forgotten.complete(null);
                        }
                    });
            return forgotten;
        });
    }

    private CompletableFuture<Void> end(
            Function<TorrentLife, CompletableFuture<Void>> later, Supplier<CompletableFuture<Void>> then) {
        CompletableFuture<CompletableFuture<Void>> ended = new CompletableFuture<>();
        boolean begun = around.onLane(() -> {
            TorrentLife after = next;
            if (after != null) {
                ended.complete(later.apply(after));
                return;
            }
            leave();
            setState(TorrentState.REMOVED);
            SpateException closed = new SpateException.Closed("the torrent " + name());
            completion.completeExceptionally(closed);
            metadata.completeExceptionally(closed);
            ended.complete(then.get());
        });
        if (!begun) {
            return CompletableFuture.completedFuture(null);
        }
        return ended.thenCompose(future -> future);
    }

    /** They are remembered once the metadata is known. */
    @Override
    public void rulesChanged() {}

    @Override
    public TorrentRules rules() {
        return rules;
    }

    @Override
    public void queueDecided() {
        // What is without metadata moves next to nothing, so it waits for nobody.
    }

    @Override
    public @Nullable SwarmRunner runner() {
        return runner;
    }

    @Override
    public @Nullable Torrent handle() {
        return torrent;
    }

    @Override
    public long rate() {
        return 0;
    }

    @Override
    public SeedWatch.Upload upload() {
        return new SeedWatch.Upload(0, 0);
    }

    @Override
    public TorrentStats stats() {
        TorrentLife after = next;
        if (after != null) {
            return after.stats();
        }
        return around.ask(() -> stats(
                        Optional.ofNullable(runner).map(any -> any.gathering().stats(around.now()))))
                .orElseGet(() -> stats(Optional.empty()));
    }

    private TorrentStats stats(Optional<SwarmStats> swarm) {
        return new TorrentStats(
                state,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                swarm.map(SwarmStats::peers).orElse(0),
                0,
                0,
                swarm.map(SwarmStats::candidates).orElse(0),
                swarm.map(SwarmStats::banned).orElse(0),
                Optional.ofNullable(failure));
    }

    @Override
    public List<PeerStats> peers() {
        TorrentLife after = next;
        return after != null ? after.peers() : look(any -> TorrentLooks.peers(any.gathering(), around.now()));
    }

    @Override
    public List<TrackerStats> trackers() {
        TorrentLife after = next;
        return after != null ? after.trackers() : look(any -> TorrentLooks.trackers(any.gathering(), around.now()));
    }

    private <T> List<T> look(Function<SwarmRunner, List<T>> question) {
        return around.ask(() -> runner == null ? List.<T>of() : question.apply(runner))
                .orElse(List.of());
    }

    @Override
    public List<Hindrance> diagnose() {
        TorrentLife after = next;
        if (after != null) {
            return after.diagnose();
        }
        return around.ask(() -> Diagnosis.of(TorrentLooks.situation(
                        state,
                        false,
                        false,
                        failure,
                        0,
                        Situation.Look.NONE,
                        runner == null ? null : runner.gathering(),
                        around.discovery().search(name),
                        rules,
                        around.resources(),
                        around.now())))
                .orElse(List.of(new Hindrance.Ended()));
    }

    @Override
    public List<FileStats> files() {
        TorrentLife after = next;
        return after == null ? List.of() : after.files();
    }

    /** While the torrent rests at its metadata, it is remembered for later. */
    @Override
    public CompletableFuture<Void> setFilePriorities(SortedMap<Integer, Integer> changes) {
        CompletableFuture<CompletableFuture<Void>> answer = new CompletableFuture<>();
        boolean asked = around.onLane(() -> {
            TorrentLife after = next;
            if (after != null) {
                answer.complete(after.setFilePriorities(changes));
            } else if (known != null) {
                chosen.putAll(changes);
                answer.complete(CompletableFuture.completedFuture(null));
            } else {
                answer.complete(tooEarly());
            }
        });
        return asked
                ? answer.thenCompose(future -> future)
                : CompletableFuture.failedFuture(new SpateException.Closed("the session"));
    }

    @Override
    public CompletableFuture<Void> renameFile(int file, List<String> names) {
        TorrentLife after = next;
        return after == null ? tooEarly() : after.renameFile(file, names);
    }

    @Override
    public CompletableFuture<Void> renameTop(String to) {
        TorrentLife after = next;
        return after == null ? tooEarly() : after.renameTop(to);
    }

    @Override
    public MoveJob moveTo(Path folder) {
        TorrentLife after = next;
        if (after != null) {
            return after.moveTo(folder);
        }
        MoveJob job = new MoveJob();
        job.future().completeExceptionally(refusal());
        return job;
    }

    @Override
    public CompletableFuture<Void> editTrackers(UnaryOperator<TrackerTiers> edit) {
        CompletableFuture<CompletableFuture<Void>> answer = new CompletableFuture<>();
        boolean asked = around.onLane(() -> {
            TorrentLife after = next;
            answer.complete(after == null ? edit(edit) : after.editTrackers(edit));
        });
        return asked
                ? answer.thenCompose(future -> future)
                : CompletableFuture.failedFuture(new SpateException.Closed("the session"));
    }

    private CompletableFuture<Void> edit(UnaryOperator<TrackerTiers> edit) {
        TrackerTiers edited;
        try {
            edited = edit.apply(trackers);
        } catch (SpateException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        if (link(edited).length() > Magnet.MAX_LENGTH) {
            return CompletableFuture.failedFuture(new SpateException.Refused(
                    "a magnet link cannot remember so many trackers; wait until the metadata is known"));
        }
        trackers = edited;
        trackersEdited = true;
        if (runner != null) {
            runner.setTrackers(trackers.tiers());
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (known != null) {
            done.complete(null);
        } else {
            rememberLink(done);
        }
        return done;
    }

    /** A link has no tiers: what is remembered is each tracker as a tier of its own. */
    private String link(TrackerTiers tiers) {
        return magnet.withTrackers(urls(tiers)).toString();
    }

    private static List<String> urls(TrackerTiers tiers) {
        return tiers.tiers().stream().flatMap(List::stream).toList();
    }

    /** Keeps the link as it is now; one writes at a time. */
    private void rememberLink(CompletableFuture<Void> done) {
        linkWaiters.add(done);
        if (!linkBusy) {
            writeLink();
        }
    }

    private void writeLink() {
        linkBusy = true;
        List<CompletableFuture<Void>> served = List.copyOf(linkWaiters);
        linkWaiters.clear();
        String link = link(trackers);
        around.onWorker(
                () -> {
                    around.resumeStore().saveMagnet(name, link);
                    return true;
                },
                outcome -> {
                    for (CompletableFuture<Void> done : served) {
                        if (outcome instanceof Outcome.Failed<Boolean>(var cause)) {
                            done.completeExceptionally(StorageFailures.toSpate(cause));
                        } else {
                            done.complete(null);
                        }
                    }
                    linkFree();
                });
    }

    /** Nobody writes the link any more; others may wait to. */
    private void linkFree() {
        linkBusy = false;
        if (state == TorrentState.REMOVED || known != null) {
            // There is nothing that the link would be needed for.
            linkWaiters.forEach(done -> done.complete(null));
            linkWaiters.clear();
        } else if (rememberAgain) {
            remember();
        } else if (!linkWaiters.isEmpty()) {
            writeLink();
        }
    }

    private CompletableFuture<Void> tooEarly() {
        return CompletableFuture.failedFuture(refusal());
    }

    private SpateException refusal() {
        return new SpateException.Refused(name() + " has no files yet; wait until its metadata is known");
    }

    @Override
    public PieceSet flushed() {
        TorrentLife after = next;
        return after == null ? new PieceSet(0) : after.flushed();
    }

    @Override
    public int[] availability() {
        TorrentLife after = next;
        return after == null ? new int[0] : after.availability();
    }

    // ------------------------------------------------------------------ on the lane

    private void remember() {
        rememberAgain = linkBusy;
        if (linkBusy) {
            return;
        }
        linkBusy = true;
        Magnet present = trackersEdited ? magnet.withTrackers(urls(trackers)) : magnet;
        around.onWorker(
                () -> MagnetMemory.of(
                        present, around.resumeStore(), around.settings().proxy().isEmpty()),
                this::remembered);
    }

    private void remembered(Outcome<MagnetMemory> outcome) {
        takeUp(outcome);
        linkFree();
    }

    private void takeUp(Outcome<MagnetMemory> outcome) {
        if (state == TorrentState.REMOVED) {
            return;
        }
        switch (outcome) {
            case Outcome.Failed<MagnetMemory>(var cause) -> storageFailed(cause);
            case Outcome.Done<MagnetMemory>(var memory) -> {
                if (!options.exclusive()) {
                    peers.addAll(memory.peers());
                }
                if (memory.metainfo().isPresent()) {
                    known(memory.metainfo().get());
                } else if (restWanted) {
                    setState(TorrentState.PAUSED);
                } else {
                    join();
                }
            }
        }
    }

    /** Takes part in the swarm. */
    private void join() {
        SwarmRunner present = runner;
        if (present == null) {
            SwarmIdentity identity = around.identity(name, options.exclusive());
            MagnetSwarm swarm = new MagnetSwarm(
                    around.swarmSettings(),
                    identity,
                    trackers.tiers(),
                    new SplittableRandom(new SecureRandom().nextLong()));
            present = new SwarmRunner(
                    around.lane(), identity, swarm, around.resources(), around.trackers(), rules.swarmLimits(), this);
            runner = present;
            rules.apply();
            present.filter(around.gate().filter());
            present.addPeers(PeerSource.USER, peers);
        }
        if (!options.exclusive()) {
            around.discovery().enter(name, present, around.listenPort(), false, false);
        }
        present.start();
    }

    private void leave() {
        SwarmRunner present = runner;
        if (present != null) {
            around.discovery().leave(name);
            present.pause(() -> {});
        }
    }

    @Override
    public void metadataFound(ByteBuffer info) {
        byte[] bytes = new byte[info.remaining()];
        info.get(bytes);
        around.onWorker(
                () -> {
                    Decoding<Metainfo> decoding = Metainfo.ofInfoDictionary(bytes, MagnetMemory.trackers(magnet));
                    if (decoding instanceof Decoding.Decoded<Metainfo>(var metainfo)) {
                        around.resumeStore().saveMetainfo(name, metainfo.toBytes());
                    }
                    return decoding;
                },
                outcome -> {
                    if (state == TorrentState.REMOVED) {
                        return;
                    }
                    switch (outcome) {
                        case Outcome.Failed<Decoding<Metainfo>>(var cause) -> storageFailed(cause);
                        case Outcome.Done<Decoding<Metainfo>>(Decoding.Decoded<Metainfo>(var metainfo)) ->
                            known(metainfo);
                        case Outcome.Done<Decoding<Metainfo>>(var reason) ->
                            fail(new SpateException.Unsupported(
                                    "the metadata of " + name() + " has the right hash and makes no sense: " + reason));
                    }
                });
    }

    private void known(Metainfo metainfo) {
        known = metainfo;
        if (options.stopsAtMetadata()) {
            leave();
            setState(TorrentState.PAUSED);
        } else {
            become(metainfo);
        }
        publish(any -> new Event.MetadataReceived(any, metainfo));
        metadata.complete(metainfo);
    }

    private void become(Metainfo metainfo) {
        AddOptions then = options.withPeers(peers).withFilePriorities(wishes(metainfo));
        TorrentLife life = new TorrentLife(
                metainfo,
                restWanted ? then.startPaused() : then.started(),
                around,
                new Heritage(runner, rules, completion, trackersEdited ? Optional.of(trackers) : Optional.empty()));
        next = life;
        rules.rule(life);
        Torrent handle = torrent;
        assert handle != null;
        handle.become(life);
        life.begin(handle);
    }

    /** How much each file is wanted: what was said last, else with the torrent, else in the link (BEP 53). */
    private SortedMap<Integer, Integer> wishes(Metainfo metainfo) {
        SortedMap<Integer, Integer> wishes = new TreeMap<>();
        if (options.filePriorities().isEmpty()) {
            for (int file = 0; file < metainfo.files().size(); file++) {
                if (!magnet.selects(file)) {
                    wishes.put(file, 0);
                }
            }
        }
        wishes.putAll(options.filePriorities());
        wishes.putAll(chosen);
        return wishes;
    }

    private void fail(SpateException trouble) {
        failure = trouble;
        leave();
        // It may have got all it can get; another try begins anew.
        runner = null;
        setState(TorrentState.FAILED);
        completion.completeExceptionally(trouble);
        metadata.completeExceptionally(trouble);
        publish(handle -> new Event.Failed(handle, trouble));
    }

    private void setState(TorrentState changed) {
        if (state != changed && state != TorrentState.REMOVED) {
            state = changed;
            rules.entered(changed);
            publish(handle -> new Event.StateChanged(handle, changed));
        }
    }

    private void publish(Function<Torrent, Event> event) {
        if (torrent != null) {
            around.events().accept(event.apply(torrent));
        }
    }

    // ------------------------------------------------------------------ what the swarm says

    @Override
    public void happened(SwarmEvent event) {
        if (event instanceof SwarmEvent.DhtNode(var address)) {
            around.discovery().nodeTold(address);
        }
        if (torrent != null) {
            SwarmNews.told(torrent, event).ifPresent(around.events());
        }
    }

    @Override
    public void storageFailed(Throwable cause) {
        LOG.log(System.Logger.Level.WARNING, "what is remembered of {0} cannot be read or written", name());
        fail(StorageFailures.toSpate(cause));
    }

    @Override
    public void trackerAnswered(String url, int count) {
        publish(handle -> new Event.TrackerAnswered(handle, url, count));
    }

    @Override
    public void trackerFailed(String url, String reason) {
        publish(handle -> new Event.TrackerFailed(handle, url, reason));
    }
}
