package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Look;
import dev.spate.cli.view.Progress;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate seed}: gives what is there to peers until it is stopped. */
@Command(
        name = "seed",
        mixinStandardHelpOptions = true,
        description = {
            "Gives torrents to peers until Ctrl-C. What is missing of one is downloaded from peers that have it.",
            "For a file or folder that is no torrent one is made and written beside it as PATH.torrent."
        })
final class SeedCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Mixin
    private NetworkOptions network;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH|TORRENT",
            description = "Torrent files, URLs of such, or files and folders to make torrents of.")
    private List<String> sources;

    @Option(
            names = {"-o", "--data", "--output"},
            paramLabel = "DIR",
            description =
                    "Where the files of torrents are. Without it: where the torrent file is, or the current folder.")
    private @Nullable Path folder;

    @Option(
            names = {"-t", "--tracker"},
            paramLabel = "URL[,URL...]",
            description = "Announce to this tracker, too; it is written into torrents that are made. May be repeated.")
    private List<String> trackers = new ArrayList<>();

    @Option(
            names = "--super",
            description =
                    "Super-seed: let each peer have one piece at a time until a whole copy is out, then seed as usual."
                            + " For the first seed of a torrent.")
    private boolean superSeeding;

    /** A torrent and where its files are. */
    private record Wanted(Metainfo metainfo, Path folder, Optional<Path> written) {}

    @Override
    public Integer call() throws CommandFailure {
        List<Wanted> wanted = new ArrayList<>();
        for (String source : sources) {
            wanted.add(isTorrent(source) ? ofTorrent(source) : ofPath(Path.of(source)));
        }
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore);
                Session session = network.open(NetworkOptions.Part.SEED, progress);
                Attendant attendant = new Attendant(session, progress, interrupts)) {
            List<Torrent> torrents = new ArrayList<>();
            for (Wanted one : wanted) {
                Torrent torrent = session.add(one.metainfo(), options(one));
                torrent.rules().setSuperSeeding(superSeeding);
                torrents.add(torrent);
            }
            return run(session, attendant, progress, wanted, torrents).number();
        }
    }

    private ExitCode run(
            Session session, Attendant attendant, Progress progress, List<Wanted> wanted, List<Torrent> torrents) {
        CompletableFuture<Void> never = new CompletableFuture<>();
        boolean ready = attendant.attend(
                torrents,
                never,
                looks -> looks.stream().noneMatch(look -> look.stats().state() == TorrentState.CHECKING));
        if (!ready) {
            return ExitCode.INTERRUPTED;
        }
        for (int i = 0; i < torrents.size(); i++) {
            Wanted one = wanted.get(i);
            Torrent torrent = torrents.get(i);
            progress.aside(() -> announce(session, one, torrent));
            TorrentStats stats = torrent.stats();
            if (!stats.isComplete() && stats.failure().isEmpty() && !output.json()) {
                progress.say(TorrentFacts.plain(torrent.name()) + ": "
                        + Quantities.percent(stats.flushedBytes(), stats.totalBytes())
                        + " of it is here; the rest is wanted from peers");
            }
        }
        // One that fails is told of and the others go on, until none is left.
        List<Torrent> failed = new ArrayList<>();
        boolean ended = attendant.attend(torrents, never, looks -> allFailed(looks, torrents, failed, progress));
        if (!ended) {
            progress.say("stopped");
            return ExitCode.INTERRUPTED;
        }
        SpateException failure = failed.getFirst().stats().failure().orElseThrow();
        throw failure;
    }

    private static boolean allFailed(
            List<Look> looks, List<Torrent> torrents, List<Torrent> failed, Progress progress) {
        for (int i = 0; i < looks.size(); i++) {
            Torrent torrent = torrents.get(i);
            Optional<SpateException> failure = looks.get(i).stats().failure();
            if (failure.isPresent() && !failed.contains(torrent)) {
                failed.add(torrent);
                if (torrents.size() > 1) {
                    progress.say(TorrentFacts.plain(
                            torrent.name() + ": " + failure.get().getMessage()));
                }
            }
        }
        return failed.size() == torrents.size();
    }

    private void announce(Session session, Wanted wanted, Torrent torrent) {
        TorrentStats stats = torrent.stats();
        if (stats.state() == TorrentState.FAILED) {
            return;
        }
        List<String> addresses =
                session.listenAddresses().stream().map(NetworkOptions::shown).toList();
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "ready")
                            .put("name", torrent.name())
                            .put("infoHash", torrent.infoHash().onTheWire())
                            .put("pieces", stats.pieces())
                            .put("flushedPieces", stats.flushedPieces())
                            .put("listen", addresses)
                            .put("torrent", wanted.written())
                            .put("magnet", wanted.metainfo().magnet()));
            output.out().flush();
            return;
        }
        output.out()
                .println("seeding " + TorrentFacts.plain(torrent.name()) + " (" + torrent.infoHash() + ") at "
                        + String.join(" ", addresses));
        wanted.written().ifPresent(file -> output.out().println(file));
        output.out().flush();
    }

    private AddOptions options(Wanted wanted) throws CommandFailure {
        AddOptions options = AddOptions.into(wanted.folder())
                .withTrackers(CreateCommand.tiers(trackers).stream()
                        .flatMap(List::stream)
                        .collect(Collectors.toList()));
        return network.applyTo(options, NetworkOptions.Part.SEED);
    }

    private static boolean isTorrent(String source) {
        return TorrentSource.isUrl(source)
                || source.regionMatches(true, 0, "magnet:", 0, 7)
                || source.toLowerCase(Locale.ROOT).endsWith(".torrent");
    }

    private Wanted ofTorrent(String source) throws CommandFailure {
        Metainfo metainfo = TorrentSource.read(source, network.http());
        Path place = folder != null
                ? folder
                : TorrentSource.isUrl(source)
                        ? Path.of("")
                        : Optional.ofNullable(Path.of(source).getParent()).orElse(Path.of(""));
        requireSomething(metainfo, place);
        return new Wanted(metainfo, place.toAbsolutePath(), Optional.empty());
    }

    /** Who names the wrong folder does not want to download everything into it. */
    private static void requireSomething(Metainfo metainfo, Path place) throws CommandFailure {
        for (FileEntry file : metainfo.files()) {
            if (!file.isPad() && Files.exists(place.resolve(TorrentFacts.shownPath(metainfo, file)))) {
                return;
            }
        }
        throw new CommandFailure(
                ExitCode.NOT_FOUND,
                "no file of " + TorrentFacts.plain(metainfo.name()) + " is in "
                        + TorrentSource.shown(place.toAbsolutePath()),
                "Name the folder with --data; to download it, use spate get.");
    }

    private Wanted ofPath(Path path) throws CommandFailure {
        Path full = path.toAbsolutePath().normalize();
        Path parent = full.getParent();
        if (!Files.exists(full) || parent == null) {
            throw new CommandFailure(
                    ExitCode.NOT_FOUND, "there is no file or folder " + TorrentSource.shown(path), "Check the path.");
        }
        Path name = full.getFileName();
        Path file = full.resolveSibling(name + ".torrent");
        try (Progress progress = output.progress()) {
            Metainfo metainfo = TorrentBuilder.of(full)
                    .trackers(CreateCommand.tiers(trackers))
                    .progress((done, total) -> progress.meter("hashing", done, total))
                    .build();
            TorrentFiles.write(file, metainfo, false, "Seed that torrent file, or move it away.");
            return new Wanted(metainfo, parent, Optional.of(file));
        } catch (InterruptedException e) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
        }
    }
}
