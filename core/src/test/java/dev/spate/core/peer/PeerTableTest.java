package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.DontHave;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessage.HashSpan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each message in each state. */
class PeerTableTest {

    /** What must come of a message: a kind of outcome, or a reason to close. */
    private record Row(
            PeerMessage message,
            Class<? extends Heard> open,
            Class<? extends Heard> openPlain,
            @Nullable Kind plainKind) {

        static Row same(PeerMessage message, Class<? extends Heard> outcome) {
            return new Row(message, outcome, outcome, null);
        }

        static Row needsFast(PeerMessage message, Class<? extends Heard> outcome) {
            return new Row(message, outcome, Heard.Ended.class, Kind.FAST_NOT_NEGOTIATED);
        }

        static Row needsExtensions(PeerMessage message, Class<? extends Heard> outcome) {
            return new Row(message, outcome, Heard.Ended.class, Kind.EXTENSION_NOT_NEGOTIATED);
        }
    }

    private static final int PIECES = Talk.LAYOUT.pieces();
    private static final BlockRange BLOCK = Talk.LAYOUT.block(2, 1);
    private static final Digest HASH = Digest.of(new byte[Digest.SHA256_LENGTH]);
    private static final HashSpan SPAN = new HashSpan(HASH, 0, 0, 2, 0);

    /** In a fresh connection, in which nothing was said by anybody. */
    private static final List<Row> ROWS = List.of(
            Row.same(new PeerMessage.KeepAlive(), Heard.Nothing.class),
            Row.same(new PeerMessage.Choke(), Heard.Nothing.class),
            Row.same(new PeerMessage.Unchoke(), Heard.Unchoked.class),
            Row.same(new PeerMessage.Interested(), Heard.InterestChanged.class),
            Row.same(new PeerMessage.NotInterested(), Heard.Nothing.class),
            Row.same(new PeerMessage.Have(3), Heard.Gained.class),
            Row.same(new PeerMessage.Bitfield(half()), Heard.Pieces.class),
            Row.same(new PeerMessage.Bitfield(new PieceSet(PIECES)), Heard.Nothing.class),
            Row.same(new PeerMessage.Request(BLOCK), Heard.Nothing.class),
            Row.same(new PeerMessage.Cancel(BLOCK), Heard.Nothing.class),
            Row.same(new PeerMessage.Port(6881), Heard.DhtNode.class),
            Row.same(new PeerMessage.Port(0), Heard.Nothing.class),
            Row.needsFast(new PeerMessage.SuggestPiece(1), Heard.Nothing.class),
            Row.needsFast(new PeerMessage.HaveAll(), Heard.Pieces.class),
            Row.needsFast(new PeerMessage.HaveNone(), Heard.Nothing.class),
            Row.needsFast(new PeerMessage.RejectRequest(BLOCK), Heard.Nothing.class),
            Row.needsFast(new PeerMessage.AllowedFast(4), Heard.AllowedFast.class),
            Row.needsExtensions(extended("d1:md11:lt_donthavei7ee1:pi6881ee"), Heard.Described.class),
            Row.needsExtensions(new DontHave(1).message(Peer.DONT_HAVE_ID), Heard.Nothing.class),
            Row.needsExtensions(new PeerMessage.Extended(77, ByteBuffer.allocate(3)), Heard.Nothing.class),
            Row.same(new PeerMessage.HashRequest(SPAN), Heard.Nothing.class),
            Row.same(new PeerMessage.Hashes(SPAN, List.of(HASH, HASH)), Heard.Nothing.class),
            Row.same(new PeerMessage.HashReject(SPAN), Heard.Nothing.class),
            Row.same(new PeerMessage.Unknown(99, 5), Heard.Nothing.class));

    private static PieceSet half() {
        PieceSet set = new PieceSet(PIECES);
        for (int piece = 0; piece < PIECES; piece += 2) {
            set.add(piece);
        }
        return set;
    }

