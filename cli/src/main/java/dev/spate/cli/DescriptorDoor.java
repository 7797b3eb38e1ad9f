package dev.spate.cli;

import dev.spate.classic.descriptor.Descriptor;
import dev.spate.classic.descriptor.DescriptorFile;
import dev.spate.classic.descriptor.DescriptorNetwork;
import dev.spate.classic.descriptor.NetworkEvent;
import dev.spate.classic.descriptor.NodeOptions;
import dev.spate.engine.Torrent;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the commands of {@code spate descriptor} come into the network. */
final class DescriptorDoor {
    /** How long names of nodes may take, all at once. */
    private static final int LOOK_UP_SECONDS = 5;

    /** The most nodes whose names are looked up; those with addresses do not count. */
    private static final int MAX_NAMES = 200;

    @Option(
            names = "--listen",
            paramLabel = "ADDR:PORT",
            description =
                    "Where others reach us: an IPv4 address of this machine, as they are told of it; port 0 takes a free one. Without "
                            + "it: the address that leads to the first node, a free port.")
    private @Nullable HostPort listen;

    @Option(
            names = {"-n", "--node"},
            paramLabel = "HOST:PORT",
            description = "A node to ask besides those of the descriptor; may be repeated.")
    private List<HostPort> nodes = new ArrayList<>();

    /** Reads and validates a descriptor. */
    static Descriptor read(Path file) throws CommandFailure {
        String shown = TorrentSource.shown(file);
        try {
            if (Files.isDirectory(file)) {
                throw new CommandFailure(
                        ExitCode.BAD_TORRENT, shown + " is a folder, not a descriptor", "Name a descriptor file.");
            }
            return DescriptorFile.read(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no file " + shown, "Check the path.");
        } catch (AccessDeniedException e) {
            throw new CommandFailure(ExitCode.NOT_PERMITTED, shown + " may not be read", "Change its permissions.");
        } catch (FileSystemException e) {
            throw bad(shown, String.valueOf(e.getReason()));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FILE_TROUBLE, "cannot read " + shown + ": " + e.getMessage(), "Check the disk.");
        }
    }

    /** The library says the problem, a semicolon, and the remedy. */
    private static CommandFailure bad(String shown, String reason) {
        String plain = TorrentFacts.plain(reason);
        int semicolon = plain.lastIndexOf("; ");
        String remedy = semicolon < 0 ? "Get it anew from its maker" : plain.substring(semicolon + 2);
        return new CommandFailure(
                ExitCode.BAD_TORRENT,
                shown + " is not a descriptor that can be used: "
                        + (semicolon < 0 ? plain : plain.substring(0, semicolon)),
                Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + ".");
    }

    /**
     * The addresses of all nodes; names are looked up.
     *
     * @param say hears of those that have none
     */
    List<PeerAddress> neighbours(List<HostPort> named, Consumer<String> say) {
        Set<HostPort> all = new LinkedHashSet<>(nodes);
        all.addAll(named);
        List<CompletableFuture<Optional<PeerAddress>>> found = new ArrayList<>();
        int names = 0;
        for (HostPort node : all) {
            if (Addresses.isNumeric(node)) {
                found.add(CompletableFuture.completedFuture(address(node)));
            } else if (names++ < MAX_NAMES) {
                CompletableFuture<Optional<PeerAddress>> answer = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> answer.complete(address(node)));
                found.add(answer.completeOnTimeout(Optional.empty(), LOOK_UP_SECONDS, TimeUnit.SECONDS));
            } else {
                found.add(CompletableFuture.completedFuture(Optional.empty()));
            }
        }
        Set<PeerAddress> addresses = new LinkedHashSet<>();
        int i = 0;
        int nowhere = 0;
        for (HostPort node : all) {
            Optional<PeerAddress> address = found.get(i++).join();
            address.ifPresent(addresses::add);
            if (address.isEmpty() && nowhere++ < 10) {
                say.accept("the node " + TorrentFacts.plain(node.toString())
                        + " has no IPv4 address, which is what this network has room for; it is passed over");
            }
        }
        return List.copyOf(addresses);
    }

    private static Optional<PeerAddress> address(HostPort node) {
        try {
            for (InetAddress ip : InetAddress.getAllByName(node.host())) {
                if (ip instanceof Inet4Address && node.port() != 0) {
                    return Optional.of(new PeerAddress(ip, node.port()));
                }
            }
        } catch (UnknownHostException e) {
            // As one that has no address of the right kind.
        }
        return Optional.empty();
    }

    /** Where to take datagrams, and connections too. */
    InetSocketAddress place(List<PeerAddress> neighbours) throws CommandFailure {
        if (listen != null) {
            InetSocketAddress place = Addresses.resolve(listen);
            if (!(place.getAddress() instanceof Inet4Address)
                    || place.getAddress().isAnyLocalAddress()) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "others are told of the address of --listen, and " + listen + " is none that they could reach",
                        "Name one IPv4 address of this machine.");
            }
            return place;
        }
        for (PeerAddress neighbour : neighbours) {
            Optional<InetAddress> own = DescriptorNetwork.addressTowards(neighbour);
            if (own.isPresent()) {
                return new InetSocketAddress(own.get(), 0);
            }
        }
        throw new CommandFailure(
                ExitCode.USAGE,
                "there is no node that would show which of this machine's addresses others reach",
                "Give it with --listen ADDR:PORT.");
    }

    /** Starts a node. */
    static DescriptorNetwork open(NodeOptions options, @Nullable Torrent torrent, Consumer<NetworkEvent> events)
            throws CommandFailure {
        try {
            return torrent == null
                    ? DescriptorNetwork.open(options, events)
                    : DescriptorNetwork.open(options, torrent, events);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.PORT_IN_USE,
                    "cannot take datagrams at " + NetworkOptions.shown(options.listen()) + ": " + e.getMessage(),
                    "Choose another address or port with --listen.");
        }
    }
}
