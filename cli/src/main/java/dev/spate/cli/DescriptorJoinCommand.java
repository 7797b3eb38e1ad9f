package dev.spate.cli;

import dev.spate.classic.descriptor.Descriptor;
import dev.spate.classic.descriptor.DescriptorNetwork;
import dev.spate.classic.descriptor.KnownPeer;
import dev.spate.classic.descriptor.Membership;
import dev.spate.classic.descriptor.NodeOptions;
import dev.spate.classic.descriptor.PeerState;
import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Look;
import dev.spate.cli.view.Progress;
import dev.spate.cli.view.Silence;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.SeedLimits;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.net.InetSocketAddress;
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

/** {@code spate descriptor join}: finds who has the file, joins them, and gets it. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = {
            "Asks the nodes of a descriptor who has its file, joins them, downloads and verifies it.",
            "Started again after an interruption it goes on where it was."
        })
final class DescriptorJoinCommand implements Callable<Integer> {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(60);

    /** Time for those who were named together to be joined. */
    private static final Duration COMPANY = Duration.ofSeconds(1);

    private static final Duration GLANCE = Duration.ofMillis(100);

    @Mixin
    private OutputOptions output;

    @Mixin
    private DescriptorDoor door;

    @Parameters(paramLabel = "DESCRIPTOR", description = "The descriptor file.")
    private Path source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where to put the file (default: the current folder).")
    private Path folder = Path.of("");

    @Option(names = "--overwrite", description = "A file in the way that is not this one may be overwritten.")
    private boolean overwrite;

    @Option(
            names = "--seed-ratio",
            paramLabel = "RATIO",
            description = "Then seed until so many times the file's size were uploaded.")
    private @Nullable Double seedRatio;

    @Option(
            names = "--seed-time",
            paramLabel = "TIME",
            description = "Then seed for so long, such as 30m or 2h; with --seed-ratio, whichever comes first.")
    private @Nullable Duration seedTime;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Give up (exit code 10) when nothing was received for so long (default: 1m).")
    private Duration timeout = USUAL_TIMEOUT;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where progress is remembered. Without it: $XDG_STATE_HOME/spate or ~/.local/state/spate.")
    private @Nullable Path state;

    @Override
    public Integer call() throws CommandFailure {
        SeedLimits limits = seedLimits();
        Descriptor descriptor = DescriptorDoor.read(source);
        DescriptorNews news = new DescriptorNews(output);
        try (Progress progress = output.progress()) {
            List<PeerAddress> neighbours = door.neighbours(descriptor.nodes(), progress::say);
            if (neighbours.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.NO_PEERS,
                        "the descriptor names no node that could be asked",
                        "Name one that runs with --node HOST:PORT.");
            }
            InetSocketAddress place = door.place(neighbours);
            if (descriptor.metainfo().isEmpty()) {
                meet(descriptor, neighbours, place, progress, news);
            }
            Metainfo metainfo = metainfo(descriptor);
            DownloadFolder.prepare(folder);
            AddOptions options = AddOptions.into(folder.toAbsolutePath());
            long begin = System.nanoTime();
            try (Interrupts interrupts = Interrupts.listen(progress::restore);
                    DescriptorMember member = DescriptorMember.start(
                            descriptor,
                            metainfo,
                            neighbours,
                            place,
                            overwrite ? options.overwriting() : options,
                            state,
                            news);
                    Attendant attendant = new Attendant(member.session(), progress, interrupts)) {
                member.torrent().rules().setSeedLimits(limits);
                return run(member, attendant, progress, news, begin, limits).number();
            }
        }
    }

    /**
     * What a descriptor's hashes make.
     *
     * @throws CommandFailure if it has none
     */
    static Metainfo metainfo(Descriptor descriptor) throws CommandFailure {
        return descriptor
                .metainfo()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.UNSUPPORTED,
                        "the descriptor has no hashes, so that nothing of the file could be verified and nothing is transferred",
                        "Get one that spate descriptor create has made."));
    }

    private ExitCode run(
            DescriptorMember member,
            Attendant attendant,
            Progress progress,
            DescriptorNews news,
            long begin,
            SeedLimits limits)
            throws CommandFailure {
        Torrent torrent = member.torrent();
        if (!attendant.attend(List.of(torrent), torrent.completion(), failedOrTimedOut(progress, news))) {
            progress.say("stopped; start the same command again to go on");
            return ExitCode.INTERRUPTED;
        }
        news.show(progress);
        TorrentStats stats = torrent.stats();
        stats.failure().ifPresent(failure -> {
            throw failure;
        });
        if (!torrent.completion().isDone()) {
            throw timedOut(member);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        progress.aside(() -> report(torrent, stats, time));
        if (!output.json()) {
            progress.say("complete and verified: " + Quantities.bytes(stats.flushedBytes()) + " in "
                    + Quantities.duration(time));
        }
        if (!limits.isLimited()) {
            return ExitCode.OK;
        }
        boolean enough = attendant.attend(List.of(torrent), new CompletableFuture<Void>(), looks -> {
            news.show(progress);
            TorrentState now = looks.getFirst().stats().state();
            return now == TorrentState.FAILED || now == TorrentState.PAUSED;
        });
        torrent.stats().failure().ifPresent(failure -> {
            throw failure;
        });
        return enough ? ExitCode.OK : ExitCode.INTERRUPTED;
    }

    private Predicate<List<Look>> failedOrTimedOut(Progress progress, DescriptorNews news) {
        Silence silence = new Silence(timeout);
        return looks -> {
            news.show(progress);
            TorrentStats stats = looks.getFirst().stats();
            return silence.isTooLong(stats) || stats.state() == TorrentState.FAILED;
        };
    }

    private CommandFailure timedOut(DescriptorMember member) {
        List<KnownPeer> peers = member.node().peers().join();
        String silence = " within " + Quantities.duration(timeout);
        if (peers.isEmpty()) {
            return new CommandFailure(
                    ExitCode.NO_PEERS,
                    "nobody who has the file was found" + silence,
                    "See whether the descriptor's nodes run, and whether UDP is let through; name another with --node.");
        }
        return new CommandFailure(
                ExitCode.NO_PEERS,
                "nothing was received" + silence + ", though " + peers.size() + " joined",
                peers.stream().allMatch(peer -> peer.enginePort() == 0)
                        ? "They are nodes of the original, which transfers nothing; somebody must share it with Spate."
                        : "Try again later; what was got is kept.");
    }

    private void report(Torrent torrent, TorrentStats stats, Duration time) {
        Path path = folder.resolve(torrent.name());
        output.out()
                .println(
                        output.json()
                                ? new Json()
                                        .put("type", "completed")
                                        .put("name", torrent.name())
                                        .put("path", path)
                                        .put("totalSize", stats.totalBytes())
                                        .put("downloaded", stats.downloaded())
                                        .put("uploaded", stats.uploaded())
                                        .putDecimal("seconds", time.toNanos() / 1e9)
                                : TorrentFacts.plain(path.toString()));
        output.out().flush();
    }

    /** With a descriptor that has no hashes: finds and joins, which is all that can be done. */
    private void meet(
            Descriptor descriptor,
            List<PeerAddress> neighbours,
            InetSocketAddress place,
            Progress progress,
            DescriptorNews news)
            throws CommandFailure {
        Membership membership = new Membership(descriptor.key(), null, 0, PeerState.IDLE);
        long end = System.nanoTime() + timeout.toNanos();
        try (Interrupts interrupts = Interrupts.listen(progress::restore);
                DescriptorNetwork node =
                        DescriptorDoor.open(new NodeOptions(place, neighbours, membership), null, news::take)) {
            CompletableFuture<?> stop = interrupts.or(new CompletableFuture<Void>());
            while (node.peers().join().isEmpty() && System.nanoTime() - end < 0 && !interrupts.await(stop, GLANCE)) {
                news.show(progress);
            }
            interrupts.await(stop, COMPANY);
            news.show(progress);
            if (interrupts.wished()) {
                throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
            }
            if (node.peers().join().isEmpty()) {
                throw new CommandFailure(
                        ExitCode.NO_PEERS,
                        "nobody who has the file was found within " + Quantities.duration(timeout),
                        "See whether the descriptor's nodes run, and whether UDP is let through.");
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wish to stop cannot fail", e);
        }
    }

    /** After them the torrent rests, and the command ends. */
    private SeedLimits seedLimits() throws CommandFailure {
        if (seedRatio != null && !(seedRatio >= 0)) {
            throw new CommandFailure(ExitCode.USAGE, "not a ratio: " + seedRatio, "Write 0 or more, such as 1.5.");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new CommandFailure(ExitCode.USAGE, "not a time to wait: " + timeout, "Write 1s or more.");
        }
        return new SeedLimits(
                seedRatio == null ? OptionalDouble.empty() : OptionalDouble.of(seedRatio),
                Optional.ofNullable(seedTime),
                Optional.empty(),
                AfterSeeding.PAUSE);
    }
}
