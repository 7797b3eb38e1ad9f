package dev.spate.cli;

import dev.spate.classic.course.CourseException;
import dev.spate.cli.demo.CourseDemo;
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
            "Runs a network of the CNT4007 course on the loopback interface: five peers, one of which has the file.",
            "Ends well if every peer has the same file, knew that all have it, and no log breaks a rule. Leaves nothing."
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
            description = "How large the file is (default: 8MiB).")
    private Long size = 8L << 20;

    @Option(names = "--peers", paramLabel = "N", description = "How many peers take part (default: 5, at most 50).")
    private int peers = 5;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Give up after so long (default: 2m).")
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
            return (outcome.good() ? ExitCode.OK : ExitCode.NOT_VERIFIED).number();
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
}
