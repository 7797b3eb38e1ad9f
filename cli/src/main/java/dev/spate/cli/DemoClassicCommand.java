package dev.spate.cli;

import dev.spate.classic.course.CourseException;
import dev.spate.classic.descriptor.DescriptorDemo;
import dev.spate.cli.demo.CourseDemo;
import dev.spate.cli.demo.DescriptorRun;
import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate demo classic}: the networks of the seed documents on this machine. */
@Command(
        name = "classic",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the networks of Spate's seed documents on the loopback interface, one after the other.",
            "The CNT4007 course's: five peers, one of which has the file. Ends well if every peer has the same file, knew that all have it, and no log breaks a rule.",
            "That of descriptor files: a holder, three neighbours in a row that only pass questions on, and three leeches that know the farthest of them. Ends well if each has the same file.",
            "Leaves nothing."
        })
final class DemoClassicCommand implements Callable<Integer> {
    private static final int MIN_PEERS = 2;
    private static final int MAX_PEERS = 50;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            converter = ByteCount.class,
            description = "How large the file of each network is (default: 8MiB).")
    private Long size = 8L << 20;

    @Option(
            names = "--peers",
            paramLabel = "N",
            description = "How many peers of the course take part (default: 5, at most 50).")
    private int peers = 5;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Give each network up after so long (default: 2m).")
    private Duration timeout = Duration.ofMinutes(2);

    @Override
    public Integer call() throws CommandFailure, CourseException {
        if (size < 1 || peers < MIN_PEERS || peers > MAX_PEERS) {
            throw new CommandFailure(ExitCode.USAGE, "the demonstration needs a byte at least and 2 to 50 peers", "");
        }
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore)) {
            CourseDemo.Outcome outcome;
            try (CourseDemo demo = CourseDemo.prepare(progress, interrupts::wished)) {
                outcome = demo.run(peers, size, timeout);
            }
            if (interrupts.wished()) {
                return ExitCode.INTERRUPTED.number();
            }
            print(outcome);
            DescriptorDemo.Report report = DescriptorRun.run(progress, size, timeout);
            print(report);
            return (outcome.good() && report.identical() ? ExitCode.OK : ExitCode.NOT_VERIFIED).number();
        } catch (InterruptedException e) {
            return ExitCode.INTERRUPTED.number();
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FILE_TROUBLE,
                    "the demonstration failed: " + e.getMessage(),
                    "It needs " + Quantities.bytes(size * peers) + " in " + System.getProperty("java.io.tmpdir") + ".");
        }
    }

    private void print(CourseDemo.Outcome outcome) {
        PrintWriter out = output.out();
        if (output.json()) {
            out.println(new Json()
                    .put("type", "demo")
                    .put("network", "course")
                    .put("good", outcome.good())
                    .put("peers", outcome.peers())
                    .put("totalSize", outcome.size())
                    .putDecimal("seconds", outcome.time().toNanos() / 1e9)
                    .put("identical", outcome.identical())
                    .put("findings", outcome.report().findings().size()));
        } else {
            out.println("course:    " + (outcome.peers() - 1) + " peers got " + Quantities.bytes(outcome.size())
                    + " each in " + Quantities.duration(outcome.time())
                    + (outcome.failures().isEmpty()
                            ? "; every peer ended by itself when all had the file"
                            : "  -- NOT ALL ENDED WELL"));
            outcome.failures().forEach((peer, why) -> out.println("           peer " + peer + ": " + why));
            out.println("files:     " + (outcome.identical() ? "all are byte for byte the same" : "THEY DIFFER"));
            out.println("logs:      "
                    + (outcome.report().good() ? "no rule of the project is broken" : "RULES ARE BROKEN"));
            outcome.report().findings().forEach(finding -> out.println("           " + finding));
        }
        out.flush();
    }

    private void print(DescriptorDemo.Report report) {
        PrintWriter out = output.out();
        if (output.json()) {
            out.println(new Json()
                    .put("type", "demo")
                    .put("network", "descriptor")
                    .put("good", report.identical())
                    .put("nodes", report.nodes())
                    .put("totalSize", report.size())
                    .putDecimal("seconds", report.time().toNanos() / 1e9)
                    .put("identical", report.identical())
                    .put("datagrams", report.datagrams()));
        } else {
            out.println("descriptor: " + report.leeches() + " leeches "
                    + (report.complete()
                            ? "got " + Quantities.bytes(report.size()) + " each in "
                                    + Quantities.duration(report.time())
                            : " -- NOT ALL GOT THE FILE")
                    + "; " + report.nodes() + " nodes sent " + report.datagrams() + " datagrams");
            out.println("files:     " + (report.identical() ? "all are byte for byte the same" : "THEY DIFFER"));
        }
        out.flush();
    }
}
