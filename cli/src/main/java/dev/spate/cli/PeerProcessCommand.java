package dev.spate.cli;

import dev.spate.classic.course.CourseException;
import dev.spate.classic.course.CourseRun;
import dev.spate.classic.course.CourseSetup;
import dev.spate.classic.course.LocalPeers;
import dev.spate.classic.course.PeerOptions;
import dev.spate.classic.course.PeerProcess;
import dev.spate.classic.course.RemotePeers;
import dev.spate.classic.course.peer.Ending;
import dev.spate.classic.course.peer.PeerLook;
import dev.spate.classic.course.peer.PeerLookText;
import dev.spate.classic.course.wire.Deviation;
import dev.spate.classic.course.wire.Dialect;
import dev.spate.cli.text.Json;
import dev.spate.cli.view.CourseTable;
import dev.spate.cli.view.Progress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate peer-process}: one peer of the course's network, or all of them. */
@Command(
        name = "peer-process",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a peer of the CNT4007 course's network, by Common.cfg and PeerInfo.cfg.",
            "Ends by itself when every peer has the file."
        },
        subcommands = PeerCheckCommand.class)
final class PeerProcessCommand implements Callable<Integer> {
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final Duration STATUS = Duration.ofMillis(500);
    private static final PeerLook NOTHING_TO_SEE = new PeerLook(0, 0, 0, List.of());

    /**
     * A dialect by the name that it has on the command line.
     *
     * @param dialect null for the one that has to be found out
     */
    record Speech(@Nullable Dialect dialect) {
        private static final String AUTO = "auto";

        String title() {
            return dialect == null ? AUTO : dialect.title();
        }

        static Speech parse(String text) {
            if (text.equals(AUTO)) {
                return new Speech(null);
            }
            if (text.equals(Dialect.STRICT.title())) {
                return new Speech(Dialect.STRICT);
            }
            Set<Deviation> deviations = new LinkedHashSet<>();
            for (String name : text.split(",", -1)) {
                deviations.add(deviation(name));
            }
            return new Speech(new Dialect(deviations));
        }

        private static Deviation deviation(String name) {
            for (Deviation each : Deviation.values()) {
                if (each.title().equals(name)) {
                    return each;
                }
            }
            throw new IllegalArgumentException("no dialect '" + name + "'; there are auto, strict, and one or more of "
                    + Arrays.stream(Deviation.values()).map(Deviation::title).collect(Collectors.joining(","))
                    + ", divided by commas");
        }
    }

