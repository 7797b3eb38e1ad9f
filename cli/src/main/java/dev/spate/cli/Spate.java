package dev.spate.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {VersionCommand.class, CompletionCommand.class})
final class Spate {

    private Spate() {}

    /** Runs one command and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The whole tree of commands, ready to {@link CommandLine#execute execute}. */
    static CommandLine commandLine() {
        var commandLine = new CommandLine(new Spate());
        commandLine.setExecutionStrategy(Spate::runNamedCommand);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
        return commandLine;
    }

    private static int runNamedCommand(CommandLine.ParseResult parsed) {
        if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            CommandLine root = parsed.commandSpec().commandLine();
            root.usage(root.getErr());
            return ExitCode.USAGE.number();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int explain(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (!(failure instanceof CommandFailure expected)) {
            err.println("spate: this should not happen; please report it with the lines below");
            failure.printStackTrace(err);
            return ExitCode.BUG.number();
        }
        err.println("spate: " + expected.problem());
        if (!expected.remedy().isEmpty()) {
            err.println("  " + expected.remedy());
        }
        return expected.exitCode().number();
    }
}
