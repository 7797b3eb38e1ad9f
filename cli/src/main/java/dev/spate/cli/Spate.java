package dev.spate.cli;

import dev.spate.cli.text.Quantities;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The program: the root of the commands, and the one place where a failure becomes words and an exit code.
 *
 * <p>A command returns its exit code or throws {@link CommandFailure}; anything else that it throws is a bug and is shown
 * as one.
 */
@Command(
        name = "spate",
        description = "Gets, seeds, makes and examines torrents.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class Spate {

    /** A command by its name, which is also in its annotation. */
    record Named(String name, Class<?> command) {}

    /** In the order in which help shows them. */
    static final List<Named> COMMANDS = List.of(
            new Named("get", GetCommand.class),
            new Named("seed", SeedCommand.class),
            new Named("stream", StreamCommand.class),
            new Named("create", CreateCommand.class),
            new Named("info", InfoCommand.class),
            new Named("edit", EditCommand.class),
            new Named("magnet", MagnetCommand.class),
            new Named("verify", VerifyCommand.class),
            new Named("scrape", ScrapeCommand.class),
            new Named("ping", PingCommand.class),
            new Named("probe", ProbeCommand.class),
            new Named("dht", DhtCommand.class),
            new Named("descriptor", DescriptorCommand.class),
            new Named("doctor", DoctorCommand.class),
            new Named("peer-process", PeerProcessCommand.class),
            new Named("simulate", SimulateCommand.class),
            new Named("demo", DemoCommand.class),
            new Named("completion", CompletionCommand.class),
            new Named("version", VersionCommand.class));

    /** Whether standard error is the program's own, and not a stream that a test looks at. */
    private final boolean ownsTheTerminal;

    private Spate(boolean ownsTheTerminal) {
        this.ownsTheTerminal = ownsTheTerminal;
    }

    /** Runs one command and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        List<Named> needed = COMMANDS.stream()
                .filter(each -> arguments.length > 0 && each.name().equals(arguments[0]))
                .toList();
        // To read the annotations of all commands takes longer than the rest of the start.
        System.exit(commandLine(new Spate(true), needed.isEmpty() ? COMMANDS : needed)
                .execute(arguments));
    }

    /** The whole tree of commands, ready to {@link CommandLine#execute execute}. */
    static CommandLine commandLine() {
        return commandLine(new Spate(false), COMMANDS);
    }

    /** Whether the command may draw in the terminal. */
    static boolean ownsTheTerminal(CommandSpec command) {
        return command.root().userObject() instanceof Spate spate && spate.ownsTheTerminal;
    }

    private static CommandLine commandLine(Spate spate, List<Named> commands) {
        var commandLine = new CommandLine(spate);
        commands.forEach(each -> commandLine.addSubcommand(each.command()));
        commandLine.registerConverter(HostPort.class, Addresses::parse);
        commandLine.registerConverter(Duration.class, text -> converted(text, Quantities::parseDuration));
        commandLine.registerConverter(Digest.class, text -> converted(text, Spate::digest));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(Spate::runNamedCommand);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
        return commandLine;
    }

    /** What the parser of a value says becomes the parser of the command line's own complaint. */
    static <T> T converted(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }

    private static Digest digest(String text) {
        if (!text.matches("\\p{XDigit}{40}|\\p{XDigit}{64}")) {
            throw new IllegalArgumentException("an info-hash has 40 or 64 hexadecimal digits, not '" + text + "'");
        }
        return Digest.ofHex(text);
    }

    private static int runNamedCommand(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec command = last.commandSpec();
        boolean isGroup = !command.subcommands().isEmpty() && !(command.userObject() instanceof Callable);
        if (isGroup && !last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
            command.commandLine().usage(command.commandLine().getErr());
            return ExitCode.USAGE.number();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int explain(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        Optional<CommandFailure> expected = Failures.explain(failure);
        if (expected.isEmpty()) {
            err.println("spate: this should not happen; please report it with the lines below");
            failure.printStackTrace(err);
            return ExitCode.BUG.number();
        }
        expected.get().print(err);
        return expected.get().exitCode().number();
    }
}
