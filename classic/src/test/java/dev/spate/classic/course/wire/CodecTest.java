package dev.spate.classic.course.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bytes of the project text ("Protocol description"), and those of the dialects. */
class CodecTest {
    private static final PieceLayout LAYOUT = new PieceLayout(10_000_232, 32_768);
    private static final List<Dialect> DIALECTS =
            List.of(Dialect.STRICT, new Dialect(false, false), new Dialect(true, true), new Dialect(false, true));

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
        assertThat(Handshake.decode(buffer.flip())).isEqualTo(new Decoding.Decoded<>(new Handshake(1001)));
    }

    @Test
    void aWrongHandshakeIsSeenAtItsFirstWrongByte() {
        assertThat(Handshake.decode(ByteBuffer.wrap("GET".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(Decoding.Malformed.class);
        assertThat(Handshake.decode(ByteBuffer.wrap("P2PF".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(new Decoding.NeedMore<>(32));
        assertThat(Handshake.decode(ByteBuffer.allocate(0))).isEqualTo(new Decoding.NeedMore<>(32));
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
        assertThat(encoded(new Message.Bitfield(pieces), new Dialect(true, true), twenty))
                .isEqualTo("00000003050102");
        assertThat(encoded(new Message.Bitfield(new PieceSet(20)), new Dialect(true, true), twenty))
                .isEqualTo("0000000105");
        assertThat(encoded(new Message.Choke(), new Dialect(false, false), twenty))
                .isEqualTo("0000000000");
    }

    @Test
    void theFirstMessageTellsTheDialect() {
        PieceLayout twenty = new PieceLayout(20, 1);
        PieceSet all = PieceSet.full(20);
        for (Dialect dialect : DIALECTS) {
            for (Message first : List.of(new Message.Bitfield(all), new Message.Interested(), new Message.Have(3))) {
                MessageDecoder decoder = MessageDecoder.guessing(twenty);
                assertThat(decoder.decode(bytes(encoded(first, dialect, twenty))))
                        .isEqualTo(new Decoding.Decoded<>(first));
                assertThat(decoder.dialect().lengthCountsType()).isEqualTo(dialect.lengthCountsType());
                if (first instanceof Message.Bitfield) {
                    assertThat(decoder.dialect()).isEqualTo(dialect);
                }
            }
        }
    }

    @Test
    void everyMessageComesBackInEveryDialect() {
        var random = new SplittableRandom(5);
        for (int i = 0; i < 500; i++) {
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
