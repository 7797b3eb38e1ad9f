package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.engine.SessionSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spate doctor}: whether this machine has what {@code get} and {@code seed} need, and what to do if not. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks whether this machine has what get and seed need: ports, folders, a proxy, the gateway.",
            "Give it the options that you give them."
        })
final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where downloads would go (default: the current folder).")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        SessionSettings settings = network.settings(NetworkOptions.Part.SEED);
        List<Finding> findings = new ArrayList<>();
        findings.add(Checkup.java());
        findings.add(Checkup.clock(Instant.now()));
        findings.add(Checkup.descriptors(settings.maxConnections()));
        findings.add(Checkup.folder("downloads", folder));
        settings.stateFolder().ifPresent(state -> findings.add(Checkup.folder("state", state)));
        settings.proxy().ifPresent(proxy -> findings.add(Checkup.proxy(proxy)));
        SessionSettings passing = network.passing(NetworkOptions.Part.SEED);
        findings.addAll(Checkup.ports(() -> passing));
        PrintWriter out = spec.commandLine().getOut();
        findings.forEach(finding -> print(finding, out));
        out.flush();
        return findings.stream()
                .filter(finding -> finding.state() == Finding.State.BAD)
                .findFirst()
                .map(Finding::exitCode)
                .orElse(ExitCode.OK)
                .number();
    }

    private void print(Finding finding, PrintWriter out) {
        if (json) {
            Json object = new Json()
                    .put("type", "finding")
                    .put("subject", finding.subject())
                    .put("state", finding.state().name().toLowerCase(Locale.ROOT))
                    .put("text", finding.text());
            out.println(finding.remedy().isEmpty() ? object : object.put("remedy", finding.remedy()));
            return;
        }
        String mark = switch (finding.state()) {
            case GOOD -> "good";
            case WARNING -> "mind";
            case BAD -> "BAD ";
        };
        out.println("%s  %-12s %s".formatted(mark, finding.subject(), finding.text()));
        if (!finding.remedy().isEmpty()) {
            out.println(" ".repeat(19) + finding.remedy());
        }
    }
}
