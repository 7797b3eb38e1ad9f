package dev.spate.classic.course.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bytes of the project text ("Protocol description"), and those of the dialects. */
class CodecTest {
    private static final PieceLayout LAYOUT = new PieceLayout(10_000_232, 32_768);
    private static final Dialect LOW_BIT = Dialect.of(Deviation.LOW_BIT);
    private static final Dialect LITTLE_ENDIAN = Dialect.of(Deviation.LITTLE_ENDIAN);

    /** All that there are: every set of deviations. */
    private static final List<Dialect> DIALECTS = dialects();

    private static List<Dialect> dialects() {
        List<Dialect> all = new ArrayList<>(List.of(Dialect.STRICT));
        for (Deviation each : Deviation.values()) {
            for (Dialect before : List.copyOf(all)) {
                all.add(before.with(each, true));
            }
        }
        return all;
    }

    private static MessageDecoder guessing(PieceLayout layout) {
        return MessageDecoder.guessing(layout, id -> id >= 1001 && id <= 1009);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String encoded(Message message, Dialect dialect, PieceLayout layout) {
        MessageEncoder encoder = new MessageEncoder(layout);
        ByteBuffer buffer = ByteBuffer.allocate(encoder.length(message));
        encoder.encode(message, dialect, buffer);
        return HexFormat.of().formatHex(buffer.array(), 0, buffer.position());
    }

    @Test
    void theHandshakeIsThirtyTwoBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        new Handshake(1001).encode(buffer);

        assertThat(HexFormat.of().formatHex(buffer.array()))
                .isEqualTo(HexFormat.of().formatHex("P2PFILESHARINGPROJ".getBytes(StandardCharsets.US_ASCII))
                        + "00".repeat(10) + "000003e9");
        assertThat(Handshake.decode(buffer.flip(), IdForm.HIGH_BYTE_FIRST))
                .isEqualTo(new Decoding.Decoded<>(new Handshake(1001)));
    }

