package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessage.HashSpan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kind of message in every state that two peers can be in, as one table to be read. {@link PeerTableTest} has the rest: peers without
 * extensions, messages that break a rule by what they say, and what is said twice.
 */
class MessageStateTableTest {

    /*
     * The states, each reached by messages alone:
     *   unmet    before the handshakes
     *   fresh    after them, when nobody has said anything
     *   fielded  it has told its pieces, half of them
     *   seed     it has them all
     *   asked    a seed that unchoked us, of which we requested the block of the table
     *   serves   it is interested, we unchoked it, and it requested the block of the table
     *   ended    the connection is over
     * A cell is what the swarm hears, '-' for nothing, or in capitals why the connection is closed.
     */
    private static final String TABLE = """
            message          unmet  fresh            fielded          seed             asked            serves           ended
            keep alive       -      -                -                -                -                -                -
            choke            -      -                -                -                Choked           -                -
            unchoke          -      Unchoked         Unchoked         Unchoked         -                Unchoked         -
            interested       -      InterestChanged  InterestChanged  InterestChanged  InterestChanged  -                -
            not interested   -      -                -                -                -                InterestChanged  -
            have             -      Gained           Gained           -                -                Gained           -
            bitfield         -      Pieces           -                -                -                GainedSome       -
            have all         -      Pieces           BITFIELD_LATE    BITFIELD_LATE    BITFIELD_LATE    BITFIELD_LATE    -
            have none        -      -                BITFIELD_LATE    BITFIELD_LATE    BITFIELD_LATE    BITFIELD_LATE    -
            request          -      -                -                -                -                -                -
            request another  -      -                -                -                -                Requested        -
            piece            -      -                -                -                Expected         -                -
            cancel           -      -                -                -                -                -                -
            reject           -      -                -                -                Rejected         -                -
            suggest          -      -                -                -                -                -                -
            allowed fast     -      AllowedFast      AllowedFast      AllowedFast      AllowedFast      AllowedFast      -
            port             -      DhtNode          DhtNode          DhtNode          DhtNode          DhtNode          -
            extended         -      Described        Described        Described        Described        Described        -
            hash request     -      -                -                -                -                -                -
            hashes           -      -                -                -                -                -                -
            hash reject      -      -                -                -                -                -                -
            unknown          -      -                -                -                -                -                -
            """;

    private static final BlockRange BLOCK = Talk.LAYOUT.block(2, 1);
    private static final BlockRange ANOTHER = Talk.LAYOUT.block(4, 0);
    private static final int ODD_PIECE = 3;
    private static final Digest HASH = Digest.of(new byte[Digest.SHA256_LENGTH]);
    private static final HashSpan SPAN = new HashSpan(HASH, 0, 0, 2, 0);

    private static Talk reached(String state) {
        Talk talk = switch (state) {
            case "unmet" -> Talk.greeting();
            case "ended" -> Talk.ended();
            default -> Talk.openWithAll();
        };
        switch (state) {
            case "fielded" -> talk.hear(new PeerMessage.Bitfield(evenPieces()));
            case "seed" -> talk.hear(new PeerMessage.HaveAll());
            case "asked" -> talk.ready().peer.request(BLOCK);
            case "serves" -> {
                talk.hear(new PeerMessage.Interested());
                talk.peer.wantChoke(false);
                talk.sent();
                talk.hear(new PeerMessage.Request(BLOCK));
            }
            default -> {}
        }
        talk.sent();
        return talk;
    }

    private static PieceSet evenPieces() {
        PieceSet set = new PieceSet(Talk.LAYOUT.pieces());
        for (int piece = 0; piece < set.pieces(); piece += 2) {
            set.add(piece);
        }
        return set;
    }

    private static PeerMessage message(String name) {
        return switch (name) {
            case "keep alive" -> new PeerMessage.KeepAlive();
            case "choke" -> new PeerMessage.Choke();
            case "unchoke" -> new PeerMessage.Unchoke();
            case "interested" -> new PeerMessage.Interested();
            case "not interested" -> new PeerMessage.NotInterested();
            case "have" -> new PeerMessage.Have(ODD_PIECE);
            case "bitfield" -> new PeerMessage.Bitfield(evenPieces());
            case "have all" -> new PeerMessage.HaveAll();
            case "have none" -> new PeerMessage.HaveNone();
            case "request" -> new PeerMessage.Request(BLOCK);
            case "request another" -> new PeerMessage.Request(ANOTHER);
            case "piece" -> new PeerMessage.Piece(BLOCK);
            case "cancel" -> new PeerMessage.Cancel(BLOCK);
            case "reject" -> new PeerMessage.RejectRequest(BLOCK);
            case "suggest" -> new PeerMessage.SuggestPiece(1);
            case "allowed fast" -> new PeerMessage.AllowedFast(4);
            case "port" -> new PeerMessage.Port(6881);
            case "extended" ->
                new PeerMessage.Extended(0, ByteBuffer.wrap("d1:mdee".getBytes(StandardCharsets.US_ASCII)));
            case "hash request" -> new PeerMessage.HashRequest(SPAN);
            case "hashes" -> new PeerMessage.Hashes(SPAN, List.of(HASH, HASH));
            case "hash reject" -> new PeerMessage.HashReject(SPAN);
            case "unknown" -> new PeerMessage.Unknown(99, 5);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The header of a block has a door of its own. */
    private static Heard hear(Talk talk, PeerMessage message) {
        return message instanceof PeerMessage.Piece(BlockRange block)
                ? talk.peer.blockArriving(block, talk.now)
                : talk.hear(message);
    }

    private static String cell(Heard heard) {
        return switch (heard) {
            case Heard.Nothing() -> "-";
            case Heard.Ended(CloseReason reason) -> reason.kind().name();
            default -> heard.getClass().getSimpleName();
        };
    }

    @TestFactory
    List<DynamicTest> everyMessageInEveryState() {
        List<String> lines = TABLE.lines().toList();
        String[] states = lines.getFirst().split(" {2,}", -1);
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(" {2,}", -1);
            assertThat(cells).as(line).hasSameSizeAs(states);
            for (int column = 1; column < cells.length; column++) {
                String state = states[column];
                String expected = cells[column];
                tests.add(DynamicTest.dynamicTest(cells[0] + ", " + state, () -> {
                    Talk talk = reached(state);
                    Heard heard = hear(talk, message(cells[0]));
                    assertThat(cell(heard)).isEqualTo(expected);
                    boolean closed = expected.equals(expected.toUpperCase(Locale.ROOT)) && !expected.equals("-");
                    assertThat(talk.peer.phase() == Peer.Phase.ENDED).isEqualTo(closed || state.equals("ended"));
                }));
            }
        }
        return tests;
    }

    /** So that whoever adds a message finds this table. */
    @Test
    void hasARowForEachKindOfMessage() {
        List<String> kinds = TABLE.lines()
                .skip(1)
                .map(line -> message(line.split(" {2,}", -1)[0]).getClass().getSimpleName())
                .distinct()
                .sorted()
                .toList();
        List<String> all = new ArrayList<>();
        for (Class<?> kind : PeerMessage.class.getPermittedSubclasses()) {
            all.add(kind.getSimpleName());
        }
        assertThat(kinds).containsExactlyElementsOf(all.stream().sorted().toList());
    }
}
