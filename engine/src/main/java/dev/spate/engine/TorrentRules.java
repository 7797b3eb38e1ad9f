package dev.spate.engine;

import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.QueueMove;
import dev.spate.core.queue.SeedLimit;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.engine.shell.SwarmLimits;
import dev.spate.engine.shell.SwarmRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a torrent may do, beyond {@link Torrent#setLimits}: changed while it runs. Commands are carried out soon after, in the
 * order in which they were given. Nothing of it is remembered after the session. For use by any thread.
 */
public final class TorrentRules {
    private final Surroundings around;
    private final SwarmLimits swarmLimits;
    private volatile RateLimits limits = RateLimits.NONE;
    private volatile RateLimits peerLimits = RateLimits.NONE;
    private volatile Optional<String> group = Optional.empty();
    private volatile Optional<SeedLimits> seedLimits = Optional.empty();
    private volatile boolean superSeeding;
    private volatile Life life;
    private final TorrentQueue.Place place;
    private final SeedWatch watch;

    // Confined to the lane; 0: as many as the session says.
    private int maxConnections;
    private int uploadSlots;

    TorrentRules(Surroundings around, Life life, boolean superSeeding) {
        this.superSeeding = superSeeding;
        this.around = around;
        this.life = life;
        this.place = around.rules().queue().enter(new TorrentQueue.Admitted() {
            @Override
            public void decided() {
                around.onLane(() -> life().queueDecided());
            }

            @Override
            public void tellRate() {
                around.onLane(() -> place().moved(life().rate()));
            }
        });
        this.watch = new SeedWatch(around.lane(), this::seedLimits, this::seededEnough);
        this.swarmLimits = new SwarmLimits(around.resources().limits(), around.lane());
    }

    private Life life() {
        return life;
    }

    /** The torrent is known now. */
    void rule(TorrentLife known) {
        life = known;
    }

    private TorrentQueue.Place place() {
        return place;
    }

    static void requirePositive(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("below 1: " + number);
        }
    }

    private static void requireNotNegative(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative: " + number);
        }
    }

    /** On the lane. */
    SwarmLimits swarmLimits() {
        return swarmLimits;
    }

    void setLimits(RateLimits newLimits) {
        around.onLane(() -> {
            limits = newLimits;
            swarmLimits.set(newLimits);
        });
    }

    /** The limits of {@link Torrent#setLimits}. */
    public RateLimits limits() {
        return limits;
    }

    /** Limits what each peer of the torrent moves, below the torrent's own limits. */
    public void setPeerLimits(RateLimits newLimits) {
        around.onLane(() -> {
            peerLimits = newLimits;
            swarmLimits.setPerPeer(newLimits);
        });
    }

    /** The limits of {@link #setPeerLimits}. */
    public RateLimits peerLimits() {
        return peerLimits;
    }

    /**
     * Makes it one of a group of torrents, whose limits ({@link SessionRules#setGroupLimits}) it then shares.
     *
     * @param name empty: of none
     */
    public void setGroup(String name) {
        around.onLane(() -> {
            group = Optional.of(name).filter(given -> !given.isEmpty());
            swarmLimits.setGroup(group.orElse(null));
        });
    }

    /** The group of {@link #setGroup}, if it is in one. */
    public Optional<String> group() {
        return group;
    }

    // ------------------------------------------------------------------ connections

    /**
     * How many connections it may have, half-open ones included; if it has too many, those of least use are closed.
     *
     * @param connections 1 or more, or 0 for as many as the session says
     */
    public void setMaxConnections(int connections) {
        requireNotNegative(connections);
        around.onLane(() -> {
            maxConnections = connections;
            applyConnections();
        });
    }

    /**
     * How many interested peers are unchoked.
     *
     * @param slots 1 or more, or 0 for as many as the session says
     */
    public void setUploadSlots(int slots) {
        requireNotNegative(slots);
        around.onLane(() -> {
            uploadSlots = slots;
            applySlots();
        });
    }

    /** The session's numbers have changed; this part of all connections may stay. */
    void connectionsChanged(double part) {
        around.onLane(() -> {
            applyConnections();
            SwarmRunner runner = life.runner();
            if (runner != null && part < 1) {
                runner.shedConnections(
                        (int) (runner.gathering().stats(around.now()).connections() * part));
            }
        });
    }

    void slotsChanged() {
        around.onLane(this::applySlots);
    }

    /** A swarm was made, which knows nothing of these rules. On the lane. */
    void apply() {
        applyConnections();
        applySlots();
        applySuperSeeding();
    }

    private void applyConnections() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            runner.setMaxConnections(
                    maxConnections > 0 ? maxConnections : around.rules().maxConnectionsPerTorrent());
        }
    }

    private void applySlots() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            runner.setUploadSlots(uploadSlots > 0 ? uploadSlots : around.rules().uploadSlots());
        }
    }

    // ------------------------------------------------------------------ how it seeds

    /**
     * Whether it super-seeds (BEP 16), from the moment when it has all pieces: whoever connects is shown a leech that gets one piece
     * after the other, each of which is to be passed on before the next, so that a whole copy is out after little more than its
     * length was sent. Then it ends by itself, and {@link Event.CopyOut} says so. For the first seed of a torrent, not for others.
     */
    public void setSuperSeeding(boolean wanted) {
        around.onLane(() -> {
            superSeeding = wanted;
            applySuperSeeding();
        });
    }

    /** Whether it super-seeds, or will as soon as it has all pieces. */
    public boolean isSuperSeeding() {
        return superSeeding;
    }

    /** Super-seeding has done its work. On the lane. */
    void copyOut() {
        superSeeding = false;
    }

    private void applySuperSeeding() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            runner.setSuperSeeding(superSeeding);
        }
    }

    // ------------------------------------------------------------------ whether it runs

    int queuePosition() {
        return place.position();
    }

    /** What it waits for in the queue; empty if it does not. */
    Optional<Situation.QueuePlace> line() {
        return place.line();
    }

    /** All limits downwards that hold for it, its session's first. */
    List<Situation.RateLimit> downLimits() {
        List<Situation.RateLimit> all = new ArrayList<>();
        addLimit(all, "session", around.resources().limits().get());
        addLimit(all, "group", group.map(around.rules().groupLimits()::get).orElse(RateLimits.NONE));
        addLimit(all, "torrent", limits);
        addLimit(all, "peer", peerLimits);
        return all;
    }

    private static void addLimit(List<Situation.RateLimit> all, String level, RateLimits of) {
        if (of.down() != RateLimits.NO_LIMIT) {
            all.add(new Situation.RateLimit(level, of.down()));
        }
    }

    void forceStart() {
        place.force(true);
        life.resume();
    }

    /** Whether it was told to run whatever the limits are. */
    public boolean isForced() {
        return place.isForced();
    }

    /** Changes its place in the queue. */
    public void moveInQueue(QueueMove move) {
        place.move(move);
    }

    /** It would like to run; returns whether it may. On the lane. */
    boolean mayBegin(boolean complete) {
        return place.wants(complete);
    }

    /** Whether the queue lets it run. */
    boolean mayRun() {
        return place.mayRun();
    }

    /** It does something else now. On the lane. */
    void entered(TorrentState state) {
        if (state == TorrentState.SEEDING) {
            watch.begin(() -> life().upload());
        } else {
            watch.end();
        }
        switch (state) {
            case CHECKING, MOVING, FAILED -> place.rests();
            case PAUSED -> {
                place.force(false);
                place.rests();
            }
            case SEEDING -> {
                if (!place.wants(true)) {
                    around.onLane(() -> life().queueDecided());
                }
            }
            case REMOVED -> place.leave();
            case FETCHING_METADATA, DOWNLOADING, QUEUED -> {}
        }
    }

    // ------------------------------------------------------------------ how long it seeds

    /**
     * When it has seeded enough.
     *
     * @param limits {@link SeedLimits#NONE}: never, whatever the session says
     */
    public void setSeedLimits(SeedLimits limits) {
        seedLimits = Optional.of(limits);
        seedLimitsChanged();
    }

    /** From now on the session says when it has seeded enough, as at first. */
    public void seedAsSessionSays() {
        seedLimits = Optional.empty();
        seedLimitsChanged();
    }

    /** Those that hold, its own or the session's. */
    public SeedLimits seedLimits() {
        return seedLimits.orElseGet(() -> around.rules().seedLimits());
    }

    void seedLimitsChanged() {
        around.onLane(watch::limitsChanged);
    }

    private void seededEnough(SeedLimit limit) {
        Torrent torrent = life.handle();
        if (torrent == null) {
            return;
        }
        AfterSeeding then = seedLimits().then();
        around.events().accept(new Event.SeedLimitReached(torrent, limit, then));
        switch (then) {
            case PAUSE -> life.pause();
            case REMOVE -> around.rules().remove(torrent);
            case NOTHING -> {}
        }
    }
}
