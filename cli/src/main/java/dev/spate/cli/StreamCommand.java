package dev.spate.cli;

import dev.spate.cli.stream.FileServer;
import dev.spate.cli.text.Json;
import dev.spate.cli.view.Progress;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentFile;
import dev.spate.engine.TorrentState;
import dev.spate.wire.HostPort;
import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate stream}: serves a file of a torrent over HTTP while it arrives. */
@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = {
            "Serves a file of a torrent over HTTP while it is downloaded, until Ctrl-C.",
            "What a player asks for is fetched first; all of the torrent is downloaded in the end, and seeded."
        })
final class StreamCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Mixin
    private NetworkOptions network;

    @Parameters(paramLabel = "TORRENT", description = "A torrent file, or the http or https URL of one.")
    private String source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where to put it (default: the current folder).")
    private Path folder = Path.of("");

    @Option(
            names = "--file",
            paramLabel = "PATH|NUMBER",
            description = "Which file, by its path or its place in the list of 'get --list', from 1. Without it: the"
                    + " largest.")
    private @Nullable String wanted;

    @Option(
            names = "--http",
            paramLabel = "ADDR:PORT",
            description = "Where players reach it; port 0 takes a free one. Without it: 127.0.0.1, a free port.")
    private HostPort http = new HostPort("127.0.0.1", 0);

    @Option(names = "--open", description = "Open the URL with the program that this desktop has for it.")
    private boolean open;

    @Override
    public Integer call() throws CommandFailure {
        Metainfo metainfo = TorrentSource.read(source, network.http());
        FileEntry entry = choose(metainfo, wanted);
        InetSocketAddress address = Addresses.resolve(http);
        DownloadFolder.prepare(folder);
        AddOptions options = network.applyTo(AddOptions.into(folder.toAbsolutePath()), NetworkOptions.Part.DOWNLOAD);
        try (Progress progress = output.progress();
                Interrupts interrupts = Interrupts.listen(progress::restore);
                Session session = network.open(NetworkOptions.Part.DOWNLOAD, progress);
                Attendant attendant = new Attendant(session, progress, interrupts)) {
            Torrent torrent = session.add(metainfo, options);
            TorrentFile file = torrent.file(entry.index()).orElseThrow();
            try (FileServer server = serve(address, file, torrent)) {
                progress.aside(() -> announce(server, file));
                if (open) {
                    show(server, progress);
                }
                boolean failed = attendant.attend(
                        List.of(torrent),
                        new CompletableFuture<Void>(),
                        looks -> looks.getFirst().stats().state() == TorrentState.FAILED);
                if (failed) {
                    SpateException failure = torrent.stats().failure().orElseThrow();
                    throw failure;
                }
                progress.say("stopped; start the same command again to go on");
                return ExitCode.INTERRUPTED.number();
            }
        }
    }

    /** The file that is meant. */
    static FileEntry choose(Metainfo metainfo, @Nullable String wanted) throws CommandFailure {
        List<FileEntry> files =
                metainfo.files().stream().filter(file -> !file.isPad()).toList();
        if (wanted == null) {
            return files.stream()
                    .filter(file -> !file.isSymlink())
                    .max(Comparator.comparingLong(FileEntry::length))
                    .orElseThrow(() -> unknown("the torrent has no file"));
        }
        for (FileEntry file : files) {
            if (wanted.equals(TorrentFacts.shownPath(metainfo, file)) || wanted.equals(file.pathText())) {
                return readable(file);
            }
        }
        if (wanted.matches("\\d{1,7}")) {
            int number = Integer.parseInt(wanted);
            if (number >= 1 && number <= files.size()) {
                return readable(files.get(number - 1));
            }
        }
        throw unknown("the torrent has no file '" + TorrentFacts.plain(wanted) + "'");
    }

    private static FileEntry readable(FileEntry file) throws CommandFailure {
        if (file.isSymlink()) {
            throw unknown("'" + TorrentFacts.plain(file.pathText()) + "' is a symbolic link, which is never followed");
        }
        return file;
    }

    private static CommandFailure unknown(String problem) {
        return new CommandFailure(ExitCode.NOT_FOUND, problem, "See 'spate get TORRENT --list' for its files.");
    }

    private static FileServer serve(InetSocketAddress address, TorrentFile file, Torrent torrent)
            throws CommandFailure {
        try {
            return FileServer.start(address, file, torrent.infoHash().onTheWire() + "-" + file.index());
        } catch (IOException e) {
            boolean notHere =
                    e instanceof BindException && String.valueOf(e.getMessage()).contains("assign");
            throw new CommandFailure(
                    notHere ? ExitCode.NOT_FOUND : ExitCode.PORT_IN_USE,
                    "cannot listen at " + NetworkOptions.shown(address) + ": " + e.getMessage(),
                    "Choose another address or port with --http.");
        }
    }

    private void announce(FileServer server, TorrentFile file) {
        if (output.json()) {
            output.out()
                    .println(new Json()
                            .put("type", "streaming")
                            .put("url", server.uri().toASCIIString())
                            .put("path", folder.resolve(file.path()))
                            .put("size", file.size()));
        } else {
            output.out().println(server.uri().toASCIIString());
        }
        output.out().flush();
    }

    private static void show(FileServer server, Progress progress) {
        try {
            Desktop.open(server.uri());
        } catch (IOException e) {
            progress.say("cannot open it here (" + e.getMessage() + "); open the URL yourself");
        }
    }
}
