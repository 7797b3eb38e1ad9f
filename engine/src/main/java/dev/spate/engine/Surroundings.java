package dev.spate.engine;

import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.core.swarm.SwarmSettings;
import dev.spate.engine.shell.Gate;
import dev.spate.engine.shell.Resources;
import dev.spate.engine.shell.TrackerClient;
import dev.spate.engine.storage.ResumeStore;
import dev.spate.io.lane.Lane;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a session gives to each of its torrents.
 *
 * @param lane the torrent's own
 * @param gate has the user's list of addresses
 * @param listenPort where peers reach the session, or 0
 * @param rules of the session
 * @param events where to tell what happens
 */
record Surroundings(
        Lane lane,
        Resources resources,
        TrackerClient trackers,
        Discovery discovery,
        Gate gate,
        ResumeStore resumeStore,
        PeerId peerId,
        int listenPort,
        SessionSettings settings,
        SessionRules rules,
        Consumer<Event> events) {

    /** Runs a task on the lane; false if the lane has ended. */
    boolean onLane(Runnable task) {
        try {
            lane.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task on a worker and hands its outcome over on the lane; at once, as a failure, if the session is closed. */
    <T> void onWorker(Callable<T> task, Consumer<Outcome<T>> done) {
        try {
            resources.workers().<T>submit(task, lane, done);
        } catch (RejectedExecutionException e) {
            done.accept(new Outcome.Failed<>(new CancellationException("the session is closed")));
        }
    }

    /** As {@link #onWorker}, for what takes as long as files are large; one torrent after the other. */
    <T> void onMover(Callable<T> task, Consumer<Outcome<T>> done) {
        try {
            resources.mover().<T>submit(task, lane, done);
        } catch (RejectedExecutionException e) {
            done.accept(new Outcome.Failed<>(new CancellationException("the session is closed")));
        }
    }

    /** Asks on the lane and waits for the answer; empty if the lane has ended. */
    <T> Optional<T> ask(Supplier<T> question) {
        if (lane.isCurrent()) {
            return Optional.of(question.get());
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!onLane(() -> answer.complete(question.get()))) {
            return Optional.empty();
        }
        return Optional.of(answer.join());
    }

    /** @param isPrivate whether nothing is heard and told of peers by others than trackers */
    SwarmIdentity identity(Digest name, boolean isPrivate) {
        return new SwarmIdentity(
                name, peerId, listenPort, isPrivate ? 0 : discovery.dhtPort(), isPrivate, Version.USER_AGENT);
    }

    SwarmSettings swarmSettings() {
        return SwarmSettings.DEFAULTS.withMaxConnections(settings.maxConnectionsPerTorrent());
    }

    /** The present, on the scale of the lane. */
    long now() {
        return lane.now();
    }
}
