package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.cli.text.Quantities;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.metainfo.Metainfo;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate ping}: looks at one peer, step by step. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        description = {
            "Connects to a peer and tells how it answers: connection, handshake, extensions, pieces, time to unchoke.",
            "It ends well when the peer has answered the handshake."
        })
final class PingCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PEER", description = "HOST:PORT")
    private HostPort peer;

    @ArgGroup(multiplicity = "1")
    private @Nullable Swarm swarm;

    @Option(names = "--timeout", paramLabel = "TIME", description = "How long each step may take (default: 10s).")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--json", description = "Print JSON, one object a step.")
    private boolean json;

    /** Which swarm the peer is asked about. */
    static final class Swarm {
        @Option(names = "--torrent", paramLabel = "TORRENT", description = "A torrent file or the URL of one.")
        private @Nullable String torrent;

        @Option(names = "--info-hash", paramLabel = "HEX", description = "40 or 64 hexadecimal digits.")
        private @Nullable Digest infoHash;
    }

    @Override
    public Integer call() throws CommandFailure {
        Digest infoHash;
        Optional<Integer> pieces = Optional.empty();
        if (swarm != null && swarm.torrent != null) {
            Metainfo metainfo = TorrentSource.read(swarm.torrent);
            infoHash = metainfo.infoHash().onTheWire();
            pieces = Optional.of(metainfo.layout().pieces());
        } else if (swarm != null && swarm.infoHash != null) {
            infoHash = swarm.infoHash.truncated();
        } else {
            throw new IllegalStateException("one of the two was required");
        }
        boolean answered = new Ping(Addresses.peer(peer), infoHash, pieces, timeout, this::print).run();
        return (answered ? ExitCode.OK : ExitCode.UNREACHABLE).number();
    }

    private void print(Ping.Step step) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json line = new Json().put("step", step.name()).put("ok", step.ok());
            line.putDecimal("millis", step.time().toNanos() / 1e6);
            out.println(line.put(step.ok() ? "result" : "error", step.text()));
        } else {
            out.println(String.format(
                    "%-10s %8s  %s%s",
                    step.name(), Quantities.duration(step.time()), step.ok() ? "" : "failed: ", step.text()));
        }
        out.flush();
    }
}
