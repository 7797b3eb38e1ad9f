package dev.spate.engine;

import dev.spate.core.announce.TrackerTiers;
import dev.spate.core.swarm.MagnetSwarm;
import dev.spate.core.swarm.PeerSource;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.engine.storage.ArrivingPieces;
import dev.spate.engine.storage.Checkpoint;
import dev.spate.engine.storage.ResumeData;
import dev.spate.engine.storage.TorrentStorage;
import dev.spate.io.work.Outcome;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceSet;
import dev.spate.wire.metainfo.Metainfo;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A torrent's open storage and the swarm on it, from one look at its files to the next. Confined to the lane.
 *
 * <p>What can fail reports its trouble to a consumer, which gets null when all went well.
 */
final class Run {
    private final Surroundings around;
    private final Digest name;
    private final boolean isPrivate;
    private final boolean isExclusive;
    private final TorrentStorage storage;
    private final Checkpoint checkpoint;
    private final SwarmRunner runner;
    private boolean saving;

    private Run(
            Surroundings around,
            Metainfo metainfo,
            boolean isExclusive,
            TorrentStorage storage,
            Checkpoint checkpoint,
            SwarmRunner runner) {
        this.around = around;
        this.isExclusive = isExclusive;
        this.name = metainfo.infoHash().onTheWire();
        this.isPrivate = metainfo.isPrivate();
        this.storage = storage;
        this.checkpoint = checkpoint;
        this.runner = runner;
    }

    /**
     * Makes a swarm, which rests.
     *
     * @param trackers for a swarm that inherits none
     * @param storage prepared
     * @param flushed the pieces that are on disk
     * @param piecePriorities 0 to 7 for each
     * @param peers addresses to try
     * @param inherited runs a swarm that had to find out what its torrent is, and goes on with this one; or null
     */
    static Run prepare(
            Surroundings around,
            Metainfo metainfo,
            AddOptions options,
            TrackerTiers trackers,
            TorrentStorage storage,
            PieceSet flushed,
            int[] piecePriorities,
            ResumeData.Notes notes,
            List<PeerAddress> peers,
            TorrentRules rules,
            @Nullable SwarmRunner inherited,
            SwarmRunner.Listener listener) {
        Digest name = metainfo.infoHash().onTheWire();
        Checkpoint checkpoint = new Checkpoint(storage, around.resumeStore(), name, flushed, notes);
        AtomicReference<@Nullable SwarmRunner> later = new AtomicReference<>();
        ArrivingPieces arriving = new ArrivingPieces(
                storage,
                checkpoint,
                around.resources().checker(),
                metainfo::pieceHashMatches,
                around.resources().pieces(),
                () -> around.onLane(() -> {
                    SwarmRunner runner = later.get();
                    if (runner != null) {
                        runner.budgetFreed();
                    }
                }));
        // In the swarm, who deals with some peers alone is as one whose peers are told by its tracker alone.
        SwarmIdentity identity = around.identity(name, metainfo.isPrivate() || options.exclusive());
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        Swarm swarm = inherited != null && inherited.gathering() instanceof MagnetSwarm magnet
                ? magnet.become(identity, metainfo.layout(), flushed, arriving::tryOpen, random, around.now())
                : new Swarm(
                        around.swarmSettings(),
                        identity,
                        metainfo.layout(),
                        flushed,
                        trackers.tiers(),
                        arriving::tryOpen,
                        random);
        swarm.transferredBefore(
                notes.transferred().uploaded(), notes.transferred().downloaded());
        swarm.serveMetadata(metainfo.infoBuffer());
        swarm.setSequential(options.sequential(), around.now());
        swarm.setFilter(around.gate().filter(), around.now());
        SwarmRunner runner = inherited != null
                ? inherited
                : new SwarmRunner(
                        around.lane(),
                        identity,
                        swarm,
                        around.resources(),
                        around.trackers(),
                        rules.swarmLimits(),
                        listener);
        later.set(runner);
        runner.transfer(swarm, storage, arriving, listener);
        runner.setPiecePriorities(piecePriorities);
        runner.addPeers(PeerSource.USER, peers);
        return new Run(around, metainfo, options.exclusive(), storage, checkpoint, runner);
    }

    Swarm swarm() {
        return runner.swarm();
    }

    SwarmRunner runner() {
        return runner;
    }

    TorrentStorage storage() {
        return storage;
    }

    /** Takes part in the swarm. */
    void start() {
        announce();
        runner.start();
    }

    /** Lets others find us in the swarm, as one who has everything or not. */
    void announce() {
        if (isExclusive) {
            return;
        }
        around.discovery()
                .enter(
                        name,
                        runner,
                        around.listenPort(),
                        isPrivate,
                        swarm().flushed().isFull());
    }

    /** Leaves the swarm; nothing is waited for. */
    void leave() {
        around.discovery().leave(name);
        runner.pause(() -> {});
    }

    /** Leaves the swarm, waits until what has arrived is on disk, saves, and lets go of the files. */
    void rest(ResumeData.Notes notes, Consumer<@Nullable Throwable> done) {
        around.discovery().leave(name);
        runner.pause(() -> {
            checkpoint.note(notes);
            work(
                    () -> {
                        try {
                            checkpoint.close();
                        } finally {
                            storage.release();
                        }
                        return true;
                    },
                    done);
        });
    }

    /** Lets go of the files that a look has opened; for a run that does not begin yet. */
    void release(Consumer<@Nullable Throwable> done) {
        work(
                () -> {
                    storage.release();
                    return true;
                },
                done);
    }

    /** Leaves the swarm; {@code rested} runs when no worker writes any more. */
    void pause(Runnable rested) {
        around.discovery().leave(name);
        runner.pause(rested);
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Whether there are pieces on disk that the resume data does not claim. */
    boolean isSaveDue() {
        return checkpoint.isDue();
    }

    /** Forces what was written and saves; without effect while an earlier save is under way. */
    void save(ResumeData.Notes notes, Consumer<@Nullable Throwable> done) {
        if (saving) {
            return;
        }
        saving = true;
        checkpoint.note(notes);
        work(
                () -> {
                    checkpoint.save();
                    return true;
                },
                trouble -> {
                    saving = false;
                    done.accept(trouble);
                });
    }

    /** Saves what has changed besides pieces; also while another save is under way, or while it rests. */
    void remember(ResumeData.Notes notes, boolean running, Consumer<@Nullable Throwable> done) {
        checkpoint.note(notes);
        work(
                () -> {
                    if (running) {
                        checkpoint.save();
                    } else {
                        checkpoint.close();
                    }
                    return true;
                },
                done);
    }

    /** The end of a run that rests; {@code delete} tells whether the files go too. */
    void close(boolean delete, Consumer<@Nullable Throwable> done) {
        runner.close();
        work(
                () -> {
                    if (delete) {
                        storage.delete();
                    }
                    storage.close();
                    return true;
                },
                done);
    }

    private void work(Callable<Boolean> task, Consumer<@Nullable Throwable> done) {
        around.onWorker(
                task, outcome -> done.accept(outcome instanceof Outcome.Failed<Boolean>(var cause) ? cause : null));
    }
}
