package dev.spate.sim.scenario;

import dev.spate.sim.Host;
import dev.spate.sim.Simulation;
import dev.spate.sim.Viewer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is taken down of a run while it goes on, and what is concluded from it at the end. */
final class Notes {
    /** Many enough for a curve; when there are more, every second one goes, and from then on half as many are taken. */
    private static final int MOST_SAMPLES = 400;

    private static final long FIRST_PAUSE_NANOS = 50_000_000;

    /** Nobody who is up, honest and in reach waits longer for a piece. */
    private static final Duration STARVATION = Duration.ofMinutes(5);

    private static final int MOST_NAMED = 5;

    private final Scenario scenario;
    private final Simulation world;
    private final List<Member> members;
    private final FluidBound bound;
    private final ChokeNotes choking;
    private final List<Sample> samples = new ArrayList<>();
    private final List<List<Double>> completions = new ArrayList<>();
    private final boolean[] complete;
    private final int[] pieces;
    private final long[] pieceSince;
    private long pauseNanos;
    private long sampledAt;
    private long sentBefore;
    private long lastCompletion;
    private long longestWait;

    Notes(Scenario scenario, FluidBound bound, Simulation world, List<Member> members) {
        this.scenario = scenario;
        this.world = world;
        this.members = members;
        this.bound = bound;
        this.choking = new ChokeNotes(scenario, members);
        this.pauseNanos = Math.max(FIRST_PAUSE_NANOS, bound.time().toNanos() / 100);
        this.complete = new boolean[members.size()];
        this.pieces = new int[members.size()];
        this.pieceSince = new long[members.size()];
        scenario.groups().forEach(group -> completions.add(new ArrayList<>()));
    }

    void begin() {
        sample();
        planSample();
    }

    /** A host has all pieces; false if it once had them before. */
    boolean completed(Member member) {
        int number = members.indexOf(member);
        if (complete[number]) {
            return false;
        }
        complete[number] = true;
        lastCompletion = now();
        completions.get(member.groupNumber()).add(now() / 1e9);
        return true;
    }

    private long now() {
        return world.elapsed().toNanos();
    }

    private void planSample() {
        world.after(Duration.ofNanos(pauseNanos), () -> {
            sample();
            if (samples.size() > MOST_SAMPLES) {
                thin();
            }
            planSample();
        });
    }

    private void thin() {
        List<Sample> kept = new ArrayList<>();
        for (int i = 0; i < samples.size(); i += 2) {
            kept.add(samples.get(i));
        }
        samples.clear();
        samples.addAll(kept);
        pauseNanos *= 2;
    }

    private void sample() {
        long now = now();
        long pause = now - sampledAt;
        int groups = scenario.groups().size();
        int[] completeHosts = new int[groups];
        long[] piecesOfGroup = new long[groups];
        int[] copies = new int[scenario.pieces()];
        int whole = 0;
        long sent = 0;
        double upload = 0;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            Host host = member.host();
            int has = host.pieceCount();
            piecesOfGroup[member.groupNumber()] += has;
            completeHosts[member.groupNumber()] += host.isComplete() ? 1 : 0;
            wait(i, member, has, now);
            if (member.group().conduct().gives()) {
                sent += host.bytesSent();
                upload += host.isUp() ? member.group().line().upBytesPerSecond() : 0;
            }
            if (host.isUp() && host.conduct().isHonest()) {
                whole += host.isComplete() ? 1 : 0;
                if (!host.isComplete()) {
                    host.countPieces(copies);
                }
            }
        }
        choking.look(pause);
        int rarest = Integer.MAX_VALUE;
        long all = 0;
        for (int each : copies) {
            rarest = Math.min(rarest, each);
            all += each;
        }
        List<Integer> done = new ArrayList<>();
        List<Double> part = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            done.add(completeHosts[group]);
            part.add(
                    (double) piecesOfGroup[group] / scenario.groups().get(group).count() / scenario.pieces());
        }
        double used = pause == 0 || upload == 0 ? 0 : (sent - sentBefore) / (upload * pause / 1e9);
        samples.add(new Sample(
                now / 1e9, done, part, rarest + whole, (double) all / scenario.pieces() + whole, Math.min(1, used)));
        sampledAt = now;
        sentBefore = sent;
    }

    private void wait(int number, Member member, int has, long now) {
        boolean waits =
                member.isLeech() && member.host().isUp() && !member.host().isComplete();
        if (!waits || has != pieces[number]) {
            pieces[number] = has;
            pieceSince[number] = now;
        }
        longestWait = Math.max(longestWait, now - pieceSince[number]);
    }

    // ------------------------------------------------------------------ the end

    Outcome outcome(long seed) {
        sample();
        boolean allComplete = true;
        List<List<Double>> ratios = new ArrayList<>();
        scenario.groups().forEach(group -> ratios.add(new ArrayList<>()));
        List<Outcome.Film> films = new ArrayList<>();
        long redundant = 0;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            Host host = member.host();
            allComplete &= !member.isLeech() || complete[i];
            ratios.get(member.groupNumber())
                    .add((double) host.bytesSent() / scenario.layout().totalLength());
            if (host.isUp() && host.conduct().isHonest()) {
                redundant += host.stats().redundantBytes();
            }
            Viewer viewer = member.viewer();
            if (viewer != null) {
                films.add(film(viewer));
            }
        }
        ratios.forEach(group -> group.sort(null));
        return new Outcome(
                scenario,
                seed,
                problems(),
                world.elapsed(),
                allComplete ? Duration.ofNanos(lastCompletion) : world.elapsed(),
                bound,
                samples,
                completions,
                ratios,
                choking.matrix(),
                films,
                Duration.ofNanos(longestWait),
                redundant,
                world.banned().size(),
                world.eventsHappened(),
                world.traceHash());
    }

    private static Outcome.Film film(Viewer viewer) {
        Duration started = viewer.startedAfter();
        return new Outcome.Film(
                started == null ? Double.POSITIVE_INFINITY : started.toNanos() / 1e9,
                viewer.stalls(),
                viewer.stalledFor().toNanos() / 1e9);
    }

    /** What must be so at the end of each scenario, and is not. */
    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).isLeech() && !complete[i]) {
                left.add(members.get(i).host().name());
            }
        }
        if (!left.isEmpty()) {
            problems.add(left.size() + " honest hosts were not complete in the end: "
                    + String.join(", ", left.subList(0, Math.min(left.size(), MOST_NAMED)))
                    + (left.size() > MOST_NAMED ? ", ..." : ""));
        }
        Duration interruption = scenario.happenings().stream()
                .map(Happening::time)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        if (longestWait > STARVATION.plus(interruption).toNanos()) {
            problems.add("an honest host got no piece for " + longestWait / 1_000_000_000 + " s");
        }
        Double takers = median(false);
        Double givers = median(true);
        if (takers != null && givers != null && takers < givers) {
            problems.add("those who give nothing were complete before those who give");
        }
        return problems;
    }

    /** When half of those who give, or of those who keep everybody choked, were complete; null if there are none. */
    private @Nullable Double median(boolean giving) {
        List<Double> times = new ArrayList<>();
        for (int group = 0; group < completions.size(); group++) {
            if (scenario.groups().get(group).conduct().unchokes() == giving) {
                times.addAll(completions.get(group));
            }
        }
        times.sort(null);
        return times.isEmpty() ? null : times.get(times.size() / 2);
    }
}