    @Test
    void anIdIsWrittenInThreeForms() {
        for (IdForm form : IdForm.values()) {
            ByteBuffer buffer = ByteBuffer.allocate(32);
            new Handshake(1002, form).encode(buffer);
            assertThat(HexFormat.of().formatHex(buffer.array(), 28, 32))
                    .isEqualTo(
                            switch (form) {
                                case HIGH_BYTE_FIRST -> "000003ea";
                                case LOW_BYTE_FIRST -> "ea030000";
                                case DIGITS -> "31303032";
                            });
            var itself = new Decoding.Decoded<>(new Handshake(1002, form));
            assertThat(Handshake.decode(buffer.flip(), form)).isEqualTo(itself);
            assertThat(Handshake.decode(buffer.flip(), id -> id == 1002)).isEqualTo(itself);
        }
        ByteBuffer nobody = ByteBuffer.allocate(32);
        new Handshake(7, IdForm.DIGITS).encode(nobody);
        assertThat(Handshake.decode(nobody.flip(), id -> id == 1002))
                .as("known in no form")
                .isEqualTo(new Decoding.Decoded<>(new Handshake(0x30303037)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Handshake(10_000, IdForm.DIGITS));
    }

    @Test
    void aWrongHandshakeIsSeenAtItsFirstWrongByte() {
        assertThat(Handshake.decode(ByteBuffer.wrap("GET".getBytes(StandardCharsets.US_ASCII)), IdForm.DIGITS))
                .isInstanceOf(Decoding.Malformed.class);
        assertThat(Handshake.decode(ByteBuffer.wrap("P2PF".getBytes(StandardCharsets.US_ASCII)), IdForm.DIGITS))
                .isEqualTo(new Decoding.NeedMore<>(32));
        assertThat(Handshake.decode(ByteBuffer.allocate(0), IdForm.DIGITS)).isEqualTo(new Decoding.NeedMore<>(32));
    }

    @Test
    void messagesAreWrittenAsTheTextSays() {
        assertThat(encoded(new Message.Choke(), Dialect.STRICT, LAYOUT)).isEqualTo("0000000100");
        assertThat(encoded(new Message.NotInterested(), Dialect.STRICT, LAYOUT)).isEqualTo("0000000103");
        assertThat(encoded(new Message.Have(7), Dialect.STRICT, LAYOUT)).isEqualTo("000000050400000007");
        assertThat(encoded(new Message.Request(305), Dialect.STRICT, LAYOUT)).isEqualTo("000000050600000131");
        // The last of 306 pieces has 5,992 bytes.
        assertThat(encoded(new Message.Piece(305), Dialect.STRICT, LAYOUT)).isEqualTo("0000176d0700000131");
    }

    @Test
    void pieceZeroIsTheHighestBitAndInTheOtherDialectTheLowest() {
        PieceLayout twenty = new PieceLayout(20, 1);
        PieceSet pieces = new PieceSet(20);
        pieces.add(0);
        pieces.add(9);

        assertThat(encoded(new Message.Bitfield(pieces), Dialect.STRICT, twenty))
                .isEqualTo("0000000405804000");
        assertThat(encoded(new Message.Bitfield(pieces), LOW_BIT, twenty)).isEqualTo("00000003050102");
        assertThat(encoded(new Message.Bitfield(new PieceSet(20)), LOW_BIT, twenty))
                .isEqualTo("0000000105");
        assertThat(encoded(new Message.Choke(), Dialect.of(Deviation.PAYLOAD_LENGTH), twenty))
                .isEqualTo("0000000000");
    }

    @Test
    void integersHaveTheirLowestByteFirstInAnotherDialect() {
        assertThat(encoded(new Message.Have(7), LITTLE_ENDIAN, LAYOUT)).isEqualTo("050000000407000000");
        assertThat(encoded(new Message.Piece(305), LITTLE_ENDIAN, LAYOUT)).isEqualTo("6d1700000731010000");
    }

    /** What its handshake does not show does its first message, as far as it has to do with it. */
    @Test
    void theFirstBytesTellTheDialect() {
        PieceLayout twenty = new PieceLayout(20, 1);
        PieceSet all = PieceSet.full(20);
        for (Dialect dialect : DIALECTS) {
            for (Message first : List.of(new Message.Bitfield(all), new Message.Interested(), new Message.Have(3))) {
                for (int id : List.of(1003, 0x01010101)) {
                    MessageDecoder decoder = MessageDecoder.guessing(twenty, known -> known == id);
                    if (id <= IdForm.MOST_IN_DIGITS || !dialect.has(Deviation.ASCII_ID)) {
                        ByteBuffer handshake = ByteBuffer.allocate(Handshake.LENGTH);
                        new Handshake(id, dialect.idForm()).encode(handshake);
                        assertThat(decoder.handshake(handshake.flip())).isInstanceOf(Decoding.Decoded.class);
                        assertThat(decoder.dialect().has(Deviation.ASCII_ID))
                                .isEqualTo(dialect.has(Deviation.ASCII_ID));
                    }
                    assertThat(decoder.decode(bytes(encoded(first, dialect, twenty))))
                            .isEqualTo(new Decoding.Decoded<>(first));
                    assertSame(Deviation.PAYLOAD_LENGTH, decoder, dialect);
                    if (first instanceof Message.Bitfield) {
                        assertSame(Deviation.LOW_BIT, decoder, dialect);
                    }
                    Message next = new Message.Have(9);
                    assertThat(decoder.decode(bytes(encoded(next, dialect, twenty))))
                            .isEqualTo(new Decoding.Decoded<>(next));
                    assertSame(Deviation.LITTLE_ENDIAN, decoder, dialect);
                }
            }
        }
    }

    private static void assertSame(Deviation deviation, MessageDecoder decoder, Dialect dialect) {
        assertThat(decoder.dialect().has(deviation))
                .as("%s of %s", deviation, dialect.title())
                .isEqualTo(dialect.has(deviation));
    }

    @Test
    void aLastPieceMayBePaddedWhereThatIsKnown() {
        // 5,992 bytes of content, and 26,776 that mean nothing.
        ByteBuffer padded = bytes("000080050700000131");
        var understood = new Decoding.Decoded<Message>(new Message.Piece(305, 26_776));
        MessageDecoder guessing = guessing(LAYOUT);

        assertThat(guessing.decode(padded.duplicate())).isEqualTo(understood);
        assertThat(guessing.dialect()).isEqualTo(Dialect.of(Deviation.PADDED_PIECE));
        assertThat(MessageDecoder.of(LAYOUT, Dialect.of(Deviation.PADDED_PIECE)).decode(padded.duplicate()))
                .isEqualTo(understood);
        assertThat(MessageDecoder.of(LAYOUT, Dialect.STRICT).decode(padded)).isInstanceOf(Decoding.Malformed.class);
        assertThat(guessing.decode(bytes("000080040700000131")))
                .as("one byte too few")
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void dialectsHaveNames() {
        assertThat(Dialect.STRICT.title()).isEqualTo("strict");
        assertThat(Dialect.of(Deviation.LOW_BIT, Deviation.PAYLOAD_LENGTH).title())
                .isEqualTo("payload-length,low-bit");
    }

    @Test
    void everyMessageComesBackInEveryDialect() {
        var random = new SplittableRandom(5);
        for (int i = 0; i < 100; i++) {
            PieceLayout layout = new PieceLayout(random.nextInt(1, 5000), random.nextInt(1, 40));
            PieceSet pieces = new PieceSet(layout.pieces());
            for (int k = 0; k < layout.pieces() / 2; k++) {
                pieces.add(random.nextInt(layout.pieces()));
            }
            int piece = random.nextInt(layout.pieces());
            for (Dialect dialect : DIALECTS) {
                for (Message message : List.of(
                        new Message.Choke(),
                        new Message.Unchoke(),
                        new Message.Interested(),
                        new Message.NotInterested(),
                        new Message.Have(piece),
                        new Message.Bitfield(pieces),
                        new Message.Request(piece),
                        new Message.Piece(piece))) {
                    assertThat(MessageDecoder.of(layout, dialect).decode(bytes(encoded(message, dialect, layout))))
                            .isEqualTo(new Decoding.Decoded<>(message));
                }
            }
        }
    }

    @Test
    void nonsenseIsMalformed() {
        for (String hex : List.of(
                "0000000000", // a choke without its type byte counted
                "0000000200", // a choke with payload
                "ffffffff07",
                "0000000109", // no such type
                "000000050400000132", // piece 306
                "0000000504ffffffff",
                "0000000604",
                "0000000305", // a bitfield too short
                "0000006405",
                "000000050700000000", // a piece without content
                "000080060700000000" // one byte too long
                )) {
            assertThat(MessageDecoder.of(LAYOUT, Dialect.STRICT).decode(bytes(hex)))
                    .as(hex)
                    .isInstanceOf(Decoding.Malformed.class);
        }
    }
}
