package dev.spate.cli;

import dev.spate.classic.descriptor.Descriptor;
import dev.spate.classic.descriptor.DescriptorNetwork;
import dev.spate.classic.descriptor.NodeOptions;
import dev.spate.classic.descriptor.NodeStats;
import dev.spate.cli.text.Json;
import dev.spate.cli.view.Progress;
import dev.spate.wire.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate descriptor node}: a neighbour without a file. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "Passes the questions of others on to its neighbours until Ctrl-C, whatever files they are about,",
            "and tells from time to time what it has done."
        })
final class DescriptorNodeCommand implements Callable<Integer> {

    @Mixin
    private DescriptorDoor door;

    @Mixin
    private OutputOptions output;

    @Parameters(
            arity = "0..1",
            paramLabel = "DESCRIPTOR",
            description = "A descriptor whose nodes are the neighbours; --node names others.")
    private @Nullable Path source;

    @Option(names = "--every", paramLabel = "TIME", description = "How often to tell what it has done (default: 10s).")
    private Duration every = Duration.ofSeconds(10);

    @Override
    public Integer call() throws CommandFailure {
        if (every.isZero() || every.isNegative()) {
            throw new CommandFailure(ExitCode.USAGE, "not a time to wait: " + every, "Write 1s or more.");
        }
        Descriptor descriptor = source == null ? null : DescriptorDoor.read(source);
        List<PeerAddress> neighbours;
        try (Progress progress = output.progress()) {
            neighbours = door.neighbours(descriptor == null ? List.of() : descriptor.nodes(), progress::say);
        }
        var options = new NodeOptions(door.place(neighbours), neighbours, null);
        try (Interrupts interrupts = Interrupts.listen(() -> {});
                DescriptorNetwork node = DescriptorDoor.open(options, null, event -> {})) {
            String shown = NetworkOptions.shown(node.localAddress());
            output.out()
                    .println(
                            output.json()
                                    ? new Json()
                                            .put("type", "ready")
                                            .put("node", shown)
                                            .put("neighbours", neighbours.size())
                                    : "listening at " + shown + ", " + neighbours.size()
                                            + (neighbours.size() == 1 ? " neighbour" : " neighbours"));
            output.out().flush();
            CompletableFuture<?> stop = interrupts.or(new CompletableFuture<Void>());
            while (!interrupts.await(stop, every)) {
                print(node.stats().join());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wish to stop cannot fail", e);
        }
        return ExitCode.OK.number();
    }

    private void print(NodeStats stats) {
        output.out()
                .println(
                        output.json()
                                ? new Json()
                                        .put("type", "node")
                                        .put("callsIn", stats.callsIn())
                                        .put("callsOut", stats.callsOut())
                                        .put("repliesIn", stats.repliesIn())
                                        .put("repliesOut", stats.repliesOut())
                                        .put("passedOn", stats.passedOn())
                                        .put("looped", stats.looped())
                                        .put("limited", stats.limited())
                                        .put("malformed", stats.malformed())
                                        .put("stray", stats.stray())
                                : "passed on " + stats.passedOn() + " walks; " + stats.callsIn() + " calls came, "
                                        + stats.looped() + " of walks seen before, " + stats.limited()
                                        + " too many; " + stats.malformed() + " datagrams made no sense");
        output.out().flush();
    }
}
