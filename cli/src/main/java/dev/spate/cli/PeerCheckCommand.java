package dev.spate.cli;

import dev.spate.classic.course.CourseException;
import dev.spate.classic.course.CourseSetup;
import dev.spate.classic.course.RunLogs;
import dev.spate.classic.course.log.Finding;
import dev.spate.classic.course.log.LogCheck;
import dev.spate.classic.course.log.Rule;
import dev.spate.cli.text.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate peer-process check}: holds the logs of a run against the rules of the project. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the logs of a run, whoever's program wrote them, and says what broke which rule.",
            "Compares the peers' files too, as far as they are there. Changes nothing."
        })
final class PeerCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "LOGDIR",
            description = "The folder with Common.cfg, PeerInfo.cfg and the files log_peer_ID.log.")
    private Path folder;

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Option(names = "--rules", description = "Print the rules as well, those that were kept included.")
    private boolean rules;

    @Override
    public Integer call() throws CourseException {
        PrintWriter out = spec.commandLine().getOut();
        CourseSetup setup = CourseSetup.read(folder);
        LogCheck.Report report = RunLogs.check(setup);
        List<String> files = RunLogs.differingFiles(setup);
        if (json) {
            printJson(report, files, out);
        } else {
            print(setup, report, files, out);
        }
        out.flush();
        return (report.good() && files.isEmpty() ? ExitCode.OK : ExitCode.NOT_VERIFIED).number();
    }

    private void print(CourseSetup setup, LogCheck.Report report, List<String> files, PrintWriter out) {
        if (rules) {
            for (Rule rule : Rule.values()) {
                boolean broken = report.findings().stream().anyMatch(finding -> finding.rule() == rule);
                out.println(String.format("%-7s %-20s %s", broken ? "BROKEN" : "kept", rule.title(), rule.sentence()));
            }
        }
        report.findings().forEach(finding -> out.println(TorrentFacts.plain(finding.toString())));
        if (report.more() > 0) {
            out.println("and " + report.more() + " more of the same kinds");
        }
        files.forEach(out::println);
        for (Map.Entry<Integer, Integer> lines : report.inexact().entrySet()) {
            out.println("note: log_peer_" + lines.getKey() + ".log has " + lines.getValue()
                    + " lines whose form is not quite the project text's");
        }
        int peers = setup.peers().peers().size();
        out.println(report.complete().size() + " of " + peers + " peers have the file; "
                + (report.good() && files.isEmpty()
                        ? "no rule is broken"
                        : "broken: "
                                + report.findings().stream()
                                        .map(finding -> finding.rule().title())
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                                + (files.isEmpty() ? "" : (report.good() ? "" : ", ") + "the files")));
    }

    private static void printJson(LogCheck.Report report, List<String> files, PrintWriter out) {
        for (Finding finding : report.findings()) {
            out.println(new Json()
                    .put("type", "finding")
                    .put("rule", finding.rule().title())
                    .put("peer", finding.peer())
                    .put("line", finding.line())
                    .put("text", finding.what()));
        }
        files.forEach(file -> out.println(new Json().put("type", "file").put("text", file)));
        out.println(new Json()
                .put("type", "check")
                .put("good", report.good() && files.isEmpty())
                .put("complete", report.complete())
                .put("findings", report.findings().size() + report.more()));
    }
}
