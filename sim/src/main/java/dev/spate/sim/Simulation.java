package dev.spate.sim;

import dev.spate.core.announce.AnnounceSettings;
import dev.spate.core.announce.Route;
import dev.spate.core.swarm.Swarm;
import dev.spate.core.swarm.SwarmIdentity;
import dev.spate.core.swarm.SwarmSettings;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * A world of hosts that share one torrent, in one thread and in virtual time.
 *
 * <p>It runs the same core as the engine, around a network, disks and a tracker that are simulated. Everything that is left to chance
 * comes from one seed, so a run can be repeated event by event; {@link #traceHash} tells whether two were the same. After every
 * event the rules of the protocol and of the core are checked; a broken one is an {@link InvariantBroken} that names the
 * seed and tells what came before.
 *
 * <pre>{@code
 * Simulation world = new Simulation(SimulationOptions.of(seed, 64, 32 * 1024));
 * world.seed("origin");
 * world.leeches(49);
 * boolean done = world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(10));
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class Simulation {
    /** The clock does not begin at 0, so that nobody takes 0 for the present. */
    static final long BEGIN = Duration.ofHours(1).toNanos();

    private static final List<List<String>> TRACKERS = List.of(List.of("udp://tracker.example:6969/announce"));
    private static final int PORT = 6881;
    private static final int MAX_HOSTS = 60_000;

    private final SimulationOptions options;
    private final SplittableRandom random;
    private final EventQueue events = new EventQueue(BEGIN);
    private final Trace trace = new Trace();
    private final Network network;
    private final Tracker tracker;
    private final List<Host> hosts = new ArrayList<>();
    private final List<Host> banned = new ArrayList<>();

    /** A world without hosts. */
    public Simulation(SimulationOptions options) {
        this.options = options;
        this.random = new SplittableRandom(options.seed());
        this.network = new Network(events, options.network(), random.split());
        this.tracker = new Tracker(events, options.network().latency(), random.split());
    }

    // ------------------------------------------------------------------ who is there

    /** What a host is like if nothing else is said: a fast line, a good disk, honest, without any piece. */
    public HostOptions ordinary() {
        AnnounceSettings announce = AnnounceSettings.DEFAULT.withRoutes(List.of(Route.IPV4), List.of(Route.IPV4));
        return new HostOptions(
                Line.FAST,
                DiskOptions.GOOD,
                Conduct.HONEST,
                SwarmSettings.DEFAULTS.withAnnounce(announce),
                new PieceSet(options.layout().pieces()));
    }

    /** The same with all pieces. */
    public HostOptions complete() {
        return ordinary().withPieces(PieceSet.full(options.layout().pieces()));
    }

    /** Adds a host with an address of its own, which is off until it {@linkplain Host#join joins}. */
    public Host host(String name, HostOptions its) {
        int number = hosts.size();
        byte[] ip = {10, (byte) (number >>> 8), (byte) number, 1};
        return add(name, PeerAddress.of(ip, PORT), its);
    }

    /** Adds a host behind the same address as another one, as behind a router; it listens on another port. */
    public Host neighbour(Host of, String name, HostOptions its) {
        PeerAddress address = of.address();
        while (network.at(address) != null) {
            address = address.withPort(address.port() + 1);
        }
        return add(name, address, its);
    }

    private Host add(String name, PeerAddress address, HostOptions its) {
        if (hosts.size() == MAX_HOSTS) {
            throw new IllegalStateException("the world is full");
        }
        Host host = new Host(this, name, hosts.size(), address, its, random.split());
        hosts.add(host);
        network.add(host);
        return host;
    }

    /** Adds an ordinary seed, which joins. */
    public Host seed(String name) {
        Host host = host(name, complete());
        host.join();
        return host;
    }

    /** Adds an ordinary leech, which joins. */
    public Host leech(String name) {
        Host host = host(name, ordinary());
        host.join();
        return host;
    }

    /** Adds so many ordinary leeches, which join. */
    public List<Host> leeches(int count) {
        List<Host> leeches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leeches.add(leech("leech " + hosts.size()));
        }
        return leeches;
    }

    /** All hosts, in the order in which they were added. */
    public List<Host> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    /** The hosts that somebody has banned, in the order in which that happened. */
    public List<Host> banned() {
        return Collections.unmodifiableList(banned);
    }

    // ------------------------------------------------------------------ time

    /**
     * Lets time pass until something is so.
     *
     * @return whether it became so within the limit
     * @throws InvariantBroken if something happened that never may
     */
    public boolean runUntil(BooleanSupplier goal, Duration limit) {
        long end = events.now() + limit.toNanos();
        try {
            while (!goal.getAsBoolean()) {
                if (!events.next(end)) {
                    return goal.getAsBoolean();
                }
            }
            return true;
        } catch (InvariantBroken | RuntimeException e) {
            InvariantBroken told = new InvariantBroken("seed " + options.seed() + ", after " + elapsed() + " and "
                    + events.happened() + " events: " + e.getMessage() + trace.tail());
            told.initCause(e);
            throw told;
        }
    }

    /** Lets so much time pass. */
    public void run(Duration time) {
        runUntil(() -> false, time);
    }

    /** Does something later, such as {@link Host#join}. */
    public void after(Duration time, Runnable step) {
        events.at(events.now() + time.toNanos(), step);
    }

    /** Some hosts and all others cannot reach each other for a time, which begins now; what is under way arrives afterwards. */
    public void part(List<Host> apart, Duration time) {
        Set<Integer> numbers = new TreeSet<>();
        apart.forEach(host -> numbers.add(host.number()));
        network.part(numbers, events.now(), events.now() + time.toNanos());
    }

    /** Whether every host that behaves and is up has all pieces. */
    public boolean everyoneIsComplete() {
        for (Host host : hosts) {
            if (host.isUp() && host.conduct().isHonest() && !host.isComplete()) {
                return false;
            }
        }
        return true;
    }

    /** How much time has passed since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(events.now() - BEGIN);
    }

    /** How many events there have been. */
    public long eventsHappened() {
        return events.happened();
    }

    /** A number that is the same for two runs only if they were the same. */
    public long traceHash() {
        return trace.hash();
    }

    // ------------------------------------------------------------------ for its own parts

    SimulationOptions options() {
        return options;
    }

    long now() {
        return events.now();
    }

    EventQueue events() {
        return events;
    }

    Trace trace() {
        return trace;
    }

    Network network() {
        return network;
    }

    Tracker tracker() {
        return tracker;
    }

    Swarm newSwarm(Host host, RandomGenerator hostRandom) {
        SwarmIdentity identity = new SwarmIdentity(
                Digest.of(new byte[Digest.SHA1_LENGTH]),
                PeerId.random("-Sp0000-", hostRandom),
                host.address().port(),
                0,
                false,
                "Spate simulation");
        return new Swarm(
                host.options().settings(),
                identity,
                options.layout(),
                host.disk().pieces().copy(),
                TRACKERS,
                host.disk()::tryOpen,
                new SplittableRandom(hostRandom.nextLong()));
    }

    void banned(Host by, PeerAddress address, String evidence) {
        Host culprit = network.at(address);
        if (culprit == null || culprit.conduct().isHonest()) {
            throw new InvariantBroken(by.name() + " bans " + culprit + ", which is honest: " + evidence);
        }
        if (!banned.contains(culprit)) {
            banned.add(culprit);
        }
    }
}
