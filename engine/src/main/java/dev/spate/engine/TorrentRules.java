package dev.spate.engine;

import dev.spate.core.choke.Choking;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.QueueMove;
import dev.spate.core.queue.SeedLimit;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.engine.shell.SwarmLimits;
import dev.spate.engine.shell.SwarmRunner;
import dev.spate.engine.storage.KeptRules;
import dev.spate.engine.storage.QueueRank;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a torrent may do, beyond {@link Torrent#setLimits}: changed while it runs. Commands are carried out soon after, in the
 * order in which they were given. Once its files have been looked at they are remembered, with its place in the queue, and hold when
 * it is added again in a later session, except where something else is said before its files are looked at there. For use by any thread.
 */
public final class TorrentRules {
    private final Surroundings around;
    private final SwarmLimits swarmLimits;
    private volatile KeptRules own = KeptRules.NONE;
    private volatile Life life;
    private final TorrentQueue.Place place;
    private final SeedWatch watch;

    /** What was said so far, to be said again once it is known what is remembered; null afterwards. Guarded by this. */
    private @Nullable Map<Rule, UnaryOperator<KeptRules>> said = new EnumMap<>(Rule.class);

    /** What can be said. */
    private enum Rule {
        LIMITS,
        PEER_LIMITS,
        GROUP,
        CONNECTIONS,
        SLOTS,
        CHOKING,
        SUPER_SEEDING,
        SEED_LIMITS
    }

    TorrentRules(Surroundings around, Life life, boolean superSeeding) {
        this.around = around;
        this.life = life;
        this.place = around.rules()
                .queue()
                .enter(
                        new TorrentQueue.Admitted() {
                            @Override
                            public void decided() {
                                around.onLane(() -> life().queueDecided());
                            }

                            @Override
                            public void tellRate() {
                                around.onLane(() -> place().moved(life().rate()));
                            }
                        },
                        around.settings().clock().millis());
        this.watch = new SeedWatch(around.lane(), this::seedLimits, this::seededEnough);
        this.swarmLimits = new SwarmLimits(around.resources().limits(), around.lane());
        if (superSeeding) {
            say(Rule.SUPER_SEEDING, rules -> rules.withSuperSeeding(true));
        }
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

    // ------------------------------------------------------------------ what is remembered

    /** The user says something. */
    private void change(Rule rule, UnaryOperator<KeptRules> change, Runnable apply) {
        say(rule, change);
        around.onLane(() -> {
            apply.run();
            life.rulesChanged();
        });
    }

    private synchronized void say(Rule rule, UnaryOperator<KeptRules> change) {
        own = change.apply(own);
        if (said != null) {
            said.put(rule, change);
        }
    }

    /** It is known what is remembered. On the lane. */
    void takeUp(KeptRules remembered, Optional<QueueRank> rank) {
        synchronized (this) {
            if (said == null) {
                return;
            }
            KeptRules all = remembered;
            for (UnaryOperator<KeptRules> each : said.values()) {
                all = each.apply(all);
            }
            said = null;
            own = all;
        }
        rank.ifPresent(place::takeUp);
        applyLimits();
        apply();
        watch.limitsChanged();
    }

    /** What to remember. On the lane. */
    KeptRules kept() {
        return own;
    }

    QueueRank rank() {
        return place.rank();
    }

    // ------------------------------------------------------------------ how fast

    /** On the lane. */
    SwarmLimits swarmLimits() {
        return swarmLimits;
    }

    private void applyLimits() {
        swarmLimits.set(own.limits());
        swarmLimits.setPerPeer(own.peerLimits());
        swarmLimits.setGroup(own.group().orElse(null));
    }

    void setLimits(RateLimits newLimits) {
        change(Rule.LIMITS, rules -> rules.withLimits(newLimits), this::applyLimits);
    }

    /** The limits of {@link Torrent#setLimits}. */
    public RateLimits limits() {
        return own.limits();
    }

    /** Limits what each peer of the torrent moves, below the torrent's own limits. */
    public void setPeerLimits(RateLimits newLimits) {
        change(Rule.PEER_LIMITS, rules -> rules.withPeerLimits(newLimits), this::applyLimits);
    }

    /** The limits of {@link #setPeerLimits}. */
    public RateLimits peerLimits() {
        return own.peerLimits();
    }

    /**
     * Makes it one of a group of torrents, whose limits ({@link SessionRules#setGroupLimits}) it then shares.
     *
     * @param name empty: of none
     */
    public void setGroup(String name) {
        Optional<String> group = Optional.of(name).filter(given -> !given.isEmpty());
        change(Rule.GROUP, rules -> rules.withGroup(group), this::applyLimits);
    }

    /** The group of {@link #setGroup}, if it is in one. */
    public Optional<String> group() {
        return own.group();
    }

    // ------------------------------------------------------------------ connections

    /**
     * How many connections it may have, half-open ones included; if it has too many, those of least use are closed.
     *
     * @param connections 1 or more, or 0 for as many as the session says
     */
    public void setMaxConnections(int connections) {
        requireNotNegative(connections);
        change(Rule.CONNECTIONS, rules -> rules.withMaxConnections(connections), this::applyConnections);
    }

    /**
     * How many interested peers are unchoked.
     *
     * @param slots 1 or more, or 0 for as many as the session says
     */
    public void setUploadSlots(int slots) {
        requireNotNegative(slots);
        change(Rule.SLOTS, rules -> rules.withUploadSlots(slots), this::applySlots);
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
        applyChoking();
        applySuperSeeding();
    }

    private void applyConnections() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            int connections = own.maxConnections();
            runner.setMaxConnections(
                    connections > 0 ? connections : around.rules().maxConnectionsPerTorrent());
        }
    }

    private void applySlots() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            int slots = own.uploadSlots();
            runner.setUploadSlots(slots > 0 ? slots : around.rules().uploadSlots());
        }
    }

    // ------------------------------------------------------------------ to whom it gives

    /** Changes to whom it gives, whatever the session says. */
    public void setChoking(Choking choking) {
        change(Rule.CHOKING, rules -> rules.withChoking(Optional.of(choking)), this::applyChoking);
    }

    /** From now on the session says to whom it gives, as at first. */
    public void chokeAsSessionSays() {
        change(Rule.CHOKING, rules -> rules.withChoking(Optional.empty()), this::applyChoking);
    }

    /** The rule that holds, its own or the session's. */
    public Choking choking() {
        return own.choking().orElseGet(() -> around.rules().choking());
    }

    void chokingChanged() {
        around.onLane(this::applyChoking);
    }

    private void applyChoking() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            runner.setChoking(choking());
        }
    }

    // ------------------------------------------------------------------ how it seeds

    /**
     * Whether it super-seeds (BEP 16), from the moment when it has all pieces: whoever connects is shown a leech that gets one piece
     * after the other, each of which is to be passed on before the next, so that a whole copy is out after little more than its
     * length was sent. Then it ends by itself, and {@link Event.CopyOut} says so. For the first seed of a torrent, not for others.
     */
    public void setSuperSeeding(boolean wanted) {
        change(Rule.SUPER_SEEDING, rules -> rules.withSuperSeeding(wanted), this::applySuperSeeding);
    }

    /** Whether it super-seeds, or will as soon as it has all pieces. */
    public boolean isSuperSeeding() {
        return own.superSeeding();
    }

    /** Super-seeding has done its work. On the lane. */
    void copyOut() {
        say(Rule.SUPER_SEEDING, rules -> rules.withSuperSeeding(false));
        life.rulesChanged();
    }

    private void applySuperSeeding() {
        SwarmRunner runner = life.runner();
        if (runner != null) {
            runner.setSuperSeeding(own.superSeeding());
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
        addLimit(
                all, "group", own.group().map(around.rules().groupLimits()::get).orElse(RateLimits.NONE));
        addLimit(all, "torrent", own.limits());
        addLimit(all, "peer", own.peerLimits());
        return all;
    }

    private static void addLimit(List<Situation.RateLimit> all, String level, RateLimits of) {
        if (of.down() != RateLimits.NO_LIMIT) {
            all.add(new Situation.RateLimit(level, of.down()));
        }
    }

    void forceStart() {
        place.force(true);
        around.onLane(() -> life.rulesChanged());
        life.resume();
    }

    /** Whether it was told to run whatever the limits are. */
    public boolean isForced() {
        return place.isForced();
    }

    /** Changes its place in the queue. */
    public void moveInQueue(QueueMove move) {
        place.move(move);
        around.onLane(() -> life.rulesChanged());
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
        change(Rule.SEED_LIMITS, rules -> rules.withSeedLimits(Optional.of(limits)), () -> watch.limitsChanged());
    }

    /** From now on the session says when it has seeded enough, as at first. */
    public void seedAsSessionSays() {
        change(Rule.SEED_LIMITS, rules -> rules.withSeedLimits(Optional.empty()), () -> watch.limitsChanged());
    }

    /** Those that hold, its own or the session's. */
    public SeedLimits seedLimits() {
        return own.seedLimits().orElseGet(() -> around.rules().seedLimits());
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
