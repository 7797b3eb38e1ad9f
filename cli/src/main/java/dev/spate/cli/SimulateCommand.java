package dev.spate.cli;

import dev.spate.cli.scenario.ScenarioRead;
import dev.spate.cli.scenario.ScenarioReader;
import dev.spate.cli.scenario.ScenarioWriter;
import dev.spate.sim.DhtWorldOptions;
import dev.spate.sim.scenario.NamedScenarios;
import dev.spate.sim.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate simulate}: whole swarms under virtual time, and reports of what came of them. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a whole swarm of Spate's own core in one thread, under a virtual clock, network and disk.",
            "The same scenario and seed give the same run, event by event. After every event it is looked whether the rules of the protocol hold; at the end, whether everyone honest is complete.",
            "Besides the scenarios of --list there are dht, a whole DHT, and random, small swarms with everything left to chance."
        })
final class SimulateCommand implements Callable<Integer> {
    private static final String DHT = "dht";
    private static final String RANDOM = "random";
    private static final int USUAL_NODES = 10_000;
    private static final int MAX_NODES = 200_000;
    private static final int MAX_SEEDS = 10_000_000;

    @Mixin
    private OutputOptions output;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SCENARIO",
            description = "A name of --list, or a TOML file as --print writes it.")
    private Optional<String> scenario = Optional.empty();

    @Option(names = "--list", description = "Print the names of the scenarios, and end.")
    private boolean list;

    @Option(names = "--print", description = "Print the scenario as TOML, to change it, and end.")
    private boolean print;

    @Option(
            names = "--peers",
            paramLabel = "N",
            description = "So many hosts in all; honest seeds stay as many as they are.")
    private Optional<Integer> peers = Optional.empty();

    @Option(names = "--pieces", paramLabel = "N", description = "So many pieces, of the scenario's length.")
    private Optional<Integer> pieces = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Where chance comes from (default: 1).")
    private long seed = 1;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Run with so many seeds, from --seed on, on all processors, and sum up.")
    private Optional<Integer> seeds = Optional.empty();

    @Option(
            names = "--scale",
            paramLabel = "N",
            split = ",",
            description = "Run with so many hosts in turn, such as 100,200,400, and tell what an event costs.")
    private List<Integer> scale = new ArrayList<>();

    @Option(names = "--report", paramLabel = "DIR", description = "Write a page and its data into this folder.")
    private Optional<Path> report = Optional.empty();

    @Option(names = "--overwrite", description = "The folder of --report may have something in it.")
    private boolean overwrite;

    @Override
    public Integer call() throws CommandFailure {
        if (list) {
            printList();
            return ExitCode.OK.number();
        }
        String wanted = scenario.orElseThrow(() ->
                usage("no scenario is named", "Write a name of --list, or a TOML file: spate simulate flash-crowd"));
        check();
        ReportFolder folder = new ReportFolder(report.orElse(null), overwrite);
        boolean good = switch (wanted) {
            case DHT -> dht(folder);
            case RANDOM -> random();
            default -> swarm(wanted, folder);
        };
        return (good ? ExitCode.OK : ExitCode.NOT_VERIFIED).number();
    }

    private boolean swarm(String wanted, ReportFolder folder) throws CommandFailure {
        Scenario chosen = changed(find(wanted));
        if (print) {
            output.out().print(ScenarioWriter.write(chosen));
            output.out().flush();
            return true;
        }
        folder.check();
        ScenarioRuns runs = new ScenarioRuns(output, folder);
        if (!scale.isEmpty()) {
            return runs.atScale(chosen, seed, scale);
        }
        return seeds.isPresent() ? runs.withSeeds(chosen, seed, seeds.get()) : runs.once(chosen, seed);
    }

    private boolean dht(ReportFolder folder) throws CommandFailure {
        if (print || pieces.isPresent() || seeds.isPresent() || !scale.isEmpty()) {
            throw usage("a DHT has no pieces, no scale and no file", "It knows --peers, --seed and --report.");
        }
        folder.check();
        int nodes = peers.orElse(USUAL_NODES);
        if (nodes < 2 || nodes > MAX_NODES) {
            throw usage("a DHT of " + nodes + " nodes", "Write 2 to " + MAX_NODES + ".");
        }
        return new OtherRuns(output).dht(DhtWorldOptions.of(nodes), seed, folder);
    }

    private boolean random() throws CommandFailure {
        if (print || peers.isPresent() || pieces.isPresent() || !scale.isEmpty() || report.isPresent()) {
            throw usage("of random swarms everything is left to chance", "They know --seed and --seeds.");
        }
        return new OtherRuns(output).random(seed, seeds.orElse(1));
    }

    private void check() throws CommandFailure {
        if (seeds.isPresent() && (seeds.get() < 1 || seeds.get() > MAX_SEEDS)) {
            throw usage("not a number of seeds: " + seeds.get(), "Write 1 to " + MAX_SEEDS + ".");
        }
        if (!scale.isEmpty() && (seeds.isPresent() || peers.isPresent())) {
            throw usage("--scale says how many hosts there are, in one run each", "Take --seeds and --peers out.");
        }
        if (seeds.isPresent() && report.isPresent()) {
            throw usage("a report is of one run", "Take --seeds out, or --report.");
        }
        for (int hosts : scale) {
            checkHosts("--scale", hosts);
        }
        if (peers.isPresent() && !scenario.equals(Optional.of(DHT))) {
            checkHosts("--peers", peers.get());
        }
        if (pieces.isPresent() && (pieces.get() < 1 || pieces.get() > Scenario.MAX_PIECES)) {
            throw usage("not a number of pieces: " + pieces.get(), "Write 1 to " + Scenario.MAX_PIECES + ".");
        }
    }

    private static void checkHosts(String option, int hosts) throws CommandFailure {
        // What is rounded up in each group must fit too.
        int most = Scenario.MAX_HOSTS - 1000;
        if (hosts < 2 || hosts > most) {
            throw usage("not a number of hosts for " + option + ": " + hosts, "Write 2 to " + most + ".");
        }
    }

    private Scenario changed(Scenario found) {
        Scenario sized = peers.map(found::withHosts).orElse(found);
        return pieces.map(number -> sized.withTorrent(number, sized.pieceLength()))
                .orElse(sized);
    }

    private static Scenario find(String wanted) throws CommandFailure {
        Optional<Scenario> named = NamedScenarios.named(wanted);
        if (named.isPresent()) {
            return named.get();
        }
        if (!wanted.endsWith(".toml") && !wanted.contains("/")) {
            throw usage(
                    "no scenario is named '" + wanted + "'",
                    "Write the path of a .toml file, or one of: " + String.join(", ", names()) + ".");
        }
        return switch (ScenarioReader.read(text(Path.of(wanted)))) {
            case ScenarioRead.Good(var scenario) -> scenario;
            case ScenarioRead.Bad(var problem, var remedy) ->
                throw new CommandFailure(ExitCode.BAD_CONFIGURATION, wanted + ": " + problem, remedy);
        };
    }

    private static String text(Path file) throws CommandFailure {
        try {
            if (Files.size(file) > 4L * ScenarioReader.MAX_LENGTH) {
                throw new CommandFailure(
                        ExitCode.BAD_CONFIGURATION, file + " is too large for a scenario", "Is it the file you meant?");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(
                    ExitCode.NOT_FOUND, file + " does not exist", "Write the path of a scenario, or a name of --list.");
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FILE_TROUBLE, "cannot read " + file + ": " + e, "It must be a readable text in UTF-8.");
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        NamedScenarios.all().forEach(each -> names.add(each.name()));
        names.add(DHT);
        names.add(RANDOM);
        return names;
    }

    private void printList() {
        for (Scenario each : NamedScenarios.all()) {
            output.out().println(String.format("%-18s  %s", each.name(), each.about()));
        }
        output.out()
                .println(String.format(
                        "%-18s  %s", DHT, "A whole DHT, a third of it behind NATs, with liars and churn."));
        output.out()
                .println(String.format(
                        "%-18s  %s", RANDOM, "Small swarms of which everything is left to chance; meant for --seeds."));
        output.out().flush();
    }

    private static CommandFailure usage(String problem, String remedy) {
        return new CommandFailure(ExitCode.USAGE, problem, remedy);
    }
}
