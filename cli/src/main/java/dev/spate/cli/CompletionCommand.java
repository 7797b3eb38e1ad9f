package dev.spate.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spate completion}: a script that teaches a shell our commands and options. */
@Command(
        name = "completion",
        description = {"Prints a completion script for bash and zsh.", "To use it now:  source <(spate completion)"})
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine root = Spate.commandLine();
        spec.commandLine().getOut().print(AutoComplete.bash(root.getCommandName(), root));
        return ExitCode.OK.number();
    }
}
