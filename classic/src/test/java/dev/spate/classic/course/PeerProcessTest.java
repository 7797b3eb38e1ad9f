package dev.spate.classic.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spate.classic.course.peer.Ending;
import dev.spate.classic.course.setup.PeerLine;
import dev.spate.classic.course.setup.PeerList;
import dev.spate.classic.course.wire.Deviation;
import dev.spate.classic.course.wire.Dialect;
import dev.spate.wire.PieceLayout;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process with its files and its port: what it refuses to start with, and what it stands. */
@Timeout(60)
class PeerProcessTest {
    @TempDir
    private Path home;

    private final LinkedBlockingQueue<String> notices = new LinkedBlockingQueue<>();

    private PeerOptions options() {
        return new PeerOptions(Dialect.STRICT, Duration.ofMinutes(1), 1, notices::add);
    }

    private CourseException.Kind refusal(CourseSetup setup, int id) {
        try (PeerProcess started = PeerProcess.start(setup, id, options())) {
            throw new AssertionError("it started: " + started.id());
        } catch (CourseException e) {
            assertThat(e.remedy()).isNotEmpty();
            return e.kind();
        }
    }

    @Test
    void aWholeNetworkRunsInOneProcess() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 5, 2, 74);
        PeerOptions auto = new PeerOptions(null, Duration.ofMinutes(1), 1, notices::add);
        try (LocalPeers peers = LocalPeers.start(setup, auto)) {
            assertThat(peers.over().get(50, TimeUnit.SECONDS)).isEmpty();
            assertThat(peers.looks()).hasSize(5);
        }
        assertThat(RunLogs.check(setup).findings()).isEmpty();
        assertThat(RunLogs.differingFiles(setup)).isEmpty();
    }

    /** Neighbours try again and again, so they may be at the port before the peer is ready. */
    @Test
    void whoKnocksWhileItStartsIsHeard() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        PeerLine line = setup.line(1001);
        for (int round = 0; round < 5; round++) {
            CompletableFuture<byte[]> greeting = CompletableFuture.supplyAsync(() -> knock(line));
            try (PeerProcess _ = PeerProcess.start(setup, 1001, options())) {
                assertThat(greeting.get(30, TimeUnit.SECONDS))
                        .startsWith("P2PFILESHARINGPROJ".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Connects as soon as that is possible; what is said first. */
    private static byte[] knock(PeerLine line) {
        while (true) {
            try (Socket socket = new Socket(line.host(), line.port())) {
                return socket.getInputStream().readNBytes(32);
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aFileOfTheWrongSizeIsRefused() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        Files.write(setup.file(1001), new byte[1000]);
        Files.createDirectories(setup.peerFolder(1002));
        Files.write(setup.file(1002), new byte[7]);

        assertThat(refusal(setup, 1001)).isEqualTo(CourseException.Kind.WRONG_FILE);
        assertThat(refusal(setup, 1002)).isEqualTo(CourseException.Kind.WRONG_FILE);
        assertThat(setup.file(1002)).hasSize(7);
    }

    @Test
    void whatCannotStartSaysWhy() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        assertThat(refusal(setup, 1009)).isEqualTo(CourseException.Kind.NOT_FOUND);
        Files.delete(setup.file(1001));
        assertThat(refusal(setup, 1001)).isEqualTo(CourseException.Kind.NOT_FOUND);
        PeerLine line = setup.line(1002);
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.ofLiteral(line.host()), line.port()));
            assertThat(refusal(setup, 1002)).isEqualTo(CourseException.Kind.PORT_IN_USE);
        }
        Files.delete(home.resolve("Common.cfg"));
        assertThatExceptionOfType(CourseException.class)
                .isThrownBy(() -> CourseSetup.read(home))
                .matches(e -> e.kind() == CourseException.Kind.NOT_FOUND);
        Files.writeString(home.resolve("Common.cfg"), "FileSize x");
        assertThatExceptionOfType(CourseException.class)
                .isThrownBy(() -> CourseSetup.read(home))
                .matches(e -> e.kind() == CourseException.Kind.CONFIGURATION);
    }

    private static Socket connect(CourseSetup setup, int id) throws Exception {
        PeerLine line = setup.line(id);
        return new Socket(line.host(), line.port());
    }

    private static byte[] handshake(int id) {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        bytes.put("P2PFILESHARINGPROJ".getBytes(StandardCharsets.US_ASCII))
                .position(28)
                .putInt(id);
        return bytes.array();
    }

    /** Whatever a stranger says, it costs its connection and nothing else: the network still comes to its end. */
    @Test
    void strangersDoNoHarm() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        try (PeerProcess seed = PeerProcess.start(setup, 1001, options())) {
            for (byte[] nonsense : List.of(
                    "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), handshake(1001), handshake(77))) {
                try (Socket stranger = connect(setup, 1001)) {
                    stranger.getOutputStream().write(nonsense);
                    readToEnd(stranger);
                }
            }
            for (byte[] message : List.of(
                    new byte[] {0, 0, 0, 1, 9},
                    new byte[] {0, 0, 0, 5, 4, 0, 0, 0, 10},
                    new byte[] {127, 0, 0, 0, 7, 0, 0, 0, 0},
                    new byte[] {0, 0, 0, 9, 7, 0, 0, 0, 0, 1, 2, 3, 4})) {
                try (Socket stranger = connect(setup, 1001)) {
                    stranger.getOutputStream().write(handshake(1002));
                    stranger.getOutputStream().write(message);
                    readToEnd(stranger);
                }
            }
            try (PeerProcess leech = PeerProcess.start(setup, 1002, options())) {
                leech.ending().get(40, TimeUnit.SECONDS);
                seed.ending().get(40, TimeUnit.SECONDS);
            }
        }
        assertThat(setup.file(1002)).hasSameBinaryContentAs(setup.file(1001));
        assertThat(notices).hasSizeGreaterThanOrEqualTo(7);
    }

    private static void readToEnd(Socket stranger) {
        try {
            stranger.getInputStream().readAllBytes();
        } catch (IOException reset) {
            // That is an end as well.
        }
    }

    /** A neighbour of another dialect, by hand: it gets what it asks for, in its own words. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersInTheDialectThatItHears(boolean countsType) throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        int type = countsType ? 1 : 0;
        PeerOptions auto = new PeerOptions(null, Duration.ofMinutes(1), 1, notices::add);
        try (PeerProcess seed = PeerProcess.start(setup, 1001, auto);
                Socket leech = connect(setup, 1001)) {
            leech.getOutputStream().write(handshake(1002));
            leech.getOutputStream().write(new byte[] {0, 0, 0, (byte) (2 + type), 5, 0, 0});
            leech.getOutputStream().write(new byte[] {0, 0, 0, (byte) type, 2});
            DataInputStream in = new DataInputStream(leech.getInputStream());
            in.readNBytes(32);
            assertThat(in.readInt()).isEqualTo(2 + type);
            assertThat(in.readNBytes(3)).containsExactly(5, 0xff, 0xc0);
            assertThat(in.readInt()).isEqualTo(type);
            assertThat(in.read()).as("not interested").isEqualTo(3);
            assertThat(in.readInt()).isEqualTo(type);
            assertThat(in.read()).as("unchoke").isEqualTo(1);
            leech.getOutputStream().write(new byte[] {0, 0, 0, (byte) (4 + type), 6, 0, 0, 0, 3});
            assertThat(in.readInt()).isEqualTo(4 + type + CourseFolder.PIECE);
            assertThat(in.read()).isEqualTo(7);
            assertThat(in.readInt()).isEqualTo(3);
            byte[] content = CourseFolder.content(setup.common().layout().totalLength());
            assertThat(in.readNBytes(CourseFolder.PIECE))
                    .isEqualTo(Arrays.copyOfRange(content, 3 * CourseFolder.PIECE, 4 * CourseFolder.PIECE));
            assertThat(seed.id()).isEqualTo(1001);
        }
    }

    /** Every point in which neighbours may differ, at once, when it is named: what comes and what goes. */
    @Test
    void speaksTheDialectThatIsNamed() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        PeerOptions named = new PeerOptions(
                Dialect.of(Deviation.PAYLOAD_LENGTH, Deviation.LITTLE_ENDIAN, Deviation.ASCII_ID),
                Duration.ofMinutes(1),
                1,
                notices::add);
        try (PeerProcess seed = PeerProcess.start(setup, 1001, named);
                Socket leech = connect(setup, 1001)) {
            leech.getOutputStream().write("P2PFILESHARINGPROJ00000000001002".getBytes(StandardCharsets.US_ASCII));
            leech.getOutputStream().write(new byte[] {0, 0, 0, 0, 2});
            DataInputStream in = new DataInputStream(leech.getInputStream());
            in.readNBytes(28);
            assertThat(in.readNBytes(4)).isEqualTo("1001".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readNBytes(7)).containsExactly(2, 0, 0, 0, 5, 0xff, 0xc0);
            assertThat(in.readNBytes(5)).as("unchoke").containsExactly(0, 0, 0, 0, 1);
            leech.getOutputStream().write(new byte[] {4, 0, 0, 0, 6, 3, 0, 0, 0});
            assertThat(in.readNBytes(9)).as("piece").containsExactly(4, 64, 0, 0, 7, 3, 0, 0, 0);
            assertThat(seed.id()).isEqualTo(1001);
        }
        CourseSetup many = new CourseSetup(
                home, setup.common(), new PeerList(List.of(new PeerLine(10_001, "127.0.0.1", 6001, true))));
        assertThatExceptionOfType(CourseException.class)
                .isThrownBy(() -> PeerProcess.start(many, 10_001, named))
                .withMessageContaining("10001")
                .matches(e -> e.kind() == CourseException.Kind.CONFIGURATION);
    }

    /** One that writes its integers the other way round and fills its last piece up: the file has its size all the same. */
    @Test
    void getsTheFileFromOneThatPadsItsLastPiece() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 3);
        PeerOptions auto = new PeerOptions(null, Duration.ofMinutes(1), 1, notices::add);
        PieceLayout layout = setup.common().layout();
        byte[] content = Arrays.copyOf(CourseFolder.content(layout.totalLength()), 3 * CourseFolder.PIECE);
        PeerLine line = setup.line(1001);
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral(line.host()), line.port()));
            try (PeerProcess leech = PeerProcess.start(setup, 1002, auto);
                    Socket socket = server.accept()) {
                ByteBuffer out = ByteBuffer.allocate(64 + CourseFolder.PIECE).order(ByteOrder.LITTLE_ENDIAN);
                out.put("P2PFILESHARINGPROJ".getBytes(StandardCharsets.US_ASCII))
                        .put(new byte[10])
                        .putInt(1001);
                out.putInt(2).put((byte) 5).put((byte) 0xe0);
                out.putInt(1).put((byte) 1);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                int served = 0;
                while (served < 3) {
                    socket.getOutputStream().write(out.array(), 0, out.position());
                    out.clear();
                    if (served == 0) {
                        in.skipNBytes(32);
                    }
                    int piece = nextRequest(in);
                    out.putInt(5 + CourseFolder.PIECE).put((byte) 7).putInt(piece);
                    out.put(content, piece * CourseFolder.PIECE, CourseFolder.PIECE);
                    served++;
                }
                socket.getOutputStream().write(out.array(), 0, out.position());
                socket.shutdownOutput();
                assertThat(leech.ending().get(40, TimeUnit.SECONDS)).isInstanceOf(Ending.AllComplete.class);
            }
        }
        assertThat(setup.file(1002)).hasSameBinaryContentAs(setup.file(1001));
    }

    /** Passes over all else; all is little-endian. */
    private static int nextRequest(DataInputStream in) throws IOException {
        while (true) {
            int length = Integer.reverseBytes(in.readInt());
            int type = in.read();
            if (type == 6) {
                return Integer.reverseBytes(in.readInt());
            }
            in.skipNBytes(length - 1);
        }
    }

    /** Where groups keep their files in folders with nothing but the id, so does Spate. */
    @Test
    void findsFoldersWithoutThePrefix() throws Exception {
        CourseSetup made = CourseFolder.make(home, 2, 1, 10);
        assertThat(CourseSetup.read(home).peerFolder(1001)).isEqualTo(home.resolve("peer_1001"));
        Files.move(home.resolve("peer_1001"), home.resolve("1001"));
        CourseSetup setup = CourseSetup.read(home);
        try (LocalPeers peers = LocalPeers.start(setup, options())) {
            assertThat(peers.over().get(40, TimeUnit.SECONDS)).isEqualTo(Map.of());
        }
        assertThat(home.resolve("1002").resolve("thefile")).hasSameBinaryContentAs(setup.file(1001));
        assertThat(made.peerFolder(1002)).doesNotExist();
        assertThat(RunLogs.differingFiles(setup)).isEmpty();
        Files.createDirectory(home.resolve("peer_1003"));
        assertThat(CourseSetup.read(home).bareFolders())
                .as("a folder of nobody")
                .isTrue();
        Files.createDirectory(home.resolve("peer_1002"));
        assertThat(CourseSetup.read(home).bareFolders()).isFalse();
    }

    /** What is on disk counts as far as it is what was written; the rest is fetched anew. */
    @Test
    void resumesWhatIsReallyThere() throws Exception {
        CourseSetup setup = CourseFolder.make(home, 2, 1, 10);
        PeerLine leech = setup.line(1002);
        Files.createDirectories(setup.peerFolder(1002));
        byte[] content = CourseFolder.content(setup.common().layout().totalLength());
        try (PieceFile file = PieceFile.open(setup, leech)) {
            assertThat(file.have().isEmpty()).isTrue();
            for (int piece : List.of(2, 5, 9)) {
                int length = setup.common().layout().length(piece);
                ByteBuffer bytes = ByteBuffer.allocateDirect(length);
                bytes.put(content, piece * CourseFolder.PIECE, length).flip();
                var crc = new CRC32C();
                crc.update(bytes.duplicate());
                file.write(piece, 0, bytes);
                file.stored(piece, (int) crc.getValue());
            }
            file.record();
        }
        Path part = setup.peerFolder(1002).resolve("thefile.part");
        byte[] damaged = Files.readAllBytes(part);
        damaged[5 * CourseFolder.PIECE + 1] ^= 1;
        Files.write(part, damaged);
        Path journal = setup.peerFolder(1002).resolve("thefile.part.pieces");
        Files.write(journal, new byte[] {0, 0, 0}, StandardOpenOption.APPEND);

        try (PieceFile file = PieceFile.open(setup, leech)) {
            assertThat(file.have().count()).isEqualTo(2);
            assertThat(file.have().contains(5)).isFalse();
        }
        try (LocalPeers peers = LocalPeers.start(setup, options())) {
            assertThat(peers.over().get(40, TimeUnit.SECONDS)).isEqualTo(Map.of());
        }
        assertThat(setup.file(1002)).hasBinaryContent(content);
        assertThat(part).doesNotExist();
        assertThat(journal).doesNotExist();
    }
}
