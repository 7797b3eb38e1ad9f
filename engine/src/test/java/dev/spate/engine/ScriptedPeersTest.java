package dev.spate.engine;

import static dev.spate.engine.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageEncoder;
import dev.spate.wire.peer.Reserved;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session with a single lane, and peers on plain sockets that say what the test wants, byte by byte. */
@Timeout(120)
class ScriptedPeersTest {
    private static final int PIECE_LENGTH = 1 << 16;
    private static final Payload PAYLOAD = Payload.file("file.bin", 10 * PIECE_LENGTH, PIECE_LENGTH);

    @TempDir
    private Path folder;

    /** What stands at the other end. It knows no extensions, so that nothing comes that a test has to pass over. */
    private static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;

        Peer(Session session, int number) throws IOException {
            socket = new Socket();
            socket.setSoTimeout(60_000);
            socket.connect(session.listenAddresses().getFirst());
            in = new DataInputStream(socket.getInputStream());
            PeerId id = PeerId.random("-XX0000-", new SplittableRandom(number));
            ByteBuffer greeting = ByteBuffer.allocate(Handshake.LENGTH);
            new Handshake(Reserved.NONE, PAYLOAD.metainfo().infoHash().onTheWire(), id).encode(greeting);
            socket.getOutputStream().write(greeting.array());
        }

        void say(PeerMessage message) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(PeerMessageEncoder.length(message));
            PeerMessageEncoder.encode(message, bytes);
            socket.getOutputStream().write(bytes.array());
        }

        void readHandshake() throws IOException {
            in.skipNBytes(Handshake.LENGTH);
        }

        /** The next message of this type, without its length and type; others are passed over. */
        byte[] next(int type) throws IOException {
            while (true) {
                byte[] message = in.readNBytes(in.readInt());
                if (message.length > 0 && message[0] == type) {
                    return Arrays.copyOfRange(message, 1, message.length);
                }
            }
        }

        /** Reads to the end of what is sent; returns whether it came in peace or by a reset, either of which is an end. */
        boolean isAtItsEnd() {
            try {
                while (in.read() >= 0) {}
                return true;
            } catch (IOException e) {
                return socket.isConnected();
            }
        }

        void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final int UNCHOKE = 1;
    private static final int BITFIELD = 5;
    private static final int PIECE = 7;

    private Torrent seed(Session session) throws Exception {
        Torrent torrent = session.add(
                PAYLOAD.metainfo(),
                AddOptions.into(PAYLOAD.writeTo(folder.resolve("seed"))).withoutTrackers());
        assertThat(torrent.awaitCompletion(Duration.ofSeconds(60))).isTrue();
        return torrent;
    }

    private static Session oneLane() {
        return Session.open(SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .lanes(1)
                .build());
    }

    /** All fifty are there before the first of them asks, and each gets its block; whatever they say, one thread hears it. */
    @Test
    void servesFiftyPeersOnOneThread() throws Exception {
        List<Peer> peers = new ArrayList<>();
        try (Session session = oneLane()) {
            Torrent torrent = seed(session);
            session.rules().setUploadSlots(50);
            for (int i = 0; i < 50; i++) {
                peers.add(new Peer(session, i));
            }
            until(() -> torrent.stats().peers() == 50);
            for (Peer each : peers) {
                each.readHandshake();
                each.next(BITFIELD);
                each.say(new PeerMessage.Interested());
            }
            for (int i = 0; i < 50; i++) {
                peers.get(i).next(UNCHOKE);
                peers.get(i).say(new PeerMessage.Request(block(i)));
            }
            for (int i = 0; i < 50; i++) {
                ByteBuffer answer = ByteBuffer.wrap(peers.get(i).next(PIECE));
                BlockRange block = block(i);
                assertThat(answer.getInt()).isEqualTo(block.piece());
                assertThat(answer.getInt()).isEqualTo(block.begin());
                int offset = block.piece() * PIECE_LENGTH + block.begin();
                assertThat(answer.slice()).isEqualTo(ByteBuffer.wrap(PAYLOAD.content(), offset, block.length()));
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .filteredOn(name -> name.startsWith("spate-lane"))
                    .hasSize(1);
        } finally {
            for (Peer each : peers) {
                each.close();
            }
        }
    }

    private static BlockRange block(int number) {
        int place = number % 40;
        return new BlockRange(place / 4, place % 4 * PieceLayout.BLOCK_LENGTH, PieceLayout.BLOCK_LENGTH);
    }

    /** A peer that says nothing more asks for nothing more: it makes place at once, and the others are served on. */
    @Test
    void partsWithAPeerThatEndsItsHalfOfTheConnection() throws Exception {
        try (Session session = oneLane()) {
            Torrent torrent = seed(session);
            try (Peer half = new Peer(session, 1);
                    Peer whole = new Peer(session, 2)) {
                until(() -> torrent.stats().peers() == 2);
                half.say(new PeerMessage.Interested());
                half.endOutput();

                assertThat(half.isAtItsEnd()).isTrue();
                until(() -> torrent.stats().peers() == 1);
                whole.readHandshake();
                whole.say(new PeerMessage.Interested());
                whole.next(UNCHOKE);
                whole.say(new PeerMessage.Request(block(3)));
                assertThat(whole.next(PIECE)).hasSize(8 + PieceLayout.BLOCK_LENGTH);
            }
        }
    }

    @Test
    void partsWithAPeerThatEndsItsHalfBeforeItsHandshakeIsWhole() throws Exception {
        try (Session session = oneLane()) {
            Torrent torrent = seed(session);
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(60_000);
                socket.connect(session.listenAddresses().getFirst());
                socket.getOutputStream().write(19);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(torrent.stats().peers()).isZero();
        }
    }
}
