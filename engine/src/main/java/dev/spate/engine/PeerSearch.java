package dev.spate.engine;

import dev.spate.core.announce.Route;
import dev.spate.core.announce.TrackerTiers;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.Found;
import dev.spate.engine.shell.TrackerClient;
import dev.spate.engine.shell.TrackerReply;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.AnnounceRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks once who is in a swarm, without taking part in it: all trackers of all tiers at the same time, the DHT, and the program's own
 * finders; of a private torrent the trackers alone. Trackers know no question of this kind, so each is told that we come, and when it has
 * answered that we have gone.
 *
 * <p>Neighbours (BEP 14) are not asked: they answer nobody, but tell of themselves every five minutes.
 */
final class PeerSearch {

    /** More addresses are not taken; as many as a swarm keeps. */
    static final int MOST = 2000;

    /** The most that trackers give. */
    private static final int NUM_WANT = 200;

    private final Metainfo metainfo;
    private final Digest name;
    private final PeerId peerId;
    private final int port;
    private final TrackerClient trackers;
    private final Discovery discovery;
    private final List<PeerFinder> finders;
    private final int key = new SecureRandom().nextInt();

    /** @param port where peers reach us */
    PeerSearch(
            Metainfo metainfo,
            PeerId peerId,
            int port,
            TrackerClient trackers,
            Discovery discovery,
            List<PeerFinder> finders) {
        this.metainfo = metainfo;
        this.name = metainfo.infoHash().onTheWire();
        this.peerId = peerId;
        this.port = port;
        this.trackers = trackers;
        this.discovery = discovery;
        this.finders = finders;
    }

    /** Waits until all have answered or the time is over; returns those that are known then. */
    List<PeerAddress> find(boolean askTrackers, Duration atMost) throws InterruptedException {
        Pool pool = new Pool();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        List<PeerFinder.Search> searches = new ArrayList<>();
        if (askTrackers) {
            new TrackerTiers(metainfo.trackers())
                    .tiers().stream()
                            .flatMap(List::stream)
                            .filter(url -> TrackerTiers.objection(url).isEmpty())
                            .forEach(url -> answers.add(ask(url, pool)));
        }
        if (!metainfo.isPrivate()) {
            discovery.nodesTold(metainfo.nodes());
            Dht dht = discovery.dht();
            if (dht != null) {
                answers.add(dht.joined()
                        .thenCompose(joined -> dht.findPeers(name))
                        .thenApply(Found::peers)
                        .thenAccept(pool::add));
            }
            for (PeerFinder finder : finders) {
                // They never say that they have told all.
                searches.add(finder.find(name, port, pool::add));
                answers.add(new CompletableFuture<>());
            }
        }
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What is known by now is what there is.
            return pool.all();
        } finally {
            searches.forEach(PeerFinder.Search::close);
        }
        return pool.all();
    }

    private CompletableFuture<Void> ask(String url, Pool pool) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        announce(url, AnnounceEvent.STARTED, reply -> {
            if (reply instanceof TrackerReply.Answered<AnnounceOutcome>(AnnounceAnswer answer)) {
                pool.add(answer.peers());
                announce(url, AnnounceEvent.STOPPED, _ -> {});
            }
            answered.complete(null);
        });
        return answered;
    }

    private void announce(String url, AnnounceEvent event, Consumer<TrackerReply<AnnounceOutcome>> reply) {
        AnnounceRequest request = new AnnounceRequest(
                name,
                peerId,
                port,
                0,
                0,
                metainfo.layout().totalLength(),
                event,
                event == AnnounceEvent.STOPPED ? 0 : NUM_WANT,
                key);
        try {
            trackers.announce(url, Route.ANY, request, Runnable::run, reply);
        } catch (RejectedExecutionException e) {
            reply.accept(new TrackerReply.Failed<>("too many requests wait"));
        }
    }

    /** What was found so far, bounded; for any thread. */
    private static final class Pool {
        private final Set<PeerAddress> peers = new LinkedHashSet<>();

        synchronized void add(List<PeerAddress> found) {
            for (PeerAddress peer : found) {
                if (peers.size() < MOST && peer.port() != 0) {
                    peers.add(peer);
                }
            }
        }

        synchronized List<PeerAddress> all() {
            return List.copyOf(peers);
        }
    }
}
