package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtOptions;
import dev.spate.engine.dht.DhtStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate dht node}: a node that serves others until Ctrl-C. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Runs a node of the DHT until Ctrl-C, and tells from time to time what it has done.")
final class DhtNodeCommand implements Callable<Integer> {

    private static final int MOST_ANSWERS = 1_000_000_000;

    @Mixin
    private DhtDoor door;

    @Option(names = "--read-only", description = "Answer nobody, and be put in no table (BEP 43).")
    private boolean readOnly;

    @Option(names = "--every", paramLabel = "TIME", description = "How often to tell what it has done (default: 10s).")
    private Duration every = Duration.ofSeconds(10);

    @Option(
            names = "--answers",
            paramLabel = "N",
            description = "How many queries of one source to answer a second (default: 20).")
    private int answers = DhtOptions.USUAL_ANSWERS;

    @Override
    public Integer call() throws CommandFailure {
        if (every.isZero() || every.isNegative()) {
            throw new CommandFailure(ExitCode.USAGE, "not a time to wait: " + every, "Write 1s or more.");
        }
        if (answers < 1 || answers > MOST_ANSWERS) {
            throw new CommandFailure(
                    ExitCode.USAGE, "not a number of answers: " + answers, "Write 1 to " + MOST_ANSWERS + ".");
        }
        CompletableFuture<Void> never = new CompletableFuture<>();
        try (Interrupts interrupts = Interrupts.listen(() -> {});
                Dht dht = door.open(readOnly, answers)) {
            for (InetSocketAddress address : dht.localAddresses()) {
                String shown = NetworkOptions.shown(address);
                door.out().println(door.json() ? new Json().put("listening", shown) : "listening at " + shown);
            }
            door.out().flush();
            CompletableFuture<?> stop = interrupts.or(never);
            while (!interrupts.await(stop, every)) {
                print(door.await(dht.stats()));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wish to stop cannot fail", e);
        }
        return ExitCode.OK.number();
    }

    private void print(DhtStatus stats) {
        door.out()
                .println(
                        door.json()
                                ? new Json()
                                        .put("nodesIpv4", stats.ipv4Nodes())
                                        .put("nodesIpv6", stats.ipv6Nodes())
                                        .put("queriesIn", stats.queriesIn())
                                        .put("answersOut", stats.answersOut())
                                        .put("queriesOut", stats.queriesOut())
                                        .put("answersIn", stats.answersIn())
                                        .put("timeouts", stats.timeouts())
                                        .put("peers", stats.storedPeers())
                                        .put("items", stats.storedItems())
                                : stats.ipv4Nodes() + " nodes of IPv4, " + stats.ipv6Nodes() + " of IPv6; answered "
                                        + stats.answersOut() + " of " + stats.queriesIn() + " queries, sent "
                                        + stats.queriesOut() + " with " + stats.answersIn() + " answers; keeps "
                                        + stats.storedPeers() + " peers and " + stats.storedItems() + " items");
        door.out().flush();
    }
}
