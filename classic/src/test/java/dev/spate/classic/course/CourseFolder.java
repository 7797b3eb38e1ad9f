package dev.spate.classic.course;

import dev.spate.classic.course.setup.Common;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.wire.PieceLayout;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the folder of a network on loopback ports that are free. */
final class CourseFolder {
    static final int PIECE = 16_384;

    private CourseFolder() {}

    /** Every {@code peers / seeds}th peer has the file, the first one included. */
    static CourseSetup make(Path home, int peers, int seeds, int pieces) throws IOException {
        List<PeerLine> lines = new ArrayList<>();
        List<ServerSocket> taken = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            ServerSocket free = freePort();
            taken.add(free);
            lines.add(new PeerLine(1001 + i, "127.0.0.1", free.getLocalPort(), i % Math.ceilDiv(peers, seeds) == 0));
        }
        for (ServerSocket each : taken) {
            each.close();
        }
        long size = (long) pieces * PIECE - 10_392;
        CourseSetup setup = new CourseSetup(
                home, new Common(3, 1, 2, "thefile", new PieceLayout(size, PIECE)), new PeerList(lines));
        Files.writeString(home.resolve(Common.FILE), setup.common().text());
        Files.writeString(home.resolve(PeerList.FILE), setup.peers().text());
        byte[] content = content(size);
        for (PeerLine line : lines) {
            if (line.hasFile()) {
                Files.createDirectories(setup.peerFolder(line.id()));
                Files.write(setup.file(line.id()), content);
            }
        }
        return setup;
    }

    static byte[] content(long size) {
        byte[] content = new byte[Math.toIntExact(size)];
        new SplittableRandom(size).nextBytes(content);
        return content;
    }

    /** Below those that the system gives to whoever connects: a peer that starts early must not take a later one's. */
    private static ServerSocket freePort() throws IOException {
        while (true) {
            ServerSocket free = new ServerSocket();
            try {
                int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
                free.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
                return free;
            } catch (BindException taken) {
                free.close();
            }
        }
    }
}
