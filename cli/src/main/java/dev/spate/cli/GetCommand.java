package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Look;
import dev.spate.cli.view.Progress;
import dev.spate.cli.view.Silence;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.SeedLimits;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.store.Allocation;
import dev.spate.wire.Digest;
import dev.spate.wire.InfoHash;
import dev.spate.wire.dht.TorrentKey;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate get}: downloads a torrent, and seeds it for a while if asked to. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = {
            "Downloads a torrent and ends when it is complete, verified and on disk.",
            "Started again after an interruption it goes on where it was."
        })
final class GetCommand implements Callable<Integer> {

    /** How long it may take to find out what a key names. */
    private static final Duration NAME_LIMIT = Duration.ofSeconds(60);

    @Mixin
    private OutputOptions output;

    @Mixin
    private NetworkOptions network;

    @Parameters(
            paramLabel = "TORRENT",
            description = {
                "A torrent file, the http or https URL of one, a magnet link in quotes,",
                "or an info-hash of 40 hexadecimal or 32 base32 digits."
            })
    private String source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where to put it (default: the current folder).")
    private Path folder = Path.of("");

    @Option(
            names = "--select",
            paramLabel = "FILES",
            description = "Get only these: numbers as of --list (3,5-7) or globs ('*.mkv'); may be repeated.")
    private List<String> selects = List.of();

    @Option(
            names = "--priority",
            paramLabel = "FILES=N",
            description = "How much files are wanted, from 0 (not at all) to 7; 4 is usual. May be repeated.")
    private List<String> priorities = List.of();

    @Option(names = "--move-to", paramLabel = "DIR", description = "Move everything there when it is complete.")
    private @Nullable Path moveTo;

    @Option(names = "--incomplete-dir", paramLabel = "DIR", description = "Keep it there until it is complete.")
    private @Nullable Path incompleteFolder;

    @Option(
            names = "--metadata-only",
            description = "Save the torrent file as NAME.torrent in the output folder, and download nothing.")
    private boolean metadataOnly;

    @Option(names = "--list", description = "Print the files and their sizes, and download nothing.")
    private boolean list;

    @Option(names = "--sequential", description = "Get the pieces in their order; slower for the swarm.")
    private boolean sequential;

    @Option(
            names = "--allocate",
            paramLabel = "WHEN",
            description = {
                "When room on disk is taken: none (as bytes come; without it), sparse (the whole length, with holes)",
                "or full (all of it at once, so that a disk that is too small is found out before the download)."
            })
    private Allocation allocation = Allocation.NONE;

    @Option(names = "--overwrite", description = "Files in the way that are not this torrent's may be overwritten.")
    private boolean overwrite;

    @Option(
            names = "--seed-ratio",
            paramLabel = "RATIO",
            description = "Then seed until so many times the torrent's size were uploaded.")
    private @Nullable Double seedRatio;

    @Option(
            names = "--seed-time",
            paramLabel = "TIME",
            description = "Then seed for so long, such as 30m or 2h; with --seed-ratio, whichever comes first.")
    private @Nullable Duration seedTime;

