package dev.spate.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageDecoder;
import dev.spate.wire.peer.PeerMessageEncoder;
import dev.spate.wire.peer.Reserved;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    private static final int PIECES = 100;
    private static final Handshake HANDSHAKE =
            new Handshake(Reserved.NONE, Digest.of(new byte[20]), PeerId.of(new byte[20]));

    private final PeerMessageDecoder decoder = new PeerMessageDecoder(PIECES);
    private final Recorder recorder = new Recorder();

    @Test
    void readsTheSameHoweverTheStreamIsCut() {
        Random random = new Random(20261121);
        ByteBuffer stream = ByteBuffer.allocate(200_000);
        HANDSHAKE.encode(stream);
        List<String> expected = new ArrayList<>(List.of("handshake"));
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(10) == 0) {
                putBlock(stream, new BlockRange(i % PIECES, 0, 1 + random.nextInt(2_000)), (byte) i);
                expected.add("block " + i % PIECES + " of " + (byte) i);
            } else {
                PeerMessage message = new PeerMessage.Have(random.nextInt(PIECES));
                put(stream, message);
                expected.add(message.toString());
            }
        }
        stream.flip();

        MessageReader reader = new MessageReader(decoder, false);
        while (stream.hasRemaining()) {
            int bytes = Math.min(stream.remaining(), 1 + random.nextInt(random.nextBoolean() ? 5 : 700));
            reader.read(stream.slice(stream.position(), bytes), recorder);
            stream.position(stream.position() + bytes);
        }

        assertThat(recorder.told).isEqualTo(expected);
    }

    @Test
    void dropsTheRestOfABlockThatIsNotWantedAnyMore() {
        ByteBuffer stream = ByteBuffer.allocate(1000);
        putBlock(stream, new BlockRange(3, 0, 500), (byte) 7);
        put(stream, new PeerMessage.Have(5));
        stream.flip();

        MessageReader reader = new MessageReader(decoder, true);
        reader.read(stream.slice(0, 100), recorder);
        reader.dropBlock();
        reader.read(stream.slice(100, stream.limit() - 100), recorder);

        assertThat(recorder.told).containsExactly(new PeerMessage.Have(5).toString());
        assertThat(recorder.payload).isEqualTo(500);
    }

    @Test
    void passesOverWhatNobodyKnows() {
        ByteBuffer stream = ByteBuffer.allocate(1000);
        stream.putInt(301).put((byte) 200).put(new byte[300]);
        put(stream, new PeerMessage.Have(5));
        stream.flip();

        MessageReader reader = new MessageReader(decoder, true);
        reader.read(stream.slice(0, 200), recorder);
        reader.read(stream.slice(200, stream.limit() - 200), recorder);

        assertThat(recorder.told).hasSize(2).last().isEqualTo(new PeerMessage.Have(5).toString());
        assertThat(recorder.payload).isZero();
    }

    @Test
    void stopsAtTheFirstThingThatMakesNoSense() {
        ByteBuffer stream = ByteBuffer.allocate(100);
        put(stream, new PeerMessage.Have(1));
        stream.put(new byte[] {0x7f, -1, -1, -1, 4, 0, 0, 0, 0});
        put(stream, new PeerMessage.Have(2));
        stream.flip();

        new MessageReader(decoder, true).read(stream, recorder);

        assertThat(recorder.told).hasSize(2).first().isEqualTo(new PeerMessage.Have(1).toString());
        assertThat(recorder.told.getLast()).startsWith("malformed");
    }

    @Test
    void readsNothingBehindAMessageThatClosedTheConnection() {
        ByteBuffer stream = ByteBuffer.allocate(100);
        put(stream, new PeerMessage.Have(1));
        put(stream, new PeerMessage.Have(2));
        stream.flip();
        recorder.closeAfter = 1;

        new MessageReader(decoder, true).read(stream, recorder);

        assertThat(recorder.told).containsExactly(new PeerMessage.Have(1).toString());
    }

    private static void put(ByteBuffer stream, PeerMessage message) {
        PeerMessageEncoder.encode(message, stream);
    }

    private static void putBlock(ByteBuffer stream, BlockRange block, byte fill) {
        put(stream, new PeerMessage.Piece(block));
        byte[] payload = new byte[block.length()];
        Arrays.fill(payload, fill);
        stream.put(payload);
    }

    private static final class Recorder implements MessageReader.Sink {
        private final List<String> told = new ArrayList<>();
        private int closeAfter = Integer.MAX_VALUE;
        private int payload;
        private ByteBuffer place = ByteBuffer.allocate(0);

        @Override
        public void handshake(Handshake handshake) {
            told.add("handshake");
        }

        @Override
        public void message(PeerMessage message) {
            told.add(message.toString());
        }

        @Override
        public boolean blockBegins(BlockRange block) {
            place = ByteBuffer.allocate(block.end());
            return true;
        }

        @Override
        public void payload(int begin, ByteBuffer part, BlockRange block) {
            payload += part.remaining();
            place.position(begin).put(part);
        }

        @Override
        public void dropped(int bytes) {
            payload += bytes;
        }

        @Override
        public void blockEnds(BlockRange block) {
            byte first = place.get(block.begin());
            for (int i = block.begin(); i < block.end(); i++) {
                assertThat(place.get(i)).isEqualTo(first);
            }
            told.add("block " + block.piece() + " of " + first);
        }

        @Override
        public void malformed(String reason) {
            told.add("malformed: " + reason);
        }

        @Override
        public boolean closed() {
            return told.size() >= closeAfter;
        }
    }
}