    /** Where {@code --all} starts the peers. */
    enum Launch {
        HERE,
        SSH
    }

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "Which peer of PeerInfo.cfg to be.")
    private @Nullable Integer id;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the configuration, the logs and the peers' folders are (default: the current folder).")
    private Path folder = Path.of("");

    @Option(names = "--all", description = "Start every peer of PeerInfo.cfg and show a table of them.")
    private boolean all;

    @Option(
            names = "--launch",
            paramLabel = "WHERE",
            description = "With --all: 'here', all in this process (default), or 'ssh', each on its host.")
    private Launch launch = Launch.HERE;

    @Option(
            names = "--ssh-command",
            paramLabel = "COMMAND",
            description =
                    "With --launch ssh: the program that starts commands on a host (default: ssh -o BatchMode=yes).")
    private String ssh = "ssh -o BatchMode=yes";

    @Option(
            names = "--remote-spate",
            paramLabel = "PATH",
            description = "With --launch ssh: how Spate is called on the hosts (default: spate).")
    private String remoteSpate = "spate";

    @Option(
            names = "--remote-dir",
            paramLabel = "DIR",
            description = "With --launch ssh: the folder on the hosts (default: the same as --dir).")
    private @Nullable String remoteFolder;

    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            converter = SpeechConverter.class,
            description = {
                "What neighbours speak: auto finds out of each (default), strict is the project text, or deviations divided by commas:",
                "payload-length (lengths without the type byte), low-bit (bitfields with the lowest bit first), little-endian"
                        + " (integers), ascii-id (four digits in the handshake), padded-piece (a last piece as long as the others)."
            })
    private Speech dialect = new Speech(null);

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "Give up after so long without any progress in the network (default: 10m).")
    private Duration patience = Duration.ofMinutes(10);

    @Option(names = "--status", description = "Print a line for each change of the state, as --launch ssh reads it.")
    private boolean status;

    /** Lets picocli read the names. */
    static final class SpeechConverter implements ITypeConverter<Speech> {
        @Override
        public Speech convert(String value) {
            return Spate.converted(value, Speech::parse);
        }
    }

    @Override
    public Integer call() throws CommandFailure, CourseException, ExecutionException {
        if (all == (id != null)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "name one peer, or all of them",
                    "Write 'peer-process 1001' or 'peer-process --all'.");
        }
        if (launch == Launch.SSH && !all) {
            throw new CommandFailure(ExitCode.USAGE, "--launch is for all peers", "Add --all, or leave it out.");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new CommandFailure(ExitCode.USAGE, "no patience at all", "Write --patience 1m or more.");
        }
        CourseSetup setup = CourseSetup.read(folder);
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore)) {
            return id == null ? runAll(setup, progress, interrupts) : runOne(setup, id, progress, interrupts);
        }
    }

    private PeerOptions options(Progress progress) {
        return new PeerOptions(dialect.dialect(), patience, new SecureRandom().nextLong(), text -> {
            synchronized (progress) {
                progress.say(text);
            }
        });
    }

    private int runOne(CourseSetup setup, int which, Progress progress, Interrupts interrupts)
            throws CourseException, ExecutionException, CommandFailure {
        try (PeerProcess peer = PeerProcess.start(setup, which, options(progress))) {
            boolean over = false;
            String told = "";
            while (!over && !interrupts.wished()) {
                over = interrupts.await(interrupts.or(peer.ending()), status ? STATUS : GLANCE);
                if (!peer.ending().isDone() || status) {
                    told = tell(peer, progress, told);
                }
            }
            if (!peer.ending().isDone()) {
                return ExitCode.INTERRUPTED.number();
            }
            return ended(which, peer.ending());
        } catch (CancellationException e) {
            return ExitCode.INTERRUPTED.number();
        }
    }

    private String tell(PeerProcess peer, Progress progress, String told) {
        PeerLook look = peer.look()
                .completeOnTimeout(NOTHING_TO_SEE, 1, TimeUnit.SECONDS)
                .exceptionally(_ -> NOTHING_TO_SEE)
                .join();
        if (look.equals(NOTHING_TO_SEE)) {
            return told;
        }
        if (!status) {
            synchronized (progress) {
                progress.table(CourseTable.lines(List.of(look)));
            }
            return told;
        }
        String text = PeerLookText.write(look);
        if (!text.equals(told)) {
            output.out().println(text);
            output.out().flush();
        }
        return text;
    }

    private int ended(int which, CompletableFuture<Ending> ending) throws ExecutionException, CommandFailure {
        try {
            Ending how = ending.get();
            if (output.json()) {
                output.out()
                        .println(new Json()
                                .put("type", "peer-process")
                                .put("id", which)
                                .put("complete", !(how instanceof Ending.GaveUp gaveUp) || gaveUp.complete())
                                .put("allComplete", how instanceof Ending.AllComplete));
                output.out().flush();
            }
            return switch (how) {
                case Ending.AllComplete _ -> ExitCode.OK.number();
                case Ending.GaveUp(var _, var why) ->
                    throw new CommandFailure(
                            ExitCode.NO_PEERS,
                            "peer " + which + " gave up: " + why,
                            "See whether those peers run and can be reached; start this one again, and it goes on.");
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        }
    }

    private int runAll(CourseSetup setup, Progress progress, Interrupts interrupts)
            throws CourseException, ExecutionException, CommandFailure {
        long begin = System.nanoTime();
        try (CourseRun run = start(setup, progress)) {
            boolean over = false;
            while (!over && !interrupts.wished()) {
                over = interrupts.await(interrupts.or(run.over()), GLANCE);
                List<String> table = CourseTable.lines(run.looks());
                synchronized (progress) {
                    progress.table(table);
                }
            }
            if (!run.over().isDone()) {
                return ExitCode.INTERRUPTED.number();
            }
            return report(setup, run.over().join(), (System.nanoTime() - begin) / 1e9);
        }
    }

    private CourseRun start(CourseSetup setup, Progress progress) throws CourseException, CommandFailure {
        if (launch == Launch.HERE) {
            return LocalPeers.start(setup, options(progress));
        }
        List<String> more = new ArrayList<>(List.of("--status", "-q", "--dialect", dialect.title()));
        more.addAll(List.of("--patience", patience.toSeconds() + "s"));
        return RemotePeers.start(
                setup,
                CommandWords.of(ssh),
                remoteSpate,
                remoteFolder == null ? folder.toAbsolutePath().toString() : remoteFolder,
                more,
                text -> {
                    synchronized (progress) {
                        progress.say(text);
                    }
                });
    }

    private int report(CourseSetup setup, Map<Integer, String> failures, double seconds) throws CommandFailure {
        int peers = setup.peers().peers().size();
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "peer-process")
                            .put("peers", peers)
                            .put("failed", failures.size())
                            .putDecimal("seconds", seconds));
        } else if (failures.isEmpty()) {
            output.out().println(String.format(Locale.ROOT, "all %d peers have the file after %.1f s", peers, seconds));
        }
        output.out().flush();
        if (failures.isEmpty()) {
            return ExitCode.OK.number();
        }
        StringBuilder what = new StringBuilder();
        failures.forEach((peer, why) -> what.append(what.isEmpty() ? "" : "\n  ")
                .append("peer ")
                .append(peer)
                .append(": ")
                .append(why));
        throw new CommandFailure(
                ExitCode.NO_PEERS,
                what.toString(),
                "The logs are in " + setup.folder().toAbsolutePath() + ".");
    }
}
