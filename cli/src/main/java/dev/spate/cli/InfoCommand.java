package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.wire.metainfo.Metainfo;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate info}: what torrent files say. Opens nothing but them. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what torrent files say, their magnet links included.",
            "With --json: one object a file, one a line; for a file that is bad, an object with its error."
        })
final class InfoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Torrent files, or URLs of them.")
    private List<String> files;

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ExitCode worst = ExitCode.OK;
        boolean first = true;
        for (String file : files) {
            try {
                Metainfo metainfo = TorrentSource.read(file);
                if (json) {
                    out.println(TorrentFacts.json(metainfo).put("file", file));
                } else {
                    if (!first) {
                        out.println();
                    }
                    TorrentFacts.print(metainfo, out);
                }
            } catch (CommandFailure e) {
                worst = worst == ExitCode.OK ? e.exitCode() : worst;
                if (json) {
                    out.println(new Json().put("file", file).put("error", e.problem()));
                } else {
                    e.print(spec.commandLine().getErr());
                }
            }
            first = false;
        }
        out.flush();
        return worst.number();
    }
}
