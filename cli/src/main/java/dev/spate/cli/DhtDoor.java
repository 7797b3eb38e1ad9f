package dev.spate.cli;

import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtOptions;
import dev.spate.wire.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How the commands of {@code spate dht} come into the DHT. */
final class DhtDoor {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--node",
            paramLabel = "HOST:PORT",
            description = "A node to begin with, instead of the well-known ones; may be repeated.")
    private List<HostPort> nodes = new ArrayList<>();

    @Option(
            names = "--listen",
            paramLabel = "ADDR:PORT",
            description = "Where datagrams are taken. Without it: every address, a free port.")
    private @Nullable HostPort listen;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Where the nodes that were met are remembered. Without it: dht.state in the state folder of spate get.")
    private @Nullable Path state;

    @Option(names = "--timeout", paramLabel = "TIME", description = "How long each step may take (default: 30s).")
    private Duration timeout = Duration.ofSeconds(30);

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Starts a node. */
    Dht open(boolean readOnly) throws CommandFailure {
        return open(readOnly, DhtOptions.USUAL_ANSWERS);
    }

    /**
     * Starts a node.
     *
     * @param answers a second to each source, at least 1
     */
    Dht open(boolean readOnly, int answers) throws CommandFailure {
        InetSocketAddress place = listen == null ? new InetSocketAddress(0) : Addresses.resolve(listen);
        Path memory = state != null
                ? state
                : StateFolder.of(System.getenv(), System.getProperty("user.home"))
                        .resolve("dht.state");
        List<HostPort> begin = nodes;
        if (begin.isEmpty() && !place.getAddress().isLoopbackAddress()) {
            begin = Dht.ROUTERS;
        }
        try {
            DhtOptions options =
                    DhtOptions.at(List.of(place)).withRouters(begin).withState(memory);
            return Dht.open(readOnly ? options.asReadOnly() : options.answering(answers));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.PORT_IN_USE,
                    "cannot take datagrams at " + NetworkOptions.shown(place) + ": " + e.getMessage(),
                    "Choose another address or port with --listen.");
        }
    }

    /** Starts a node that answers nobody, and waits until it has met others. */
    Dht join() throws CommandFailure {
        Dht dht = open(true);
        try {
            await(dht.joined());
            return dht;
        } catch (CommandFailure e) {
            dht.close();
            if (e.exitCode() != ExitCode.UNREACHABLE) {
                throw e;
            }
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "no node of the DHT answers",
                    "Name one that runs with --node, and see whether UDP is let through.");
        }
    }

    /** Waits for what another thread does. */
    <T> T await(CompletableFuture<T> result) throws CommandFailure {
        try {
            return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE, "no result within the time given", "Give more with --timeout.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the node gave up", e);
        }
    }
}
