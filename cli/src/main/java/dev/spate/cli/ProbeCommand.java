package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.ProbeTable;
import dev.spate.cli.view.Progress;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Prober;
import dev.spate.engine.Session;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import dev.spate.engine.probe.FetchOutcome;
import dev.spate.engine.probe.FetchWatcher;
import dev.spate.engine.probe.ProbeOptions;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate probe}: looks at all peers of a torrent at once, and downloads from the first that has and gives everything. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at all peers of a torrent at once: how far each comes (connection, handshake, bitfield, unchoke, a piece",
            "that is verified), why it goes no further, its client, and how long it took to unchoke us.",
            "Ends well if at least one of them has everything and gives it."
        })
final class ProbeCommand implements Callable<Integer> {

    private static final Duration METADATA_LIMIT = Duration.ofMinutes(2);

    private static final Duration GLANCE = Duration.ofMillis(200);

    @Mixin
    private OutputOptions output;

    @Mixin
    private NetworkOptions network;

    @Parameters(
            paramLabel = "TORRENT",
            description = "A torrent file, the http or https URL of one, a magnet link in quotes, or an info-hash.")
    private String source;

    @Option(
            names = "--first-complete",
            description =
                    "Download everything from the first peer that has it and unchokes, and from that one alone; when it"
                            + " fails, from the next.")
    private boolean firstComplete;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where --first-complete puts it (default: the current folder).")
    private Path folder = Path.of("");

