package dev.spate.sim.report;

import dev.spate.sim.Conduct;
import dev.spate.sim.scenario.Arrival;
import dev.spate.sim.scenario.Group;
import dev.spate.sim.scenario.Happening;
import dev.spate.sim.scenario.Outcome;
import dev.spate.sim.scenario.Scenario;
import dev.spate.sim.scenario.Stay;
import dev.spate.sim.scenario.Tuning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Outcomes in words. */
public final class Words {
    private static final double CLOSE_TO_BOUND = 1.15;
    private static final double BYTES_OF_A_MEGABIT = 125_000;

    private Words() {}

    /** What came of a run, a line for each thing to know. */
    public static List<String> summary(Outcome outcome, Duration took) {
        Scenario scenario = outcome.scenario();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %d hosts, %d pieces of %d KiB, seed %d",
                scenario.name(),
                scenario.hosts(),
                scenario.pieces(),
                scenario.pieceLength() / 1024,
                outcome.seed()));
        lines.add(String.format(
                Locale.ROOT,
                "last host:  complete after %s; the fluid bound is %s, so %.0f %% longer than a fluid",
                seconds(outcome.last()),
                seconds(outcome.bound().time()),
                100 * (outcome.byBound() - 1)));
        if (!outcome.films().isEmpty()) {
            lines.add("films:      " + films(outcome.films()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "longest:    %s without a piece; %s got twice or bad; %d hosts shut out",
                seconds(outcome.longestWait()),
                String.format(Locale.ROOT, "%.1f MiB", outcome.redundantBytes() / 1048576.0),
                outcome.bannedHosts()));
        lines.add(String.format(
                Locale.ROOT,
                "events:     %,d in %.1f s, %,.0f a second",
                outcome.events(),
                took.toNanos() / 1e9,
                eventsPerSecond(outcome, took)));
        lines.add("log hash:   " + outcome.hash());
        if (outcome.isGood()) {
            lines.add("invariants: " + allIsWell(outcome));
        } else {
            outcome.problems().forEach(problem -> lines.add("PROBLEM:    " + problem));
        }
        return lines;
    }

    static String allIsWell(Outcome outcome) {
        return String.format(
                Locale.ROOT, "held through %,d events; everyone honest was complete in the end.", outcome.events());
    }

    static String boundTold(Outcome outcome) {
        String told = String.format(
                Locale.ROOT,
                "Were the data a fluid, without pieces and delays, the last host would be complete after %s, because %s. It took"
                        + " %s, %.0f %% longer.",
                seconds(outcome.bound().time()),
                outcome.bound().reason(),
                seconds(outcome.last()),
                100 * (outcome.byBound() - 1));
        String note = outcome.scenario().note();
        return outcome.byBound() <= CLOSE_TO_BOUND || note.isEmpty() ? told : told + " " + note;
    }

    private static String films(List<Outcome.Film> films) {
        List<Double> starts =
                films.stream().map(Outcome.Film::startedSeconds).sorted().toList();
        long still = films.stream().filter(film -> film.stalls() > 0).count();
        double stalled =
                films.stream().mapToDouble(Outcome.Film::stalledSeconds).sum();
        return String.format(
                Locale.ROOT,
                "%d began after %.1f s (median; at worst %.1f s); %d of them stood still, %.1f s in all",
                films.size(),
                starts.get(starts.size() / 2),
                starts.getLast(),
                still,
                stalled);
    }

    static String network(Scenario scenario) {
        var network = scenario.network();
        return String.format(
                Locale.ROOT,
                "%d pieces of %d KiB. Latency %d ms one way and up to %d ms more; %.1f %% of packets lost.",
                scenario.pieces(),
                scenario.pieceLength() / 1024,
                network.latency().toMillis(),
                network.jitter().toMillis(),
                100 * network.loss());
    }

    /** What is special about a group, in a few words. */
    static String traits(Group group) {
        List<String> traits = new ArrayList<>();
        if (group.complete()) {
            traits.add("complete from the beginning");
        }
        Conduct conduct = group.conduct();
        if (conduct.lies() > 0) {
            traits.add(String.format(Locale.ROOT, "%.0f %% of their blocks are rubbish", 100 * conduct.lies()));
        }
        if (!conduct.unchokes()) {
            traits.add("give nothing");
        } else if (conduct.stallsAfter() < Long.MAX_VALUE) {
            traits.add("fall silent after " + conduct.stallsAfter() + " blocks");
        }
        if (!group.line().reachable()) {
            traits.add("nobody can connect to them");
        }
        if (group.tuning().superSeeding()) {
            traits.add("super-seeding");
        }
        if (group.tuning().uploadSlots() != Tuning.USUAL.uploadSlots()) {
            traits.add(group.tuning().uploadSlots() + " slots");
        }
        if (group.tuning().trading() != Tuning.USUAL.trading()) {
            traits.add("trade by "
                    + group.tuning().trading().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        switch (group.arrival()) {
            case Arrival.Together(var at) when at.isZero() -> {}
            case Arrival.Together(var at) -> traits.add("come after " + seconds(at));
            case Arrival.Within(var time) -> traits.add("come within " + seconds(time));
        }
        switch (group.stay()) {
            case Stay.ToTheEnd toTheEnd -> {}
            case Stay.UntilComplete(var lingering) ->
                traits.add("leave " + seconds(lingering) + " after they are complete");
            case Stay.OnAndOff(var up, var down) ->
                traits.add("come and go: " + seconds(up) + " here, " + seconds(down) + " away");
        }
        if (group.watchedBytesPerSecond() > 0) {
            traits.add("watch a film of " + rate(group.watchedBytesPerSecond()));
        }
        return String.join(", ", traits);
    }

    static String name(Happening happening) {
        return switch (happening) {
            case Happening.Partition partition -> "cut off";
            case Happening.PowerCut cut -> "power cut";
            case Happening.Clog clog -> "line clogged, one byte in " + clog.slowdown();
            case Happening.DiskFull full -> "disk full";
            case Happening.ClockJump jump -> "clock jumps";
        };
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
    }

    static String rate(long bytesPerSecond) {
        return String.format(Locale.ROOT, "%.1f Mbit/s", bytesPerSecond / BYTES_OF_A_MEGABIT);
    }

    static double eventsPerSecond(Outcome outcome, Duration took) {
        return outcome.events() * 1e9 / Math.max(1, took.toNanos());
    }
}
