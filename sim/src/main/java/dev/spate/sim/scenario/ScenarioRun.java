package dev.spate.sim.scenario;

import dev.spate.core.swarm.SwarmSettings;
import dev.spate.sim.Host;
import dev.spate.sim.HostOptions;
import dev.spate.sim.InvariantBroken;
import dev.spate.sim.Simulation;
import dev.spate.sim.SimulationOptions;
import dev.spate.sim.Viewer;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One run of a scenario: it peoples a {@link Simulation}, lets happen what is to happen, and takes notes.
 *
 * <p>It ends when all honest hosts are complete and all films are over, or at the scenario's limit. The same scenario and seed give
 * the same run.
 */
public final class ScenarioRun {
    /** Beyond so many hosts not each of a host's own events is followed by a look at all of its swarm. */
    private static final int ALL_LOOKED_AT = 10;

    private static final int LOOK_AT_LEAST_EVERY = 200;

    private final Scenario scenario;
    private final Simulation world;
    private final SplittableRandom random;
    private final List<Member> members = new ArrayList<>();
    private final Notes notes;
    private final List<FluidBound.Source> sources = new ArrayList<>();
    private int incomplete;

    private ScenarioRun(Scenario scenario, long seed) {
        this.scenario = scenario;
        this.random = new SplittableRandom(seed);
        int lookEvery = Math.clamp(scenario.hosts() / ALL_LOOKED_AT, 1, LOOK_AT_LEAST_EVERY);
        this.world = new Simulation(new SimulationOptions(seed, scenario.layout(), scenario.network(), lookEvery));
        for (int number = 0; number < scenario.groups().size(); number++) {
            people(scenario.groups().get(number), number);
        }
        scenario.happenings().forEach(this::plan);
        this.notes = new Notes(scenario, FluidBound.of(scenario.layout().totalLength(), sources), world, members);
    }

    /**
     * Runs a scenario to its end.
     *
     * @throws InvariantBroken if something happened that never may
     */
    public static Outcome run(Scenario scenario, long seed) {
        ScenarioRun run = new ScenarioRun(scenario, seed);
        run.notes.begin();
        run.world.runUntil(run::isOver, scenario.limit());
        return run.notes.outcome(seed);
    }

    private void people(Group group, int number) {
        for (int i = 1; i <= group.count(); i++) {
            String name = group.count() == 1 ? group.name() : group.name() + " " + i;
            Member member = new Member(world, world.host(name, options(group)), group, number);
            members.add(member);
            incomplete += member.isLeech() ? 1 : 0;
            member.host().whenComplete(() -> completed(member));
            Duration arrival = arrival(group);
            sources.add(new FluidBound.Source(group, arrival.toNanos() / 1e9));
            world.after(arrival, () -> come(member));
        }
    }

    private HostOptions options(Group group) {
        HostOptions usual = world.ordinary();
        Tuning tuning = group.tuning();
        SwarmSettings settings = usual.settings()
                .withUploadSlots(tuning.uploadSlots())
                .withMaxConnections(tuning.maxConnections())
                .withTrading(tuning.trading());
        int pieces = scenario.pieces();
        return usual.withLine(group.line())
                .withDisk(group.disk())
                .withConduct(group.conduct())
                .withSettings(settings)
                .withPieces(group.complete() ? PieceSet.full(pieces) : new PieceSet(pieces));
    }

    private Duration arrival(Group group) {
        return switch (group.arrival()) {
            case Arrival.Together(var at) -> at;
            case Arrival.Within(var time) -> Duration.ofNanos(random.nextLong(time.toNanos()));
        };
    }

    private void come(Member member) {
        member.join();
        if (member.group().stay() instanceof Stay.OnAndOff stay) {
            planAbsence(member, stay);
        }
    }

    private void planAbsence(Member member, Stay.OnAndOff stay) {
        world.after(exponential(stay.meanUp()), () -> {
            if (!member.host().isComplete()) {
                member.host().crash();
                world.after(exponential(stay.meanDown()), () -> {
                    member.join();
                    planAbsence(member, stay);
                });
            }
        });
    }

    private Duration exponential(Duration mean) {
        return Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * mean.toNanos()));
    }

    private void completed(Member member) {
        if (notes.completed(member)) {
            incomplete--;
            if (member.group().stay() instanceof Stay.UntilComplete(var lingering)) {
                world.after(lingering, member::leave);
            }
        }
    }

    private void plan(Happening happening) {
        List<Member> group = members.stream()
                .filter(member -> member.group().name().equals(happening.group()))
                .toList();
        List<Member> struck = group.subList(0, Math.max(1, (int) Math.round(group.size() * happening.share())));
        List<Host> hosts = struck.stream().map(Member::host).toList();
        Duration until = happening.at().plus(happening.time());
        switch (happening) {
            case Happening.Partition partition ->
                world.after(partition.at(), () -> world.part(hosts, partition.time()));
            case Happening.PowerCut cut -> {
                world.after(cut.at(), () -> hosts.forEach(Host::crash));
                world.after(until, () -> struck.forEach(Member::join));
            }
            case Happening.Clog clog -> {
                world.after(clog.at(), () -> hosts.forEach(host -> host.clog(clog.slowdown())));
                world.after(until, () -> hosts.forEach(host -> host.clog(1)));
            }
            case Happening.DiskFull full -> {
                world.after(full.at(), () -> hosts.forEach(Host::fillDisk));
                world.after(until, () -> hosts.forEach(Host::freeDisk));
            }
            case Happening.ClockJump jump ->
                world.after(jump.at(), () -> hosts.forEach(host -> host.clockJumps(jump.time())));
        }
    }

    private boolean isOver() {
        if (incomplete > 0) {
            return false;
        }
        for (Member member : members) {
            Viewer viewer = member.viewer();
            if (viewer != null && !viewer.isAtEnd()) {
                return false;
            }
        }
        return true;
    }
}
