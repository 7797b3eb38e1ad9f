package dev.spate.engine.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Digest;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import dev.spate.wire.peer.PeerMessageEncoder;
import dev.spate.wire.peer.Reserved;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel over a connection of the loopback interface. */
@Timeout(60)
class StreamChannelTest {

    private static final Handshake HANDSHAKE = new Handshake(
            Reserved.NONE.withFast(), Digest.ofHex("ab".repeat(20)), PeerId.random("-XX0001-", new Random(1)));

    private ServerSocket listener;
    private MessageChannel ours;
    private Socket theirs;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PeerAddress place = new PeerAddress(listener.getInetAddress(), listener.getLocalPort());
        ours = connected(place);
        theirs = listener.accept();
    }

    private static MessageChannel connected(PeerAddress place) {
        if (PeerDialer.direct().dial(place, Duration.ofSeconds(10)) instanceof Dial.Dialed.Connected(var channel)) {
            return channel;
        }
        throw new AssertionError("not connected");
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        theirs.close();
        listener.close();
    }

    @Test
    void handshakesAndMessagesGoBothWays() throws Exception {
        MessageChannel other = new StreamChannel(theirs);
        ours.send(HANDSHAKE);
        ours.send(new PeerMessage.Interested());

        assertThat(other.handshake(soon())).isEqualTo(new MessageChannel.Heard.Said<>(HANDSHAKE));
        assertThat(message(other)).isEqualTo(new PeerMessage.Interested());
    }

    @Test
    void aMessageThatComesInPartsIsNotLostWhenTheTimeIsOver() throws Exception {
        theirs.getOutputStream().write(bytes(HANDSHAKE), 0, 30);
        assertThat(ours.handshake(ours.now() + Duration.ofMillis(50).toNanos()))
                .isInstanceOf(MessageChannel.Heard.Silence.class);
        theirs.getOutputStream().write(bytes(HANDSHAKE), 30, Handshake.LENGTH - 30);
        assertThat(ours.handshake(soon())).isEqualTo(new MessageChannel.Heard.Said<>(HANDSHAKE));

        byte[] have = bytes(new PeerMessage.Have(7));
        theirs.getOutputStream().write(have, 0, 6);
        assertThat(ours.next(ours.now() + Duration.ofMillis(50).toNanos()))
                .isInstanceOf(MessageChannel.Heard.Silence.class);
        theirs.getOutputStream().write(have, 6, have.length - 6);
        assertThat(message(ours)).isEqualTo(new PeerMessage.Have(7));
    }

    @Test
    void whatNobodyDefinedIsPassedOver() throws Exception {
        ByteBuffer unknown = ByteBuffer.allocate(4 + PeerMessageDecoder.MAX_LENGTH);
        unknown.putInt(PeerMessageDecoder.MAX_LENGTH).put((byte) 99);
        Thread talking = Thread.ofVirtual().start(() -> {
            try {
                theirs.getOutputStream().write(unknown.array());
                theirs.getOutputStream().write(bytes(new PeerMessage.Choke()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(message(ours)).isEqualTo(new PeerMessage.Unknown(99, PeerMessageDecoder.MAX_LENGTH - 1));
        assertThat(message(ours)).isEqualTo(new PeerMessage.Choke());
        talking.join();
    }

    @Test
    void aBitfieldIsAsLongAsItIs() throws Exception {
        PieceSet set = PieceSet.full(100_000);
        theirs.getOutputStream().write(bytes(new PeerMessage.Bitfield(set)));

        assertThat(message(ours)).isInstanceOf(PeerMessage.Bitfield.class).satisfies(message -> {
            PieceSet heard = ((PeerMessage.Bitfield) message).pieces();
            assertThat(heard.pieces()).isEqualTo(100_000);
            assertThat(heard.isFull()).isTrue();
        });
    }

    @Test
    void nonsenseIsNamed() throws Exception {
        theirs.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(ours.handshake(soon())).isInstanceOf(MessageChannel.Heard.Nonsense.class);

        assertThat(ours.next(soon()))
                .isInstanceOfSatisfying(
                        MessageChannel.Heard.Nonsense.class,
                        nonsense -> assertThat(nonsense.reason()).startsWith("message of "));
    }

    @Test
    void whoeverLeavesWaitsUntilItIsNoticed() throws Exception {
        Thread leaving = Thread.ofVirtual().start(() -> ours.leave(soon()));

        assertThat(theirs.getInputStream().read()).isEqualTo(-1);
        assertThat(leaving.isAlive()).isTrue();
        theirs.close();
        leaving.join();
    }

    @Test
    void aConnectionThatIsOverIsHeardOfAndNotSpokenTo() throws Exception {
        theirs.close();

        assertThat(ours.next(soon())).isInstanceOf(MessageChannel.Heard.Ended.class);
        ours.close();
        ours.send(new PeerMessage.Choke());
        assertThat(ours.next(soon())).isInstanceOf(MessageChannel.Heard.Ended.class);
    }

    @Test
    void whoeverDoesNotListenIsTold() throws Exception {
        listener.close();
        PeerAddress gone = new PeerAddress(listener.getInetAddress(), listener.getLocalPort());

        assertThat(PeerDialer.direct().dial(gone, Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        Dial.Dialed.Failed.class,
                        failed -> assertThat(failed.obstacle()).isEqualTo(Dial.Dialed.Obstacle.REFUSED));
    }

    private long soon() {
        return ours.now() + Duration.ofSeconds(30).toNanos();
    }

    private PeerMessage message(MessageChannel at) {
        if (at.next(soon()) instanceof MessageChannel.Heard.Said<MessageChannel.Spoken>(var spoken)) {
            return spoken.message();
        }
        throw new AssertionError("nothing was said");
    }

    private static byte[] bytes(Handshake handshake) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.LENGTH);
        handshake.encode(bytes);
        return bytes.array();
    }

    private static byte[] bytes(PeerMessage message) {
        ByteBuffer bytes = ByteBuffer.allocate(PeerMessageEncoder.length(message));
        PeerMessageEncoder.encode(message, bytes);
        return bytes.array();
    }
}