    private static PeerMessage extended(String bencoded) {
        return new PeerMessage.Extended(0, ByteBuffer.wrap(bencoded.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @TestFactory
    List<DynamicTest> eachMessageInEachState() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Row row : ROWS) {
            tests.add(test("dialing", row, () -> ignored(Talk.dialing(), row)));
            tests.add(test("greeting", row, () -> ignored(Talk.greeting(), row)));
            tests.add(test("ended", row, () -> ignored(Talk.ended(), row)));
            tests.add(test("open", row, () -> {
                Talk talk = Talk.openWithAll();
                assertThat(talk.hear(row.message)).isInstanceOf(row.open);
                assertThat(talk.peer.isOpen()).isTrue();
            }));
            tests.add(test("open without extensions", row, () -> {
                Talk talk = Talk.openPlain();
                Heard heard = talk.hear(row.message);
                assertThat(heard).isInstanceOf(row.openPlain);
                if (row.plainKind != null) {
                    assertThat(heard).isEqualTo(Heard.ended(row.plainKind));
                    assertThat(talk.peer.phase()).isEqualTo(Peer.Phase.ENDED);
                }
            }));
            // Said once more, every message that was all right is harmless, but for a second have-all or have-none.
            tests.add(test("open, twice", row, () -> {
                Talk talk = Talk.openWithAll();
                talk.hear(row.message);
                Heard heard = talk.hear(row.message);
                if (isAllOrNone(row.message)) {
                    assertThat(heard).isEqualTo(Heard.ended(Kind.BITFIELD_LATE));
                } else {
                    assertThat(heard).isNotInstanceOf(Heard.Ended.class);
                }
            }));
        }
        return tests;
    }

    private static DynamicTest test(String state, Row row, org.junit.jupiter.api.function.Executable run) {
        return DynamicTest.dynamicTest(state + ": " + row.message, run);
    }

    private static void ignored(Talk talk, Row row) {
        Peer.Phase before = talk.peer.phase();
        assertThat(talk.hear(row.message)).isEqualTo(Heard.NOTHING);
        assertThat(talk.peer.phase()).isEqualTo(before);
        assertThat(talk.sent()).isEmpty();
    }

    private static boolean isAllOrNone(PeerMessage message) {
        return message instanceof PeerMessage.HaveAll || message instanceof PeerMessage.HaveNone;
    }

    @TestFactory
    List<DynamicTest> whatBreaksARuleEndsTheConnection() {
        return List.of(
                violation(new PeerMessage.Have(PIECES), Kind.PIECE_OUT_OF_RANGE),
                violation(new PeerMessage.SuggestPiece(PIECES), Kind.PIECE_OUT_OF_RANGE),
                violation(new PeerMessage.AllowedFast(PIECES), Kind.PIECE_OUT_OF_RANGE),
                violation(new PeerMessage.Request(new BlockRange(PIECES, 0, 16384)), Kind.PIECE_OUT_OF_RANGE),
                violation(new PeerMessage.Request(new BlockRange(0, 65536 - 100, 200)), Kind.BLOCK_OUT_OF_RANGE),
                violation(new PeerMessage.Request(new BlockRange(PIECES - 1, 0, 101)), Kind.BLOCK_OUT_OF_RANGE),
                violation(new PeerMessage.Request(new BlockRange(0, 0, 16385)), Kind.REQUEST_TOO_LONG),
                violation(new PeerMessage.Bitfield(new PieceSet(PIECES - 1)), Kind.BITFIELD_LENGTH),
                violation(extended("l1:ae"), Kind.BAD_EXTENSION_MESSAGE),
                violation(
                        new PeerMessage.Extended(Peer.DONT_HAVE_ID, ByteBuffer.allocate(3)),
                        Kind.BAD_EXTENSION_MESSAGE),
                violation(
                        new PeerMessage.Extended(
                                Peer.DONT_HAVE_ID, ByteBuffer.allocate(4).putInt(0, PIECES)),
                        Kind.BAD_EXTENSION_MESSAGE));
    }

    private static DynamicTest violation(PeerMessage message, Kind kind) {
        return DynamicTest.dynamicTest(kind + ": " + message, () -> {
            Talk talk = Talk.openWithAll();
            assertThat(talk.hear(message)).isInstanceOfSatisfying(Heard.Ended.class, ended -> {
                assertThat(ended.reason().kind()).isEqualTo(kind);
                assertThat(ended.reason().kind().isViolation()).isTrue();
            });
            assertThat(talk.hear(new PeerMessage.Unchoke())).isEqualTo(Heard.NOTHING);
            assertThat(talk.sent()).isEmpty();
        });
    }

    @TestFactory
    List<DynamicTest> aBitfieldComesFirst() {
        List<DynamicTest> tests = new ArrayList<>();
        // Harmless before a bitfield, and seen from real clients.
        for (PeerMessage early : List.of(
                extended("d1:mdee"),
                new PeerMessage.Port(1),
                new PeerMessage.KeepAlive(),
                new PeerMessage.AllowedFast(1),
                new PeerMessage.Unchoke(),
                new PeerMessage.Interested())) {
            tests.add(DynamicTest.dynamicTest("after " + early, () -> {
                Talk talk = Talk.openWithAll();
                talk.hear(early);
                assertThat(talk.hear(new PeerMessage.Bitfield(half()))).isInstanceOf(Heard.Pieces.class);
            }));
        }
        for (PeerMessage early :
                List.of(new PeerMessage.Have(1), new PeerMessage.Request(BLOCK), new PeerMessage.HaveNone())) {
            tests.add(DynamicTest.dynamicTest("have all not after " + early, () -> {
                Talk talk = Talk.openWithAll();
                talk.hear(early);
                assertThat(talk.hear(new PeerMessage.HaveAll())).isEqualTo(Heard.ended(Kind.BITFIELD_LATE));
            }));
        }
        tests.add(DynamicTest.dynamicTest("a late bitfield stands for the haves that are new in it", () -> {
            Talk talk = Talk.openWithAll();
            talk.hear(new PeerMessage.Have(half().next(0)));
            Heard heard = talk.hear(new PeerMessage.Bitfield(half()));
            PieceSet gained = half();
            gained.remove(half().next(0));
            assertThat(heard).isEqualTo(new Heard.GainedSome(gained));
            assertThat(talk.peer.pieces()).isEqualTo(half());
            assertThat(talk.hear(new PeerMessage.Bitfield(half()))).isEqualTo(Heard.NOTHING);
        }));
        return tests;
    }
}
