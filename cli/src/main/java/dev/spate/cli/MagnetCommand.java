package dev.spate.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate magnet}: the links of torrent files. Opens nothing but them. */
@Command(
        name = "magnet",
        mixinStandardHelpOptions = true,
        description = {"Prints the magnet links of torrent files, one a line."})
final class MagnetCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Torrent files, or URLs of them.")
    private List<String> files;

    @Override
    public Integer call() throws CommandFailure {
        for (String file : files) {
            spec.commandLine().getOut().println(TorrentSource.read(file).magnet());
        }
        spec.commandLine().getOut().flush();
        return ExitCode.OK.number();
    }
}
