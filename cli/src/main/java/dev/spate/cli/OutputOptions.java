package dev.spate.cli;

import dev.spate.cli.view.JsonProgress;
import dev.spate.cli.view.LiveProgress;
import dev.spate.cli.view.PlainProgress;
import dev.spate.cli.view.Progress;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How a command that takes its time tells what it does. */
final class OutputOptions {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress; only results and errors.")
    private boolean quiet;

    @Option(names = "--json", description = "Print JSON, one object a line, progress included.")
    private boolean json;

    boolean quiet() {
        return quiet;
    }

    boolean json() {
        return json;
    }

    /** Where data goes. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where words for a person go. */
    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** What fits the options and the place that standard error leads to. */
    Progress progress() {
        CommandLine commandLine = spec.commandLine();
        if (quiet) {
            return Progress.SILENT;
        }
        if (json) {
            return new JsonProgress(commandLine.getOut(), System::nanoTime);
        }
        boolean colored = System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
        return ofTerminal(colored);
    }

    private Progress ofTerminal(boolean colored) {
        PrintWriter err = err();
        return Spate.ownsTheTerminal(spec)
                ? LiveProgress.open(colored).orElseGet(() -> new PlainProgress(err, System::nanoTime))
                : new PlainProgress(err, System::nanoTime);
    }
}
