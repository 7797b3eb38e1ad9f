package dev.spate.bench;

import dev.spate.classic.course.CourseSetup;
import dev.spate.classic.course.LocalPeers;
import dev.spate.classic.course.PeerOptions;
import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.wire.PieceLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A course's network of nine peers against one TCP stream that carries the file to each of the eight in turn, from disk to disk.
 *
 * <p>Arguments: an empty folder, bytes of the file, and {@code stream} or {@code course}. Prints a line with that word and its seconds.
 */
public final class CourseRace {
    private static final int PEERS = 9;
    private static final int PIECE = 16_384;
    private static final int AT_ONCE = 256 * 1024;
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private CourseRace() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        CourseSetup setup = setup(folder, Long.parseLong(arguments[1]));
        Files.createDirectories(setup.peerFolder(1));
        fill(setup.file(1), setup.common().layout().totalLength());
        boolean stream = arguments[2].equals("stream");
        System.out.printf(Locale.ROOT, "%s %.3f%n", arguments[2], stream ? stream(setup) : course(setup));
        System.exit(0);
    }

    private static double stream(CourseSetup setup) throws Exception {
        long begin = System.nanoTime();
        for (int id = 2; id <= PEERS; id++) {
            Path target = folder(setup, id);
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0))) {
                CompletableFuture<Void> received = CompletableFuture.runAsync(() -> receive(listener, target));
                try (SocketChannel socket = SocketChannel.open(listener.getLocalAddress());
                        FileChannel file = FileChannel.open(setup.file(1))) {
                    copy(file, socket);
                }
                received.join();
            }
        }
        return seconds(begin);
    }

    private static void receive(ServerSocketChannel listener, Path target) {
        try (SocketChannel socket = listener.accept();
                FileChannel file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copy(socket, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(AT_ONCE);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }

    private static double course(CourseSetup setup) throws Exception {
        long begin = System.nanoTime();
        PeerOptions options = new PeerOptions(null, Duration.ofMinutes(5), 1, System.err::println);
        try (LocalPeers peers = LocalPeers.start(setup, options)) {
            Map<Integer, String> failures = peers.over().get();
            if (!failures.isEmpty()) {
                throw new IllegalStateException(failures.toString());
            }
            return seconds(begin);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static Path folder(CourseSetup setup, int id) throws IOException {
        Files.createDirectories(setup.peerFolder(id));
        return setup.file(id);
    }

    private static CourseSetup setup(Path folder, long size) throws IOException {
        List<PeerLine> lines = new ArrayList<>();
        List<ServerSocket> taken = new ArrayList<>();
        for (int id = 1; id <= PEERS; id++) {
            ServerSocket free = new ServerSocket(0, 1, HERE);
            taken.add(free);
            lines.add(new PeerLine(id, HERE.getHostAddress(), free.getLocalPort(), id == 1));
        }
        for (ServerSocket each : taken) {
            each.close();
        }
        return new CourseSetup(
                folder, new Common(PEERS - 1, 1, 2, "thefile", new PieceLayout(size, PIECE)), new PeerList(lines));
    }

    private static void fill(Path file, long size) throws IOException {
        byte[] chunk = new byte[1 << 20];
        SplittableRandom random = new SplittableRandom(size);
        try (var out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(chunk.length, left));
            }
        }
    }
}
