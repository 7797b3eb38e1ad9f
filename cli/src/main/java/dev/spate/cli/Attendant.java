package dev.spate.cli;

import dev.spate.cli.view.Look;
import dev.spate.cli.view.Progress;
import dev.spate.cli.view.Standstill;
import dev.spate.core.swarm.PeerSource;
import dev.spate.engine.Event;
import dev.spate.engine.Hindrance;
import dev.spate.engine.Session;
import dev.spate.engine.Subscription;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentStats;
import dev.spate.engine.dht.Dht;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the torrents of a session while a command runs: shows them, tells what is worth telling, and notices the user's
 * wish to stop. For one thread.
 */
final class Attendant implements AutoCloseable {

    /** Often enough for eyes, seldom enough to cost nothing. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    /** What is told of a tracker is told once; a session of a year must not remember more. */
    private static final int MAX_TOLD = 1000;

    private final Progress progress;
    private final Interrupts interrupts;
    private final Subscription subscription;
    private final Queue<String> news = new ConcurrentLinkedQueue<>();
    private final Map<Torrent, Standstill> standstills = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final @Nullable Dht dht;
    private volatile int knownNodes;

    /** Begins to listen to the session. */
    Attendant(Session session, Progress progress, Interrupts interrupts) {
        this.progress = progress;
        this.interrupts = interrupts;
        this.dht = session.dht().orElse(null);
        this.subscription = session.subscribe(this::happened);
    }

    /**
     * Shows the torrents until enough has happened.
     *
     * @param done what ends the waiting at once
     * @param enough asked at each glance; true ends the waiting
     * @return false if the user wants to stop
     */
    boolean attend(List<Torrent> torrents, CompletableFuture<?> done, Predicate<List<Look>> enough) {
        CompletableFuture<?> end = interrupts.or(done);
        while (true) {
            List<Look> looks = torrents.stream().map(this::look).toList();
            askDht();
            for (String line = news.poll(); line != null; line = news.poll()) {
                progress.say(line);
            }
            for (int i = 0; i < looks.size(); i++) {
                explain(torrents.get(i), looks.get(i).stats());
            }
            progress.show(looks);
            if (interrupts.wished() || enough.test(looks)) {
                return !interrupts.wished();
            }
            try {
                if (interrupts.await(end, GLANCE) && !interrupts.wished()) {
                    progress.show(torrents.stream().map(this::look).toList());
                    return true;
                }
            } catch (ExecutionException e) {
                // What failed shows in the torrent's state, which the caller looks at.
                return true;
            }
        }
    }

    /** The answer is shown at the next glance. */
    private void askDht() {
        if (dht != null) {
            var _ = dht.stats().thenAccept(status -> knownNodes = status.ipv4Nodes() + status.ipv6Nodes());
        }
    }

    private Look look(Torrent torrent) {
        TorrentStats stats = torrent.stats();
        PieceSet pieces = torrent.pieces();
        Map<PeerSource, Integer> sources = new EnumMap<>(PeerSource.class);
        if (stats.peers() > 0) {
            torrent.peers().forEach(peer -> sources.merge(peer.source(), 1, Integer::sum));
        }
        OptionalInt dhtNodes = dht == null ? OptionalInt.empty() : OptionalInt.of(knownNodes);
        return new Look(TorrentFacts.plain(torrent.name()), stats, pieces, sources, dhtNodes, remark(torrent, stats));
    }

    private static String remark(Torrent torrent, TorrentStats stats) {
        return switch (stats.state()) {
            case FETCHING_METADATA, DOWNLOADING ->
                stats.downloadRate() > 0
                        ? ""
                        : torrent.diagnose().stream()
                                .findFirst()
                                .map(reason -> TorrentFacts.plain(reason.sentence()))
                                .orElse("");
            case CHECKING, SEEDING, MOVING, PAUSED, QUEUED, FAILED, REMOVED -> "";
        };
    }

    /** Says why a torrent does not go on, if it is time to. */
    private void explain(Torrent torrent, TorrentStats stats) {
        List<Hindrance> reasons = standstills
                .computeIfAbsent(torrent, _ -> new Standstill())
                .review(stats, torrent::diagnose, System.nanoTime());
        if (!reasons.isEmpty()) {
            progress.standstill(TorrentFacts.plain(torrent.name()), reasons);
        }
    }

    /** On a thread of the session. */
    private void happened(Event event) {
        switch (event) {
            case Event.PeerBanned banned -> news.add("banned " + banned.peer() + ": " + banned.evidence());
            case Event.TrackerFailed failed -> {
                String line = TorrentFacts.plain("tracker " + failed.url() + ": " + failed.reason());
                if (told.size() < MAX_TOLD && told.add(line)) {
                    news.add(line);
                }
            }
            case Event.Moved moved -> news.add(TorrentFacts.plain("moved to " + moved.folder()));
            case Event.MoveFailed failed ->
                news.add(TorrentFacts.plain("not moved: " + failed.failure().getMessage()));
            case Event.FilesLost lost ->
                news.add(TorrentFacts.plain("gone or cut, and fetched again: "
                        + lost.files().stream().map(String::valueOf).collect(Collectors.joining(", "))));
            case Event.SeedLimitReached reached ->
                news.add(TorrentFacts.plain(reached.torrent().name()) + ": "
                        + switch (reached.limit()) {
                            case RATIO -> "the seed ratio is reached";
                            case TIME -> "it has seeded for long enough";
                            case IDLE -> "nobody has wanted it for long enough";
                        });
            case Event.CopyOut(Torrent torrent) ->
                news.add(TorrentFacts.plain(torrent.name()) + ": a whole copy is out, seeding as usual");
            case Event.MetadataReceived received ->
                news.add("metadata received: "
                        + TorrentFacts.plain(received.metainfo().name()));
            case Event.DhtNodeTold nothing -> {}
            case Event.StateChanged nothing -> {}
            case Event.PieceFlushed nothing -> {}
            case Event.PieceFailed nothing -> {}
            case Event.Completed nothing -> {}
            case Event.PeerConnected nothing -> {}
            case Event.PeerDisconnected nothing -> {}
            case Event.TrackerAnswered nothing -> {}
            case Event.Failed nothing -> {}
        }
    }

    /** No longer listens. */
    @Override
    public void close() {
        subscription.close();
    }
}
