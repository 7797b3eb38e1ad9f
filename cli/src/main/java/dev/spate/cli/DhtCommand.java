package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.DhtListener;
import dev.spate.engine.dht.Found;
import dev.spate.engine.dht.Scrape;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate dht}: the commands that ask the DHT, and the node of its own. */
@Command(
        name = "dht",
        mixinStandardHelpOptions = true,
        description = "Asks the DHT, stores things in it, or runs a node of it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DhtNodeCommand.class, DhtGetCommand.class, DhtPutCommand.class, DhtNameCommand.class})
final class DhtCommand {
    private static final int MOST_CRAWLED = 1_000_000;

    @Command(
            name = "ping",
            mixinStandardHelpOptions = true,
            description = "Asks who is at an address, and tells the id and how long it took.")
    int ping(@Mixin DhtDoor door, @Parameters(paramLabel = "HOST:PORT", description = "The node.") HostPort node)
            throws CommandFailure {
        InetSocketAddress address = Addresses.resolve(node);
        try (Dht dht = door.open(true)) {
            long begin = System.nanoTime();
            Optional<NodeId> id = door.await(dht.ping(address));
            double millis = (System.nanoTime() - begin) / 1e6;
            if (id.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.UNREACHABLE, "nobody answers at " + node, "See whether it runs and takes UDP there.");
            }
            if (door.json()) {
                door.out()
                        .println(
                                new Json().put("node", node).put("id", id.get()).putDecimal("millis", millis));
            } else {
                door.out().println(String.format("%s  %s  %.1f ms", id.get(), node, millis));
            }
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "find",
            mixinStandardHelpOptions = true,
            description = "Looks for the nodes nearest to an id or info-hash.")
    int find(@Mixin DhtDoor door, @Parameters(paramLabel = "HEX", description = "40 digits.") Digest target)
            throws CommandFailure {
        try (Dht dht = door.join()) {
            Found found = door.await(dht.findPeers(target.truncated()));
            for (NodeInfo node : found.nearest()) {
                door.out()
                        .println(
                                door.json()
                                        ? new Json().put("id", node.id()).put("address", node.address())
                                        : node.id() + "  " + node.address());
            }
            return found.nearest().isEmpty() ? ExitCode.NO_PEERS.number() : ExitCode.OK.number();
        }
    }

    @Command(
            name = "peers",
            mixinStandardHelpOptions = true,
            description = "Looks for the peers of a swarm; with --count estimates how many there are (BEP 33).")
    int peers(
            @Mixin DhtDoor door,
            @Option(names = "--count", description = "Tell only how many seeds and other peers there seem to be.")
                    boolean count,
            @Parameters(paramLabel = "HASH", description = "The info-hash.") Digest infoHash)
            throws CommandFailure {
        try (Dht dht = door.join()) {
            if (count) {
                Scrape scrape = door.await(dht.scrape(infoHash.truncated()));
                door.out()
                        .println(
                                door.json()
                                        ? new Json()
                                                .put("seeds", scrape.seeds())
                                                .put("peers", scrape.peers())
                                        : scrape.seeds() + " seeds, " + scrape.peers() + " other peers");
                return ExitCode.OK.number();
            }
            List<PeerAddress> peers =
                    door.await(dht.findPeers(infoHash.truncated())).peers();
            for (PeerAddress peer : peers) {
                door.out().println(door.json() ? new Json().put("peer", peer) : peer);
            }
            return peers.isEmpty() ? ExitCode.NO_PEERS.number() : ExitCode.OK.number();
        }
    }

    @Command(
            name = "announce",
            mixinStandardHelpOptions = true,
            description = {
                "Announces a peer of a swarm at this machine, and prints the peers that were met.",
                "The nodes keep it for half an hour; with --keep it is announced again until Ctrl-C."
            })
    int announce(
            @Mixin DhtDoor door,
            @Option(names = "--port", required = true, paramLabel = "PORT", description = "Where the peer listens.")
                    int port,
            @Option(names = "--seed", description = "It has everything.") boolean seed,
            @Option(names = "--keep", description = "Announce again until Ctrl-C.") boolean keep,
            @Parameters(paramLabel = "HASH", description = "The info-hash.") Digest infoHash)
            throws CommandFailure {
        if (port < 1 || port > 65535) {
            throw new CommandFailure(ExitCode.USAGE, "not a port: " + port, "Write 1 to 65535.");
        }
        CompletableFuture<Integer> first = new CompletableFuture<>();
        DhtListener listener = new DhtListener() {
            @Override
            public void peersFound(List<PeerAddress> peers) {
                peers.forEach(peer -> door.out().println(door.json() ? new Json().put("peer", peer) : peer));
                door.out().flush();
            }

            @Override
            public void roundOver(int nodes) {
                first.complete(nodes);
            }
        };
        try (Dht dht = door.join()) {
            dht.announce(infoHash.truncated(), port, false, seed, listener);
            int nodes = door.await(first);
            tell(door, nodes);
            if (nodes > 0 && keep) {
                awaitInterrupt();
            }
            return (nodes > 0 ? ExitCode.OK : ExitCode.UNREACHABLE).number();
        }
    }

    private static void tell(DhtDoor door, int nodes) {
        if (door.json()) {
            door.out().println(new Json().put("nodes", nodes));
            door.out().flush();
        } else {
            door.err().println(nodes == 1 ? "1 node has taken it" : nodes + " nodes have taken it");
            door.err().flush();
        }
    }

    /** Waits for Ctrl-C. */
    static void awaitInterrupt() throws CommandFailure {
        try (Interrupts interrupts = Interrupts.listen(() -> {})) {
            interrupts.or(new CompletableFuture<>()).join();
        }
    }

    @Command(
            name = "sample",
            mixinStandardHelpOptions = true,
            description = "Prints info-hashes that nodes near a place store peers for (BEP 51).")
    int sample(
            @Mixin DhtDoor door,
            @Parameters(arity = "0..1", paramLabel = "HEX", description = "The place; without it, any.") Digest place)
            throws CommandFailure {
        NodeId near = place == null ? NodeId.random(new SecureRandom()) : NodeId.of(place.truncated());
        try (Dht dht = door.join()) {
            List<Digest> samples = door.await(dht.sample(near));
            samples.forEach(infoHash -> print(door, infoHash));
            return samples.isEmpty() ? ExitCode.NO_PEERS.number() : ExitCode.OK.number();
        }
    }

    @Command(
            name = "crawl",
            mixinStandardHelpOptions = true,
            description = "Takes samples at one place after the other, and prints each info-hash once.")
    int crawl(
            @Mixin DhtDoor door,
            @Option(
                            names = "--time",
                            paramLabel = "TIME",
                            defaultValue = "1m",
                            description = "For how long (default: 1m).")
                    Duration time,
            @Option(
                            names = "--most",
                            paramLabel = "N",
                            defaultValue = "10000",
                            description = "How many (default: 10000).")
                    int most)
            throws CommandFailure {
        if (most < 1 || most > MOST_CRAWLED) {
            throw new CommandFailure(
                    ExitCode.USAGE, "not a number to stop at: " + most, "Write 1 to " + MOST_CRAWLED + ".");
        }
        SecureRandom random = new SecureRandom();
        Set<Digest> seen = new HashSet<>();
        long end = System.nanoTime() + time.toNanos();
        int searches = 0;
        try (Dht dht = door.join()) {
            while (seen.size() < most && System.nanoTime() - end < 0) {
                searches++;
                for (Digest infoHash : door.await(dht.sample(NodeId.random(random)))) {
                    if (seen.size() < most && seen.add(infoHash)) {
                        print(door, infoHash);
                    }
                }
                door.out().flush();
            }
        }
        if (!door.json()) {
            door.err().println(seen.size() + " info-hashes in " + searches + " searches");
        }
        return ExitCode.OK.number();
    }

    private static void print(DhtDoor door, Digest infoHash) {
        door.out().println(door.json() ? new Json().put("infoHash", infoHash) : infoHash);
    }
}
