package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.sim.DhtWorld;
import dev.spate.sim.DhtWorldOptions;
import dev.spate.sim.DhtWorldReport;
import dev.spate.sim.RandomWorld;
import dev.spate.sim.report.DhtReport;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs what is no scenario of a swarm, and tells what came of it. Each method says whether all was well. */
final class OtherRuns {
    private final OutputOptions output;

    OtherRuns(OutputOptions output) {
        this.output = output;
    }

    boolean dht(DhtWorldOptions options, long seed, ReportFolder folder) throws CommandFailure {
        long begin = System.nanoTime();
        DhtWorldReport report = DhtWorld.run(options, seed);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        List<String> problems = DhtReport.problems(report);
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "simulation")
                            .put("scenario", "dht")
                            .put("good", problems.isEmpty())
                            .put("nodes", options.nodes())
                            .put("seed", seed)
                            .put("lookups", report.lookups())
                            .put("succeeded", report.succeeded())
                            .putDecimal("meanHops", report.meanHops())
                            .putDecimal("meanQueries", report.meanQueries())
                            .put("datagrams", report.datagrams())
                            .putDecimal("wallSeconds", took.toNanos() / 1e9)
                            .putUnlessEmpty("problems", problems));
        } else {
            output.out().println("dht: " + options.nodes() + " nodes, seed " + seed);
            output.out().println(report);
            output.out().println("datagrams a second: " + report.datagrams() * 1000 / Math.max(1, took.toMillis()));
            problems.forEach(problem -> output.out().println("PROBLEM: " + problem));
        }
        if (folder.isWanted()) {
            Path page = folder.write(DhtReport.files(options, seed, report));
            output.out().println(output.json() ? new Json().put("report", page) : "report: " + page);
        }
        output.out().flush();
        return problems.isEmpty();
    }

    boolean random(long first, int count) {
        Ensemble all = Ensemble.run(
                first,
                count,
                seed -> {
                    RandomWorld world = new RandomWorld(seed);
                    boolean good = world.everyoneCompletes();
                    return new Ensemble.Single(
                            good ? "" : "not everybody was complete in the end",
                            world.world().eventsHappened(),
                            world.world().elapsed().toSeconds());
                },
                output.quiet() ? new PrintWriter(Writer.nullWriter()) : output.err());
        if (output.json()) {
            output.out().println(all.json("random"));
        } else {
            all.print(output.out());
        }
        output.out().flush();
        return all.isGood();
    }
}
