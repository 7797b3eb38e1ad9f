package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SpateTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionNamesTheBuild() {
        assertThat(run("version")).isEqualTo(ExitCode.OK.number());

        assertThat(out.toString()).startsWith("spate " + Version.text()).contains("java 25");
        assertThat(Version.text()).matches("\\d+\\.\\d+.*");
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(run("completion")).isEqualTo(ExitCode.OK.number());

        assertThat(out.toString())
                .contains("_complete_spate")
                .contains(Spate.COMMANDS.stream().map(Spate.Named::name).collect(Collectors.joining(" ")));
    }

    @Test
    void withoutACommandTheHelpIsShownAsAnError() {
        assertThat(run()).isEqualTo(ExitCode.USAGE.number());

        assertThat(err.toString()).contains("Usage: spate");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpThatWasAskedForIsNoError() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK.number());

        assertThat(out.toString()).contains("Usage: spate");
    }

    @Test
    void anUnknownCommandIsAUsageError() {
        assertThat(run("fetch")).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void aFailureIsToldInTwoLinesWithoutAStackTrace() {
        int code =
                run(new CommandFailure(ExitCode.PORT_IN_USE, "port 6881 is in use", "Choose another with --listen."));

        assertThat(code).isEqualTo(ExitCode.PORT_IN_USE.number());
        assertThat(err.toString().lines())
                .containsExactly("spate: port 6881 is in use", "  Choose another with --listen.");
    }

    @Test
    void anythingElseIsShownAsABug() {
        int code = run(new IllegalStateException("the invariant broke"));

        assertThat(code).isEqualTo(ExitCode.BUG.number());
        assertThat(err.toString())
                .contains("please report")
                .contains("the invariant broke")
                .contains("SpateTest");
    }

    @Test
    void knowsEachCommandByTheNameInItsAnnotation() {
        assertThat(Spate.commandLine().getSubcommands().keySet())
                .containsExactlyElementsOf(
                        Spate.COMMANDS.stream().map(Spate.Named::name).toList());
    }

    private int run(String... arguments) {
        return run(Spate.commandLine(), arguments);
    }

    private int run(Exception failure) {
        return run(Spate.commandLine().addSubcommand(new Failing(failure)), "failing");
    }

    private int run(CommandLine commandLine, String... arguments) {
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Command(name = "failing")
    private static final class Failing implements Callable<Integer> {

        private final Exception failure;

        Failing(Exception failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }
}
