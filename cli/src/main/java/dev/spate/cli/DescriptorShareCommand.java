package dev.spate.cli;

import dev.spate.classic.descriptor.Descriptor;
import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.cli.view.Look;
import dev.spate.cli.view.Progress;
import dev.spate.engine.AddOptions;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate descriptor share}: a node that has the file. */
@Command(
        name = "share",
        mixinStandardHelpOptions = true,
        description = {
            "Gives the file of a descriptor to whoever joins, until Ctrl-C.",
            "The file is verified first; what is missing of it is got from others."
        })
final class DescriptorShareCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Mixin
    private DescriptorDoor door;

    @Parameters(paramLabel = "DESCRIPTOR", description = "The descriptor file.")
    private Path source;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of the file. Without it: what the descriptor says, seen from its own folder.")
    private @Nullable Path folder;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where progress is remembered. Without it: $XDG_STATE_HOME/spate or ~/.local/state/spate.")
    private @Nullable Path state;

    @Override
    public Integer call() throws CommandFailure {
        Descriptor descriptor = DescriptorDoor.read(source);
        Metainfo metainfo = DescriptorJoinCommand.metainfo(descriptor);
        Path data = folder != null
                ? folder
                : Optional.ofNullable(source.toAbsolutePath().getParent())
                        .orElse(Path.of(""))
                        .resolve(descriptor.path())
                        .normalize();
        if (!Files.isRegularFile(data.resolve(metainfo.name()))) {
            throw new CommandFailure(
                    ExitCode.NOT_FOUND,
                    "the file " + TorrentFacts.plain(metainfo.name()) + " is not in " + TorrentSource.shown(data),
                    "Name its folder with --data; to download it, use spate descriptor join.");
        }
        DescriptorNews news = new DescriptorNews(output);
        try (Progress progress = output.progress()) {
            List<PeerAddress> neighbours = door.neighbours(descriptor.nodes(), progress::say);
            InetSocketAddress place = door.place(neighbours);
            try (Interrupts interrupts = Interrupts.listen(progress::restore);
                    DescriptorMember member = DescriptorMember.start(
                            descriptor,
                            metainfo,
                            neighbours,
                            place,
                            AddOptions.into(data.toAbsolutePath()),
                            state,
                            news);
                    Attendant attendant = new Attendant(member.session(), progress, interrupts)) {
                return run(descriptor, member, attendant, progress, news).number();
            }
        }
    }

    private ExitCode run(
            Descriptor descriptor,
            DescriptorMember member,
            Attendant attendant,
            Progress progress,
            DescriptorNews news) {
        Torrent torrent = member.torrent();
        CompletableFuture<Void> never = new CompletableFuture<>();
        if (!attendant.attend(
                List.of(torrent), never, looks -> looks.getFirst().stats().state() != TorrentState.CHECKING)) {
            return ExitCode.INTERRUPTED;
        }
        TorrentStats stats = torrent.stats();
        if (stats.failure().isEmpty()) {
            progress.aside(() -> announce(descriptor, member));
            if (!stats.isComplete() && !output.json()) {
                progress.say(Quantities.percent(stats.flushedBytes(), stats.totalBytes())
                        + " of the file is as the descriptor says; the rest is wanted from others");
            }
        }
        Predicate<List<Look>> failed = looks -> {
            news.show(progress);
            return looks.getFirst().stats().state() == TorrentState.FAILED;
        };
        if (!attendant.attend(List.of(torrent), never, failed)) {
            progress.say("stopped");
            return ExitCode.INTERRUPTED;
        }
        throw torrent.stats().failure().orElseThrow();
    }

    private void announce(Descriptor descriptor, DescriptorMember member) {
        String node = NetworkOptions.shown(member.node().localAddress());
        TorrentStats stats = member.torrent().stats();
        output.out()
                .println(
                        output.json()
                                ? new Json()
                                        .put("type", "ready")
                                        .put("name", member.torrent().name())
                                        .put("hashKey", descriptor.key())
                                        .put("infoHash", member.torrent().infoHash())
                                        .put("node", node)
                                        .put("complete", stats.isComplete())
                                : "sharing "
                                        + TorrentFacts.plain(member.torrent().name()) + " (" + descriptor.key()
                                        + ") at " + node);
        output.out().flush();
    }
}