    @Option(names = "--overwrite", description = "Files in the way that are not this torrent's may be overwritten.")
    private boolean overwrite;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "With --first-complete: how long a peer may send nothing (default: 30s).")
    private Duration patience = Duration.ofSeconds(30);

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "How many peers are looked at at a time, at most 500 (default: 30).")
    private int atOnce = ProbeOptions.DEFAULTS.atOnce();

    @Option(
            names = "--find-time",
            paramLabel = "TIME",
            description = "How long trackers and the DHT may take to name peers (default: 20s).")
    private Duration findTime = Duration.ofSeconds(20);

    @Option(names = "--connect-timeout", paramLabel = "TIME", description = "To connect to a peer (default: 10s).")
    private Duration connectTimeout = ProbeOptions.DEFAULTS.connectLimit();

    @Option(
            names = "--handshake-timeout",
            paramLabel = "TIME",
            description = "For the handshake, and for the first word about pieces (default: 10s).")
    private Duration handshakeTimeout = ProbeOptions.DEFAULTS.handshakeLimit();

    @Option(names = "--unchoke-timeout", paramLabel = "TIME", description = "Until it unchokes us (default: 30s).")
    private Duration unchokeTimeout = ProbeOptions.DEFAULTS.unchokeLimit();

    @Option(names = "--serve-timeout", paramLabel = "TIME", description = "For the piece (default: 30s).")
    private Duration serveTimeout = ProbeOptions.DEFAULTS.serveLimit();

    @Option(
            names = "--no-verify",
            description =
                    "Ask for no piece: a peer that unchokes is believed. Otherwise one piece is taken of each, if there is one"
                            + " of at most 4 MiB, and held against its hash.")
    private boolean noVerify;

    @Override
    public Integer call() throws CommandFailure {
        ProbeOptions options = options();
        Optional<Magnet> magnet = TorrentSource.magnet(source);
        Metainfo read = magnet.isPresent() ? null : TorrentSource.read(source, network.http());
        if (firstComplete) {
            DownloadFolder.prepare(folder);
        }
        List<PeerAddress> named = network.peers();
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore)) {
            Metainfo metainfo = read != null ? read : metadata(magnet.orElseThrow(), progress, interrupts);
            try (Session session = firstComplete
                    ? network.open(NetworkOptions.Part.DOWNLOAD, progress)
                    : network.openPassing(NetworkOptions.Part.DOWNLOAD, progress)) {
                Prober prober = session.prober(metainfo);
                List<PeerAddress> peers = new ArrayList<>(named);
                if (magnet.isPresent() && !network.isExclusive(NetworkOptions.Part.DOWNLOAD)) {
                    peers.addAll(ofLink(magnet.get()));
                }
                progress.say("looking for peers");
                peers.addAll(waitFor(
                        Errand.begin("find-peers", () -> prober.findPeers(!network.noTracker(), findTime)),
                        interrupts));
                ExitCode end = firstComplete
                        ? fetch(session, prober, metainfo, peers, options, progress, interrupts)
                        : look(prober, peers, options, progress, interrupts);
                return end.number();
            }
        }
    }

    private ProbeOptions options() throws CommandFailure {
        try {
            return ProbeOptions.DEFAULTS
                    .withAtOnce(atOnce)
                    .withConnectLimit(connectTimeout)
                    .withHandshakeLimit(handshakeTimeout)
                    .withUnchokeLimit(unchokeTimeout)
                    .withServeLimit(serveTimeout)
                    .verifying(!noVerify);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    String.valueOf(e.getMessage()),
                    "Times are more than 0, and --at-once is 1 to 500.");
        }
    }

    /** Gets the metadata of a link as spate get does, in a session that remembers nothing. */
    private Metainfo metadata(Magnet magnet, Progress progress, Interrupts interrupts) throws CommandFailure {
        AddOptions options = network.applyTo(AddOptions.into(folder.toAbsolutePath()), NetworkOptions.Part.DOWNLOAD)
                .metadataOnly();
        long end = System.nanoTime() + METADATA_LIMIT.toNanos();
        try (Session session = network.openPassing(NetworkOptions.Part.DOWNLOAD, progress);
                Attendant attendant = new Attendant(session, progress, interrupts)) {
            Torrent torrent = session.add(magnet, options);
            boolean goesOn = attendant.attend(
                    List.of(torrent),
                    torrent.metadata(),
                    looks -> looks.getFirst().stats().state() == TorrentState.FAILED || System.nanoTime() - end > 0);
            if (!goesOn) {
                throw interrupted();
            }
            torrent.stats().failure().ifPresent(failure -> {
                throw failure;
            });
            if (!torrent.hasMetadata()) {
                throw new CommandFailure(
                        ExitCode.NO_PEERS,
                        "nobody gave the metadata in " + Quantities.duration(METADATA_LIMIT),
                        "Try again later, or name a peer with --peer, or the torrent file.");
            }
            return torrent.metainfo();
        }
    }

    /** The peers that a link names; those whose names cannot be looked up are passed over, for it promised nothing. */
    private List<PeerAddress> ofLink(Magnet magnet) {
        List<PeerAddress> peers = new ArrayList<>();
        for (HostPort peer : magnet.peers()) {
            if (network.mayBeLookedUp(peer)) {
                address(peer).ifPresent(peers::add);
            }
        }
        return peers;
    }

    private static Optional<PeerAddress> address(HostPort peer) {
        try {
            return Optional.of(Addresses.peer(peer));
        } catch (CommandFailure unknown) {
            return Optional.empty();
        }
    }

    // ------------------------------------------------------------------ only a look

    private ExitCode look(
            Prober prober, List<PeerAddress> peers, ProbeOptions options, Progress progress, Interrupts interrupts)
            throws CommandFailure {
        requireSomebody(peers);
        // One place for each peer.
        var results = new LinkedBlockingQueue<ProbeResult>();
        List<ProbeResult> all = new ArrayList<>();
        var errand = Errand.begin("probe", () -> prober.probe(peers, options, results::add));
        boolean ended = attend(errand, interrupts, () -> {
            all.addAll(drained(results, progress));
            progress.table(ProbeTable.lines(all));
        });
        if (!output.json()) {
            progress.aside(() -> ProbeTable.lines(all).forEach(output.out()::println));
        }
        progress.say(ProbeTable.summary(all));
        output.out().flush();
        if (!ended) {
            return ExitCode.INTERRUPTED;
        }
        return all.stream().anyMatch(ProbeResult::isSource) ? ExitCode.OK : ExitCode.NO_PEERS;
    }

    private static void requireSomebody(List<PeerAddress> peers) throws CommandFailure {
        if (peers.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.NO_PEERS,
                    "no peer is known",
                    "Name one with --peer, or let trackers and the DHT be asked for longer with --find-time.");
        }
    }

    private List<ProbeResult> drained(LinkedBlockingQueue<ProbeResult> results, Progress progress) {
        List<ProbeResult> fresh = new ArrayList<>();
        results.drainTo(fresh);
        if (output.json()) {
            progress.aside(() -> fresh.forEach(each -> output.out().println(json(each))));
            output.out().flush();
        }
        return fresh;
    }

    private static Json json(ProbeResult result) {
        Json json = new Json()
                .put("type", "peer")
                .put("peer", result.peer())
                .put("source", result.isSource())
                .put("stage", word(result.stage()))
                .put("reason", result.reason().map(ProbeCommand::word))
                .put("pieces", result.pieces())
                .put("allPieces", result.allPieces())
                .put("uploadOnly", result.uploadOnly());
        if (!result.detail().isEmpty()) {
            json.put("detail", result.detail());
        }
        if (!result.client().isEmpty()) {
            json.put("client", result.client());
        }
        result.timeToUnchoke().ifPresent(time -> json.putDecimal("unchokeMillis", time.toNanos() / 1e6));
        return json;
    }

    /** The name of a constant, for programs. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    // ------------------------------------------------------------------ from one peer alone

    /** What the thread that fetches tells, for the one that shows. */
    private static final class News implements FetchWatcher {
        final LinkedBlockingQueue<ProbeResult> results = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        final CompletableFuture<Void> chosen = new CompletableFuture<>();

        @Override
        public void probed(ProbeResult result) {
            results.add(result);
        }

        @Override
        public void chosen(PeerAddress peer) {
            lines.add("getting everything from " + peer + " alone");
            chosen.complete(null);
        }

        @Override
        public void failed(PeerAddress peer, String why) {
            lines.add(peer + " is given up: " + TorrentFacts.plain(why));
        }
    }

    private ExitCode fetch(
            Session session,
            Prober prober,
            Metainfo metainfo,
            List<PeerAddress> peers,
            ProbeOptions options,
            Progress progress,
            Interrupts interrupts)
            throws CommandFailure {
        AddOptions add = AddOptions.into(folder.toAbsolutePath()).onlyWith(List.of());
        News news = new News();
        List<ProbeResult> all = new ArrayList<>();
        Runnable tell = () -> {
            all.addAll(drained(news.results, progress));
            for (String line = news.lines.poll(); line != null; line = news.lines.poll()) {
                progress.say(line);
            }
        };
        try (Attendant attendant = new Attendant(session, progress, interrupts)) {
            Torrent torrent = session.add(metainfo, overwrite ? add.overwriting() : add);
            var errand = Errand.begin("fetch", () -> prober.fetch(torrent, peers, options, patience, news));
            // While peers are looked at, nothing is to be seen of the torrent.
            boolean ended = attend(errand, CompletableFuture.anyOf(errand.result(), news.chosen), interrupts, tell)
                    && attendant.attend(List.of(torrent), errand.result(), _ -> {
                        tell.run();
                        return false;
                    });
            tell.run();
            if (!ended) {
                errand.stop();
                progress.say("stopped; start the same command again to go on");
                return ExitCode.INTERRUPTED;
            }
            return switch (errand.result().join()) {
                case FetchOutcome.Complete(var from) -> {
                    progress.aside(() -> report(torrent, from));
                    yield ExitCode.OK;
                }
                case FetchOutcome.NobodyServed(var tried) -> {
                    requireSomebody(peers);
                    if (!output.json()) {
                        ProbeTable.lines(all).forEach(progress::say);
                    }
                    throw new CommandFailure(
                            ExitCode.NO_PEERS,
                            "nobody served: none of " + peers.size()
                                    + (tried == 0
                                            ? " has everything and gives it"
                                            : " gave everything, and " + tried + " of them had seemed to"),
                            "Try again later, or use spate get, which takes from many; what was got is kept.");
                }
            };
        }
    }

    private void report(Torrent torrent, Optional<PeerAddress> from) {
        Path path = folder.toAbsolutePath().resolve(torrent.name());
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "completed")
                            .put("name", torrent.name())
                            .put("path", path)
                            .put("from", from));
        } else {
            output.out().println(TorrentFacts.plain(path.toString()));
        }
        output.out().flush();
    }

    // ------------------------------------------------------------------ waiting

    private static CommandFailure interrupted() {
        return new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
    }

    private static <T> T waitFor(Errand<T> errand, Interrupts interrupts) throws CommandFailure {
        if (!attend(errand, interrupts, () -> {})) {
            throw interrupted();
        }
        return errand.result().join();
    }

    private static boolean attend(Errand<?> errand, Interrupts interrupts, Runnable glance) {
        return attend(errand, errand.result(), interrupts, glance);
    }

    /** Looks now and then until something is done; false if the user wants to stop, and then the errand has been stopped. */
    private static boolean attend(Errand<?> errand, CompletableFuture<?> done, Interrupts interrupts, Runnable glance) {
        CompletableFuture<?> end = interrupts.or(done);
        boolean over = false;
        while (!over) {
            try {
                over = interrupts.await(end, GLANCE);
            } catch (ExecutionException e) {
                // Whoever asks for the result hears of it.
                over = true;
            }
            glance.run();
        }
        if (interrupts.wished()) {
            errand.stop();
            glance.run();
        }
        return !interrupts.wished();
    }
}
