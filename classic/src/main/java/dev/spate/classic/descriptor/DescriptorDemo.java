package dev.spate.classic.descriptor;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A whole descriptor network on the loopback interface: a holder, three neighbours in a row that only pass questions on, and three
 * leeches that start from a descriptor which names the farthest of them. For one thread, used once.
 */
public final class DescriptorDemo implements AutoCloseable {
    private static final int NEIGHBOURS = 3;
    private static final int LEECHES = 3;
    private static final int PIECE_LENGTH = 1 << 16;
    private static final long PIECE_MEMORY = 8 << 20;
    private static final int CHUNK = 1 << 16;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Path folder;
    private final Consumer<String> say;
    private final List<DescriptorNetwork> nodes = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    /**
     * What came of it.
     *
     * @param nodes in all
     * @param leeches of them
     * @param size bytes of the file
     * @param complete whether every leech got it within the time
     * @param identical whether what they have is, byte for byte, what the holder has
     * @param time from the moment the first leech came until the last one was complete
     * @param datagrams that all nodes together sent
     */
    public record Report(
            int nodes, int leeches, long size, boolean complete, boolean identical, Duration time, long datagrams) {}

    /**
     * Prepares it.
     *
     * @param folder an empty folder for its files; the caller's to delete
     * @param say takes a sentence for each thing that happens; called by several threads, by one at a time
     */
    public DescriptorDemo(Path folder, Consumer<String> say) {
        this.folder = folder;
        this.say = sentence -> {
            synchronized (this) {
                say.accept(sentence);
            }
        };
    }

    /**
     * Runs it.
     *
     * @param size bytes of the file
     * @param limit after which it ends, complete or not
     */
    public Report run(long size, Duration limit) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("holder"));
        Path file = home.resolve("file.bin");
        make(file, size);
        Metainfo metainfo = TorrentBuilder.of(file)
                .pieceLength(PIECE_LENGTH)
                .isPrivate(true)
                .build();
        Descriptor made = Descriptor.of(metainfo, null, "holder", List.of());
        DescriptorNetwork node = member("the holder", made, List.of(), home);
        for (int i = 1; i <= NEIGHBOURS; i++) {
            node = open("neighbour " + i, new NodeOptions(anyPort(), List.of(addressOf(node)), null), null);
        }
        Path descriptorFile = folder.resolve("file.json");
        HostPort farthest =
                new HostPort(LOOPBACK.getHostAddress(), node.localAddress().getPort());
        Files.write(descriptorFile, made.withNodes(List.of(farthest)).toBytes());
        say.accept("the descriptor names one node, " + farthest + ", which has no file");

        Descriptor read = DescriptorFile.read(descriptorFile);
        long begin = System.nanoTime();
        for (int i = 1; i <= LEECHES; i++) {
            member("leech " + i, read, List.of(addressOf(node)), folder.resolve("leech-" + i));
        }
        boolean complete = await(limit);
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        boolean identical = complete;
        for (int i = 1; complete && i <= LEECHES; i++) {
            identical &= Files.mismatch(file, folder.resolve("leech-" + i).resolve("file.bin")) < 0;
        }
        long datagrams = 0;
        for (DescriptorNetwork each : nodes) {
            NodeStats stats = each.stats().join();
            datagrams += stats.callsOut() + stats.repliesOut();
        }
        return new Report(nodes.size(), LEECHES, size, complete, identical, time, datagrams);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(LOOPBACK, 0);
    }

    private static PeerAddress addressOf(DescriptorNetwork node) {
        return PeerAddress.of(node.localAddress());
    }

    private DescriptorNetwork member(String name, Descriptor descriptor, List<PeerAddress> neighbours, Path into)
            throws IOException {
        Session session = Session.open(SessionSettings.builder()
                .listen(anyPort())
                .lanes(1)
                .workers(1)
                .pieceMemory(PIECE_MEMORY)
                .build());
        sessions.add(session);
        Metainfo metainfo = descriptor.metainfo().orElseThrow();
        Torrent torrent = session.add(metainfo, AddOptions.into(into));
        Membership membership = new Membership(
                descriptor.key(),
                metainfo.infoHash().v1(),
                session.listenAddresses().getFirst().getPort(),
                PeerState.LEECH);
        return open(name, new NodeOptions(anyPort(), neighbours, membership), torrent);
    }

    private DescriptorNetwork open(String name, NodeOptions options, @Nullable Torrent torrent) throws IOException {
        Consumer<NetworkEvent> listener = event -> say.accept(name + ": " + event.words());
        DescriptorNetwork node = torrent == null
                ? DescriptorNetwork.open(options, listener)
                : DescriptorNetwork.open(options, torrent, listener);
        nodes.add(node);
        say.accept(name + " is at " + addressOf(node));
        return node;
    }

    private boolean await(Duration limit) throws InterruptedException {
        CompletableFuture<?>[] all = sessions.stream()
                .map(session -> session.torrents().getFirst().completion())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SpateException failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        }
    }

    private static void make(Path file, long size) throws IOException {
        SplittableRandom random = new SplittableRandom(size);
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= CHUNK) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(CHUNK, left));
            }
        }
    }

    /** Ends all nodes and sessions; the files stay. */
    @Override
    public void close() {
        nodes.forEach(DescriptorNetwork::close);
        sessions.forEach(Session::close);
    }
}
