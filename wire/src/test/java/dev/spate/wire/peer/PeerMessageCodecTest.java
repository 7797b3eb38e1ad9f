package dev.spate.wire.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.io.ByteArrayOutputStream;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMessageCodecTest {
    private static final PeerMessageDecoder DECODER = new PeerMessageDecoder(PeerMessages.PIECES);

    /** Bytes written down by hand from the tables of BEPs 3, 5, 6, 10 and 52. */
    static Stream<Arguments> vectors() {
        BlockRange block = new BlockRange(1, 0x4000, 0x4000);
        String root = "ab".repeat(32);
        PeerMessage.HashSpan span = new PeerMessage.HashSpan(Digest.ofHex(root), 0, 4, 2, 3);
        String spanHex = root + "00000000" + "00000004" + "00000002" + "00000003";
        Digest one = Digest.ofHex("11".repeat(32));
        Digest two = Digest.ofHex("22".repeat(32));
        Digest uncle = Digest.ofHex("33".repeat(32));
        return Stream.of(
                Arguments.of("00000000", new PeerMessage.KeepAlive()),
                Arguments.of("00000001 00", new PeerMessage.Choke()),
                Arguments.of("00000001 01", new PeerMessage.Unchoke()),
                Arguments.of("00000001 02", new PeerMessage.Interested()),
                Arguments.of("00000001 03", new PeerMessage.NotInterested()),
                Arguments.of("00000005 04 000003e8", new PeerMessage.Have(1000)),
                Arguments.of("0000000d 06 00000001 00004000 00004000", new PeerMessage.Request(block)),
                Arguments.of("00004009 07 00000001 00004000", new PeerMessage.Piece(block)),
                Arguments.of("0000000d 08 00000001 00004000 00004000", new PeerMessage.Cancel(block)),
                Arguments.of("00000003 09 1ae1", new PeerMessage.Port(6881)),
                Arguments.of("00000003 09 ffff", new PeerMessage.Port(65535)),
                Arguments.of("00000005 0d 00000007", new PeerMessage.SuggestPiece(7)),
                Arguments.of("00000001 0e", new PeerMessage.HaveAll()),
                Arguments.of("00000001 0f", new PeerMessage.HaveNone()),
                Arguments.of("0000000d 10 00000001 00004000 00004000", new PeerMessage.RejectRequest(block)),
                Arguments.of("00000005 11 00000007", new PeerMessage.AllowedFast(7)),
                Arguments.of("00000002 14 ff", new PeerMessage.Extended(255, ByteBuffer.allocate(0))),
                Arguments.of("00000004 14 00 6465", new PeerMessage.Extended(0, ByteBuffer.wrap(hex("6465")))),
                Arguments.of("00000031 15 " + spanHex, new PeerMessage.HashRequest(span)),
                Arguments.of(
                        "00000091 16 " + spanHex + one + two + uncle,
                        new PeerMessage.Hashes(span, List.of(one, two, uncle))),
                Arguments.of("00000031 17 " + spanHex, new PeerMessage.HashReject(span)),
                Arguments.of("00000003 63", new PeerMessage.Unknown(0x63, 2)));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void speaksTheBytesOfTheProposals(String hex, PeerMessage message) {
        byte[] bytes = hex(hex);

        assertThat(PeerMessages.encoded(message)).isEqualTo(bytes);
        assertThat(DECODER.decode(ByteBuffer.wrap(bytes))).isEqualTo(new Decoding.Decoded<>(message));
    }

    @Test
    void theFirstPieceIsTheHighestBitOfTheBitfield() {
        PieceSet set = new PieceSet(10);
        set.add(0);
        set.add(9);
        PeerMessage message = new PeerMessage.Bitfield(set);

        assertThat(PeerMessages.encoded(message)).isEqualTo(hex("00000003 05 8040"));
        assertThat(new PeerMessageDecoder(10).decode(ByteBuffer.wrap(hex("00000003 05 8040"))))
                .isEqualTo(new Decoding.Decoded<>(message));
    }

    @Test
    void theLongestBitfieldThereMayBeIsDecoded() {
        PeerMessage message = new PeerMessage.Bitfield(PieceSet.full(PieceLayout.MAX_PIECES));

        assertThat(new PeerMessageDecoder(PieceLayout.MAX_PIECES)
                        .decode(ByteBuffer.wrap(PeerMessages.encoded(message))))
                .isEqualTo(new Decoding.Decoded<>(message));
    }

    @Test
    void aTorrentWithoutPiecesHasAnEmptyBitfield() {
        assertThat(new PeerMessageDecoder(0).decode(ByteBuffer.wrap(hex("00000001 05"))))
                .isEqualTo(new Decoding.Decoded<>(new PeerMessage.Bitfield(new PieceSet(0))));
    }

    /**
     * Whatever part of a message has arrived, the decoder consumes nothing, asks for more than there is, and never for more
     * than the message (or its header) has; following its demands leads to the message.
     */
    @Test
    void asksForExactlyWhatIsMissingAtEachSplitPoint() {
        for (long seed = 0; seed < 50; seed++) {
            for (PeerMessage message : PeerMessages.oneOfEach(new Random(seed))) {
                byte[] bytes = PeerMessages.encoded(message);
                for (int there = 0; there < bytes.length; there++) {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, there);
                    var more = (Decoding.NeedMore<PeerMessage>) DECODER.decode(buffer);
                    assertThat(buffer.position()).isZero();
                    assertThat(more.bytes()).isGreaterThan(there).isLessThanOrEqualTo(bytes.length);
                    if (there >= MessageType.HEADER) {
                        assertThat(more.bytes()).isEqualTo(bytes.length);
                    }
                }
            }
        }
    }

    /** A stream of messages cut into arrivals of any size decodes to the same messages. */
    @Test
    void aStreamDecodesTheSameHoweverItIsCut() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<PeerMessage> sent = new ArrayList<>();
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int i = 0; i < 50; i++) {
                PeerMessage message = PeerMessages.any(random);
                sent.add(message);
                stream.writeBytes(PeerMessages.encoded(message));
                stream.writeBytes(new byte[message.payloadLength()]);
            }

            assertThat(receive(stream.toByteArray(), random))
                    .as("seed %d", seed)
                    .isEqualTo(sent);
        }
    }

    private static List<PeerMessage> receive(byte[] stream, Random random) {
        List<PeerMessage> received = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(stream);
        int arrived = 0;
        int skip = 0;
        while (arrived < stream.length) {
            arrived = Math.min(stream.length, arrived + 1 + random.nextInt(random.nextBoolean() ? 8 : 100_000));
            buffer.limit(arrived);
            while (true) {
                int skipped = Math.min(skip, buffer.remaining());
                buffer.position(buffer.position() + skipped);
                skip -= skipped;
                if (skip > 0
                        || !(DECODER.decode(buffer) instanceof Decoding.Decoded<PeerMessage>(PeerMessage message))) {
                    break;
                }
                received.add(message);
                skip = message.payloadLength();
            }
        }
        assertThat(buffer.hasRemaining()).isFalse();
        return received;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # lengths beyond the limit, known from the first four bytes
            00100001                              | message of 1048577 bytes
            ffffffff                              | message of 4294967295 bytes
            80000000                              | message of 2147483648 bytes
            # lengths that the type does not have, known from the first five
            00000002 00                           | type 0 with 1 bytes
            00000002 0e                           | type 14 with 1 bytes
            00000004 04                           | type 4 with 3 bytes
            00000006 04                           | type 4 with 5 bytes
            0000000c 06                           | type 6 with 11 bytes
            0000000e 08                           | type 8 with 13 bytes
            00000001 09                           | type 9 with 0 bytes
            00000005 09                           | type 9 with 4 bytes
            0000007e 05                           | type 5 with 125 bytes
            00000080 05                           | type 5 with 127 bytes
            00000001 14                           | type 20 with 0 bytes
            00000030 15                           | type 21 with 47 bytes
            00000031 16                           | type 22 with 48 bytes
            00000001 16                           | type 22 with 0 bytes
            00000052 16                           | type 22 with 81 bytes
            00000032 17                           | type 23 with 49 bytes
            # no block at all, or a longer one than there may be
            00000009 07                           | block of 0 bytes
            00000001 07                           | block of -8 bytes
            0002000a 07                           | block of 131073 bytes
            00100000 07                           | block of 1048567 bytes
            # numbers that the torrent does not have
            00000005 04 000003e9                  | no piece 1001 of 1001
            00000005 0d ffffffff                  | no piece 4294967295 of 1001
            00000005 11 80000000                  | no piece 2147483648 of 1001
            0000000d 06 000003e9 00000000 00004000 | piece 1001
            0000000d 06 00000000 00000000 00000000 | length 0
            0000000d 06 00000000 00000000 00020001 | length 131073
            0000000d 08 00000000 ffffffff 00004000 | begin 4294967295
            0000000d 10 00000000 03ffffff 00000002 | begin 67108863
            0000000d 06 00000000 7fffffff 00004000 | begin 2147483647
            00004009 07 000003e9 00000000          | piece 1001
            00004009 07 00000000 fffffff0          | begin 4294967280
            """)
    void refusesAHostileMessageAsSoonAsItCanBeKnown(String hex, String reason) {
        ByteBuffer buffer = ByteBuffer.wrap(hex(hex));

        var malformed = (Decoding.Malformed<PeerMessage>) DECODER.decode(buffer);

        assertThat(malformed.reason()).contains(reason);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void refusesABitfieldWithSpareBits() {
        var malformed = (Decoding.Malformed<PeerMessage>)
                new PeerMessageDecoder(10).decode(ByteBuffer.wrap(hex("00000003 05 8060")));

        assertThat(malformed).hasToString("spare bits of the bitfield are set (at byte 6)");
    }

    @ParameterizedTest
    @CsvSource({
        "00000032, 00000000, 00000002, 00000001", // layer 50
        "00000000, 00000001, 00000002, 00000001", // index between two spans
        "00000000, 00000000, 00000000, 00000001", // nothing
        "00000000, 00000000, 00000003, 00000001", // not a power of two
        "00000000, 00000000, 00004000, 00000001", // too many
        "00000000, 00000000, 80000000, 00000001",
        "00000000, ffffffff, 00000001, 00000001",
        "00000000, 00000000, 00000002, ffffffff",
    })
    void refusesHashesThatNoTreeHas(String baseLayer, String index, String length, String proofLayers) {
        byte[] bytes = hex("00000031 15 " + "00".repeat(32) + baseLayer + index + length + proofLayers);

        assertThat(DECODER.decode(ByteBuffer.wrap(bytes))).isInstanceOf(Decoding.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, false", "3, false", "4, true"})
    void hashesAreAsManyAsTheSpanAndItsUnclesAllow(int count, boolean refused) {
        String span = "00".repeat(32) + "00000000" + "00000000" + "00000002" + "00000001";
        String length = HexFormat.of().toHexDigits(1 + 48 + 32 * count);
        byte[] bytes = hex(length + "16" + span + "11".repeat(32 * count));

        assertThat(DECODER.decode(ByteBuffer.wrap(bytes)) instanceof Decoding.Malformed)
                .isEqualTo(refused);
    }

    /** Damaged streams decode or are refused, and keep what {@link PeerMessageFuzz} asks of every input. */
    @Test
    void survivesAnyDamage() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            stream.write(PeerMessages.PIECES / 7);
            for (int i = 0; i < 5; i++) {
                stream.writeBytes(PeerMessages.encoded(PeerMessages.any(random)));
            }
            byte[] bytes = stream.toByteArray();
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> PeerMessageFuzz.fuzzerTestOneInput(bytes))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void decodesAtAnyPositionOfADirectBuffer() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        buffer.position(7);
        PeerMessageEncoder.encode(new PeerMessage.Have(3), buffer);
        PeerMessageEncoder.encode(new PeerMessage.Choke(), buffer);
        buffer.flip().position(7);

        assertThat(DECODER.decode(buffer)).isEqualTo(new Decoding.Decoded<>(new PeerMessage.Have(3)));
        assertThat(buffer.position()).isEqualTo(16);
        assertThat(DECODER.decode(buffer)).isEqualTo(new Decoding.Decoded<>(new PeerMessage.Choke()));
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    void writesNothingWhereAMessageDoesNotFit() {
        for (PeerMessage message : PeerMessages.oneOfEach(new Random(1))) {
            ByteBuffer small = ByteBuffer.allocate(PeerMessageEncoder.length(message) - 1);

            assertThatThrownBy(() -> PeerMessageEncoder.encode(message, small))
                    .isInstanceOf(BufferOverflowException.class);
            assertThat(small.position()).isZero();
        }
    }

    @Test
    void anExtendedMessageMayBeSentToManyPeers() {
        PeerMessage message = new PeerMessage.Extended(3, ByteBuffer.wrap(new byte[] {1, 2, 3}));

        assertThat(PeerMessages.encoded(message)).isEqualTo(PeerMessages.encoded(message));
    }

    /** What is not whole must be kept, so that its length is what a stranger can make us keep. */
    @Test
    void passesOverLongMessagesThatNobodyNeeds() {
        for (int type : new int[] {MessageType.EXTENDED, MessageType.HASHES}) {
            for (int content : new int[] {PeerMessageDecoder.MAX_KEPT + 1, PeerMessageDecoder.MAX_LENGTH - 1}) {
                ByteBuffer header = ByteBuffer.allocate(MessageType.HEADER)
                        .putInt(1 + content)
                        .put((byte) type)
                        .flip();

                assertThat(DECODER.decode(header))
                        .isEqualTo(new Decoding.Decoded<>(new PeerMessage.Unknown(type, content)));
                assertThat(header.hasRemaining()).isFalse();
            }
        }
        ByteBuffer longest = ByteBuffer.allocate(MessageType.HEADER)
                .putInt(1 + PeerMessageDecoder.MAX_KEPT)
                .put((byte) MessageType.EXTENDED)
                .flip();
        assertThat(DECODER.decode(longest))
                .isEqualTo(new Decoding.NeedMore<>(MessageType.HEADER + PeerMessageDecoder.MAX_KEPT));
    }

    @Test
    void theReceiverOwnsThePayloadOfAnExtendedMessage() {
        byte[] bytes = hex("00000004 14 01 6465");
        var decoded = (Decoding.Decoded<PeerMessage>) DECODER.decode(ByteBuffer.wrap(bytes));
        bytes[6] = 0;

        assertThat(decoded.value()).isEqualTo(new PeerMessage.Extended(1, ByteBuffer.wrap(hex("6465"))));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
