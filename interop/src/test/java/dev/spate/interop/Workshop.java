package dev.spate.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The place where one test works: its folders, and the programs it starts.
 *
 * <p>When the test is over every program and its children are ended, also after a failure or an interrupt. What a failed test
 * leaves (logs and configuration, no payload) is kept in {@code target/logs}.
 */
final class Workshop implements BeforeEachCallback, AfterEachCallback {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    static final Duration TRANSFER_LIMIT = Duration.ofMinutes(2);

    /** A client or Spate, listening on 127.0.0.1. */
    record Peer(String name, int port, Path folder, boolean makesEmptyFiles, Program program) {

        String address() {
            return "127.0.0.1:" + port;
        }
    }

    private final List<Program> programs = new ArrayList<>();
    private Path root = Path.of("unset");
    private String test = "";
    private int started;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        test = (context.getRequiredTestClass().getSimpleName() + " "
                        + context.getRequiredTestMethod().getName() + " " + context.getDisplayName())
                .replaceAll("[^A-Za-z0-9]+", "-");
        Path work = Files.createDirectories(RealClient.module().resolve("target/work"));
        root = Files.createTempDirectory(work, "");
        // A killed test run must not leave clients behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::closePrograms));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        closePrograms();
        if (context.getExecutionException().isPresent()) {
            keepLogs();
        }
        delete(root);
    }

    /** A new empty folder. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(++started + "-" + name));
    }

    /** A torrent and its payload. Nobody listens at its tracker; rtorrent takes no torrent that names none. */
    Torrent torrent(Payload payload) throws IOException {
        return Torrent.make(payload, "http://127.0.0.1:9/announce", folder("torrent"));
    }

    /**
     * A torrent and its payload, and its tracker, which runs.
     *
     * @param scheme of the tracker's address: {@code http} or {@code udp}
     */
    RealTracker.Running tracker(RealTracker kind, String scheme, Payload payload) throws Exception {
        Path home = folder(kind.toString());
        int port = Ports.free();
        Torrent torrent = Torrent.make(payload, scheme + "://127.0.0.1:" + port + "/announce", folder("torrent"));
        Program program = keep(Program.start(kind.toString(), kind.command(port, torrent, home), home));
        var running = new RealTracker.Running(kind, port, torrent, program);
        Waiting.until(running::isUp, START_LIMIT, () -> kind + " does not answer\n" + program.tail());
        return running;
    }

    /** Starts a client that has nothing of the torrent yet, and waits until it listens. */
    Peer leech(RealClient client, Torrent torrent) throws Exception {
        return start(client, torrent, folder(client + "-leech"), Ports.free(), 0);
    }

    /** Starts a client at the payload itself, and waits until it says that it has all pieces. */
    Peer seed(RealClient client, Torrent torrent) throws Exception {
        return start(client, torrent, torrent.source(), Ports.free(), torrent.pieces());
    }

    /** Starts a client and waits until it says that it has at least so many pieces. */
    Peer start(RealClient client, Torrent torrent, Path folder, int port, int pieces) throws Exception {
        Peer peer = launch(client, torrent, torrent.file().toString(), folder, port, 0);
        awaitPieces(peer, torrent, pieces);
        return peer;
    }

    /** Starts a client that knows nothing of the torrent but its magnet link; nothing is waited for. */
    Peer leechByMagnet(RealClient client, Torrent torrent, String link) throws Exception {
        return leechByDht(client, torrent, link, 0);
    }

    /** As {@link #leechByMagnet}, and it begins with a DHT node. */
    Peer leechByDht(RealClient client, Torrent torrent, String link, int dhtNode) throws Exception {
        return launch(client, torrent, link, folder(client + "-leech"), Ports.free(), dhtNode);
    }

    /** As {@link #seed}, and it announces itself by a DHT node. */
    Peer seedByDht(RealClient client, Torrent torrent, int dhtNode) throws Exception {
        Peer peer = launch(client, torrent, torrent.file().toString(), torrent.source(), Ports.free(), dhtNode);
        awaitPieces(peer, torrent, torrent.pieces());
        return peer;
    }

    private Peer launch(RealClient client, Torrent torrent, String source, Path folder, int port, int dhtNode)
            throws Exception {
        Path home = folder(client + "-home");
        ProcessBuilder command = client.command(new RealClient.Place(torrent, source, folder, port, dhtNode, home));
        Program program = keep(Program.start(client.toString(), command, home));
        return new Peer(client.toString(), port, folder, client.makesEmptyFiles(), program);
    }

    /** Starts Spate in the background; the arguments are those of the command line. */
    Program spate(String... arguments) throws IOException {
        Path home = folder("spate-" + arguments[0]);
        var command = new ArrayList<>(
                List.of(RealClient.module().resolveSibling("spate").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        // Saved sessions and settings of the person who runs the tests stay out of it.
        builder.environment().put("HOME", home.toString());
        builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
        builder.environment().put("XDG_CONFIG_HOME", home.resolve("config").toString());
        return keep(Program.start("spate " + arguments[0], builder, home));
    }

    /** Starts {@code spate get} into the folder. */
    Peer spateGet(Torrent torrent, Path folder, String... options) throws IOException {
        return spateGet(torrent.file().toString(), folder, options);
    }

    /** Starts {@code spate get} of a torrent file or a magnet link. */
    Peer spateGet(String source, Path folder, String... options) throws IOException {
        int port = Ports.free();
        var arguments =
                new ArrayList<>(List.of("get", source, "-o", folder.toString(), "--listen", "127.0.0.1:" + port));
        arguments.addAll(List.of(options));
        return new Peer("spate get", port, folder, true, spate(arguments.toArray(String[]::new)));
    }

    /** Starts {@code spate seed} for the payload in the folder, and waits until it says that it has all pieces. */
    Peer spateSeed(Torrent torrent, Path folder, String... options) throws Exception {
        int port = Ports.free();
        var arguments = new ArrayList<>(
                List.of("seed", torrent.file().toString(), "-o", folder.toString(), "--listen", "127.0.0.1:" + port));
        arguments.addAll(List.of(options));
        var peer = new Peer("spate seed", port, folder, true, spate(arguments.toArray(String[]::new)));
        awaitPieces(peer, torrent, torrent.pieces());
        return peer;
    }

    /** Starts {@code spate dht node}; the port of 127.0.0.1 at which it takes datagrams. */
    int spateDhtNode() throws Exception {
        int port = Ports.free();
        Path state = folder("node").resolve("dht.state");
        Program program =
                spate("dht", "node", "--listen", "127.0.0.1:" + port, "--state", state.toString(), "--every", "1s");
        Waiting.until(() -> program.output().contains("listening at 127.0.0.1:" + port), START_LIMIT, program::tail);
        return port;
    }

    void awaitPieces(Peer peer, Torrent torrent, int pieces) throws Exception {
        Waiting.until(
                () -> {
                    peer.program().mustBeAlive();
                    return WireLook.pieces(peer.port(), torrent) >= pieces;
                },
                START_LIMIT,
                () -> peer.name() + " does not have " + pieces + " pieces\n"
                        + peer.program().tail());
    }

    /** Waits until the tracker knows so many peers of its torrent. */
    void awaitPeers(RealTracker.Running tracker, int peers) throws Exception {
        Waiting.until(
                () -> tracker.peers() >= peers,
                START_LIMIT,
                () -> tracker.kind() + " does not know " + peers + " peers\n"
                        + tracker.program().tail());
    }

    /** Waits until the payload in the peer's folder is, byte for byte, that of the torrent. */
    void awaitCopy(Peer peer, Torrent torrent) throws Exception {
        Payload expected =
                peer.makesEmptyFiles() ? torrent.payload() : torrent.payload().withoutEmptyFiles();
        Waiting.until(
                () -> {
                    peer.program().mustBeAlive();
                    return expected.isSame(torrent.source(), peer.folder());
                },
                TRANSFER_LIMIT,
                () -> peer.name() + " has not got the payload\n"
                        + peer.program().tail());
    }

    /** Waits for the end of a {@code spate get}: success, and exactly the files of the payload. */
    void awaitGot(Peer peer, Torrent torrent) throws Exception {
        int exitCode = peer.program().exitCode(TRANSFER_LIMIT);
        if (exitCode != 0) {
            throw new AssertionError(
                    "spate get ended with " + exitCode + "\n" + peer.program().tail());
        }
        if (!torrent.payload().isSame(torrent.source(), peer.folder())) {
            throw new AssertionError("spate get ended well, but the payload differs\n"
                    + peer.program().tail());
        }
        try (Stream<Path> files = Files.walk(peer.folder())) {
            List<Path> expected = torrent.payload().paths(peer.folder()).toList();
            List<Path> others = files.filter(Files::isRegularFile)
                    .filter(file -> !expected.contains(file))
                    .toList();
            if (!others.isEmpty()) {
                throw new AssertionError("spate get left " + others);
            }
        }
    }

    /** Starts any command in a folder of its own. */
    Program start(String name, List<String> command, Path home) throws IOException {
        return keep(Program.start(name, new ProcessBuilder(command), home));
    }

    private Program keep(Program program) {
        programs.add(program);
        return program;
    }

    private void closePrograms() {
        programs.reversed().forEach(Program::close);
    }

    private void keepLogs() throws IOException {
        Path logs = RealClient.module().resolve("target/logs").resolve(test);
        delete(logs);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().matches(".*\\.(log|json|rc|conf)")) {
                    Path kept = logs.resolve(root.relativize(file).toString());
                    Path parent = kept.getParent();
                    if (parent != null) {
                        Files.createDirectories(parent);
                    }
                    Files.copy(file, kept);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