    @Option(
            names = "--on-done",
            paramLabel = "CMD",
            description = "Run this program when it is complete, before seeding; no shell: quotes keep words together.")
    private @Nullable String onDone;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Give up (exit code 10) when nothing was received for so long. Without it: never.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws CommandFailure {
        TorrentKey key = TorrentKey.isLink(source) ? DhtGetCommand.key(source) : null;
        Optional<Magnet> magnet = key == null ? TorrentSource.magnet(source) : Optional.empty();
        Metainfo metainfo = key != null || magnet.isPresent() ? null : TorrentSource.read(source, network.http());
        if (metainfo != null && (list || metadataOnly)) {
            showOrSave(metainfo);
            return ExitCode.OK.number();
        }
        AddOptions options = network.applyTo(places(metainfo), NetworkOptions.Part.DOWNLOAD);
        options = overwrite ? options.overwriting() : options;
        options = (sequential ? options.inOrder() : options).withAllocation(allocation);
        SeedLimits limits = seedLimits();
        AfterCompletion after = onDone == null ? null : AfterCompletion.of(onDone);
        long begin = System.nanoTime();
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore);
                Session session = network.open(NetworkOptions.Part.DOWNLOAD, progress);
                Attendant attendant = new Attendant(session, progress, interrupts)) {
            Torrent torrent;
            if (metainfo != null) {
                torrent = session.add(metainfo, options);
            } else {
                torrent = session.add(key == null ? magnet.orElseThrow() : named(session, key, interrupts), options);
            }
            torrent.rules().setSeedLimits(limits);
            if (!fetchMetadata(attendant, torrent)) {
                progress.say("stopped before the metadata was there");
                return ExitCode.INTERRUPTED.number();
            }
            if (list || metadataOnly) {
                showOrSave(torrent.metainfo());
                return ExitCode.OK.number();
            }
            if (metainfo == null && choosesFiles()) {
                torrent.setFilePriorities(FileChoice.priorities(torrent.metainfo(), selects, priorities))
                        .join();
                torrent.resume();
            }
            if (!attendant.attend(List.of(torrent), torrent.completion(), failedOrTimedOut())) {
                progress.say("stopped; start the same command again to go on");
                return ExitCode.INTERRUPTED.number();
            }
            TorrentStats stats = torrent.stats();
            if (stats.failure().isPresent()) {
                throw stats.failure().get();
            }
            if (!torrent.completion().isDone()) {
                throw timedOut();
            }
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            progress.aside(() -> report(torrent, stats, time));
            if (!output.json()) {
                progress.say(summary(stats, time));
            }
            if (after != null && !after.run(attendant, torrent, moveTo == null ? folder : moveTo, progress)) {
                return ExitCode.INTERRUPTED.number();
            }
            return limits.isLimited() ? seed(attendant, torrent).number() : ExitCode.OK.number();
        }
    }

    /** The torrent that a key names at present. */
    private static Magnet named(Session session, TorrentKey key, Interrupts interrupts) throws CommandFailure {
        Dht dht = session.dht()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "what a key names is found in the DHT only",
                        "Leave --no-dht, --proxy and --no-tracker out."));
        CompletableFuture<Optional<Digest>> answer = dht.joined().thenCompose(joined -> dht.torrentOf(key));
        try {
            boolean ended = interrupts.await(interrupts.or(answer), NAME_LIMIT);
            if (interrupts.wished()) {
                throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
            }
            Optional<Digest> infoHash = ended ? answer.join() : Optional.empty();
            return Magnet.of(InfoHash.ofV1(infoHash.orElseThrow(() -> new CommandFailure(
                    ExitCode.NO_PEERS,
                    "nobody in the DHT knows what this key names",
                    "Its owner must run spate dht name with --keep, or once an hour."))));
        } catch (ExecutionException e) {
            throw new IllegalStateException("the DHT node gave up", e);
        }
    }

    /** Where it goes and which files; all folders are made, so that trouble with them is told now. */
    private AddOptions places(@Nullable Metainfo metainfo) throws CommandFailure {
        Path last = moveTo == null ? folder : moveTo;
        Path first = folder;
        if (incompleteFolder != null) {
            first = incompleteFolder;
        }
        if (!list) {
            DownloadFolder.prepare(first);
            DownloadFolder.prepare(last);
        }
        AddOptions options = AddOptions.into(last.toAbsolutePath());
        if (metainfo != null) {
            options = options.withFilePriorities(FileChoice.priorities(metainfo, selects, priorities));
        } else if (list || metadataOnly || choosesFiles()) {
            // Files can be chosen only when they are known.
            options = options.metadataOnly();
        }
        return first.equals(last) ? options : options.incompleteIn(first.toAbsolutePath());
    }

    private boolean choosesFiles() {
        return !selects.isEmpty() || !priorities.isEmpty();
    }

    /** Waits until the torrent is known; returns false if the user wants to stop. */
    private boolean fetchMetadata(Attendant attendant, Torrent torrent) throws CommandFailure {
        if (!torrent.hasMetadata() && !attendant.attend(List.of(torrent), torrent.metadata(), failedOrTimedOut())) {
            return false;
        }
        torrent.stats().failure().ifPresent(failure -> {
            throw failure;
        });
        if (!torrent.hasMetadata()) {
            throw timedOut();
        }
        return true;
    }

    private void showOrSave(Metainfo metainfo) throws CommandFailure {
        if (list) {
            list(metainfo);
        }
        if (metadataOnly) {
            Path file = folder.resolve(metainfo.name() + ".torrent");
            DownloadFolder.prepare(folder);
            TorrentFiles.write(
                    file,
                    metainfo,
                    overwrite,
                    "Choose another folder with -o, or allow to replace it with --overwrite.");
            if (output.json()) {
                output.out()
                        .println(new Json()
                                .put("type", "metadata")
                                .put("name", metainfo.name())
                                .put("path", file));
            } else {
                output.out().println(TorrentFacts.plain(file.toString()));
            }
            output.out().flush();
        }
    }

    private void list(Metainfo metainfo) {
        if (output.json()) {
            output.out().println(TorrentFacts.json(metainfo));
            output.out().flush();
        } else {
            TorrentFacts.printNumberedFiles(metainfo, output.out());
        }
    }

    private Predicate<List<Look>> failedOrTimedOut() {
        Silence silence = new Silence(timeout);
        return looks -> {
            TorrentStats stats = looks.getFirst().stats();
            return silence.isTooLong(stats) || stats.state() == TorrentState.FAILED;
        };
    }

    private CommandFailure timedOut() {
        return new CommandFailure(
                ExitCode.NO_PEERS,
                "nothing was received for " + Quantities.duration(timeout == null ? Duration.ZERO : timeout),
                network.noTracker() && !network.hasPeers()
                        ? "There is no tracker and no peer to ask: name a peer with --peer."
                        : "Try again later, or name a peer with --peer; what was got is kept.");
    }

    private void report(Torrent torrent, TorrentStats stats, Duration time) {
        Path path = (moveTo == null ? folder : moveTo).resolve(torrent.name());
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "completed")
                            .put("name", torrent.name())
                            .put("path", path)
                            .put("totalSize", stats.totalBytes())
                            .put("downloaded", stats.downloaded())
                            .put("uploaded", stats.uploaded())
                            .putDecimal("seconds", time.toNanos() / 1e9));
        } else {
            output.out().println(TorrentFacts.plain(path.toString()));
        }
        output.out().flush();
    }

    private static String summary(TorrentStats stats, Duration time) {
        long rate = (long) (stats.flushedBytes() / Math.max(1e-3, time.toNanos() / 1e9));
        return "complete: " + Quantities.bytes(stats.flushedBytes()) + " in " + Quantities.duration(time)
                + (stats.downloaded() > 0 ? ", " + Quantities.rate(rate) : ", all of it was there");
    }

    /** After them the torrent rests, and the command ends. */
    private SeedLimits seedLimits() throws CommandFailure {
        if (seedRatio != null && !(seedRatio >= 0)) {
            throw new CommandFailure(ExitCode.USAGE, "not a ratio: " + seedRatio, "Write 0 or more, such as 1.5.");
        }
        return new SeedLimits(
                seedRatio == null ? OptionalDouble.empty() : OptionalDouble.of(seedRatio),
                Optional.ofNullable(seedTime),
                Optional.empty(),
                AfterSeeding.PAUSE);
    }

    private ExitCode seed(Attendant attendant, Torrent torrent) throws SpateException {
        boolean enough = attendant.attend(List.of(torrent), new CompletableFuture<Void>(), looks -> {
            TorrentState state = looks.getFirst().stats().state();
            return state == TorrentState.FAILED || state == TorrentState.PAUSED;
        });
        torrent.stats().failure().ifPresent(failure -> {
            throw failure;
        });
        return enough ? ExitCode.OK : ExitCode.INTERRUPTED;
    }
}
