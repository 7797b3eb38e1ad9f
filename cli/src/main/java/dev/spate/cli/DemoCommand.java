package dev.spate.cli;

import dev.spate.cli.demo.Demo;
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

/** {@code spate demo}: a real swarm on this machine, to see that and how it works. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a whole swarm on the loopback interface: a tracker, a seed, three leeches, and a hostile peer among them.",
            "Ends well if every leech gets everything byte for byte, shuts the hostile peer out, and nobody else. Leaves nothing."
        },
        subcommands = DemoClassicCommand.class)
final class DemoCommand implements Callable<Integer> {

    private static final long MIN_SIZE = 1 << 20;
    private static final long DEFAULT_SIZE = 64 << 20;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            converter = ByteCount.class,
            description = "How much data (default: 64MiB, at least 1 MiB).")
    private Long size = DEFAULT_SIZE;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Give up after so long (default: 2m).")
    private Duration timeout = Duration.ofMinutes(2);

    @Override
    public Integer call() throws CommandFailure {
        if (size < MIN_SIZE) {
            throw new CommandFailure(ExitCode.USAGE, "the demonstration needs 1 MiB at least", "");
        }
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore)) {
            Demo.Outcome outcome;
            try (Demo demo = Demo.prepare(progress, interrupts::wished)) {
                outcome = demo.run(size, timeout);
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
                    "It needs " + Quantities.bytes(size * 4) + " in " + System.getProperty("java.io.tmpdir")
                            + " and the addresses 127.0.0.1 and 127.0.0.66 (or ::1).");
        }
    }

    private void print(Demo.Outcome outcome) {
        PrintWriter out = output.out();
        double seconds = Math.max(1e-3, outcome.time().toNanos() / 1e9);
        long rate = (long) (3 * outcome.size() / seconds);
        if (output.json()) {
            out.println(new Json()
                    .put("type", "demo")
                    .put("good", outcome.good())
                    .put("complete", outcome.complete())
                    .put("identical", outcome.identical())
                    .put("totalSize", outcome.size())
                    .putDecimal("seconds", seconds)
                    .put("bytesPerSecond", rate)
                    .put("hostile", outcome.hostile())
                    .put("hostileBanned", outcome.hostileBanned())
                    .put("honestSpared", outcome.honestSpared())
                    .put("rubbishBlocks", outcome.rubbish())
                    .put("corruptBytes", outcome.corrupt())
                    .put("nonsenseConnections", outcome.knocks())
                    .put("nonsenseRefused", outcome.refused())
                    .put(
                            "bans",
                            outcome.bans().stream()
                                    .map(ban -> new Json()
                                            .put("by", "leech " + ban.by())
                                            .put("peer", ban.peer())
                                            .put("evidence", ban.evidence()))
                                    .toList()));
        } else {
            out.println("transfer:  3 leeches got " + Quantities.bytes(outcome.size()) + " each in "
                    + Quantities.duration(outcome.time()) + ", " + Quantities.rate(rate) + " together; "
                    + Quantities.bytes(outcome.between()) + " of it from each other"
                    + (outcome.complete() ? "" : "  -- NOT COMPLETE"));
            out.println(
                    "verified:  " + (outcome.identical() ? "every file is byte for byte the seed's" : "FILES DIFFER"));
            out.println("rubbish:   " + outcome.hostile() + " sent " + outcome.rubbish() + " blocks of rubbish; "
                    + Quantities.bytes(outcome.corrupt()) + " were found corrupt, none was kept");
            out.println("nonsense:  " + outcome.refused() + " of " + outcome.knocks()
                    + " connections that spoke no BitTorrent were closed");
            outcome.bans()
                    .forEach(ban -> out.println("banned:    leech " + ban.by() + " shut out " + ban.peer() + ": "
                            + TorrentFacts.plain(ban.evidence())));
            out.println("justice:   "
                    + (outcome.hostileBanned()
                            ? "every leech found the hostile peer out"
                            : "THE HOSTILE PEER GOT AWAY WITH IT")
                    + (outcome.honestSpared() ? ", nobody else was shut out" : ", BUT AN HONEST PEER WAS SHUT OUT"));
        }
        out.flush();
    }
}
