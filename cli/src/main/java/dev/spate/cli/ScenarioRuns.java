package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.sim.InvariantBroken;
import dev.spate.sim.report.Report;
import dev.spate.sim.report.ScaleReport;
import dev.spate.sim.report.Words;
import dev.spate.sim.scenario.Outcome;
import dev.spate.sim.scenario.Scenario;
import dev.spate.sim.scenario.ScenarioRun;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs scenarios of swarms, and tells what came of them. Each method says whether all was well. */
final class ScenarioRuns {
    private final OutputOptions output;
    private final ReportFolder folder;

    ScenarioRuns(OutputOptions output, ReportFolder folder) {
        this.output = output;
        this.folder = folder;
    }

    boolean once(Scenario scenario, long seed) throws CommandFailure {
        long begin = System.nanoTime();
        Outcome outcome = run(scenario, seed);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        if (output.json()) {
            output.out().println(json(outcome).putDecimal("wallSeconds", took.toNanos() / 1e9));
        } else {
            Words.summary(outcome, took).forEach(output.out()::println);
        }
        if (folder.isWanted()) {
            tellReport(folder.write(Report.files(outcome, took)));
        }
        output.out().flush();
        return outcome.isGood();
    }

    boolean withSeeds(Scenario scenario, long first, int count) {
        Ensemble all = Ensemble.run(
                first,
                count,
                seed -> {
                    Outcome outcome = ScenarioRun.run(scenario, seed);
                    return new Ensemble.Single(
                            String.join("; ", outcome.problems()), outcome.events(), outcome.byBound());
                },
                output.quiet() ? new PrintWriter(Writer.nullWriter()) : output.err());
        List<Double> sorted = all.sorted();
        if (output.json()) {
            Json json = all.json(scenario.name());
            if (!sorted.isEmpty()) {
                json.putDecimal("medianByBound", sorted.get(sorted.size() / 2));
                json.putDecimal("worstByBound", sorted.getLast());
            }
            output.out().println(json);
        } else {
            all.print(output.out());
            if (!sorted.isEmpty()) {
                output.out()
                        .println(String.format(
                                Locale.ROOT,
                                "last host: %.2f times the fluid bound at best, %.2f in the middle, %.2f at worst",
                                sorted.getFirst(),
                                sorted.get(sorted.size() / 2),
                                sorted.getLast()));
            }
        }
        output.out().flush();
        return all.isGood();
    }

    boolean atScale(Scenario scenario, long seed, List<Integer> hosts) throws CommandFailure {
        List<ScaleReport.Run> runs = new ArrayList<>();
        boolean good = true;
        for (int each : hosts) {
            Scenario sized = scenario.withHosts(each);
            long begin = System.nanoTime();
            Outcome outcome = run(sized, seed);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            Runtime machine = Runtime.getRuntime();
            long heap = machine.totalMemory() - machine.freeMemory();
            ScaleReport.Run run = new ScaleReport.Run(sized.hosts(), outcome.events(), took, outcome.byBound(), heap);
            runs.add(run);
            good &= outcome.isGood();
            output.out()
                    .println(
                            output.json()
                                    ? json(outcome).putDecimal("nanosPerEvent", run.nanosPerEvent())
                                    : ScaleReport.line(run));
            outcome.problems().forEach(problem -> output.err().println("PROBLEM: " + problem));
            output.out().flush();
        }
        if (folder.isWanted()) {
            tellReport(folder.write(ScaleReport.files(scenario.name(), runs)));
        }
        output.err().flush();
        return good;
    }

    private static Outcome run(Scenario scenario, long seed) throws CommandFailure {
        try {
            return ScenarioRun.run(scenario, seed);
        } catch (InvariantBroken e) {
            throw new CommandFailure(
                    ExitCode.NOT_VERIFIED,
                    "an invariant is broken: " + e.getMessage(),
                    "The same seed shows it again; please report it with the scenario.");
        }
    }

    private static Json json(Outcome outcome) {
        return new Json()
                .put("type", "simulation")
                .put("scenario", outcome.scenario().name())
                .put("good", outcome.isGood())
                .put("hosts", outcome.scenario().hosts())
                .put("seed", outcome.seed())
                .put("events", outcome.events())
                .put("logHash", outcome.hash())
                .putDecimal("lastSeconds", outcome.last().toNanos() / 1e9)
                .putDecimal("boundSeconds", outcome.bound().seconds())
                .putDecimal("byBound", outcome.byBound())
                .putUnlessEmpty("problems", outcome.problems());
    }

    private void tellReport(Path page) {
        output.out().println(output.json() ? new Json().put("report", page) : "report:     " + page);
    }
}
