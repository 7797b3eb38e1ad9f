package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final int PIECES = Talk.LAYOUT.pieces();
    private static final ExtensionHandshake OURSELVES =
            new ExtensionHandshake(new TreeMap<>(), "Spate", 6881, 2000, null, null, null, null, null);

    private static PieceSet only(int... pieces) {
        PieceSet set = new PieceSet(PIECES);
        for (int piece : pieces) {
            set.add(piece);
        }
        return set;
    }

    // Handshake.

    @Test
    void anOutgoingConnectionIsDialedThenGreetedThenOpen() {
        Talk talk = Talk.dialing();
        Handshake theirs = new Handshake(Talk.ALL, Talk.INFO_HASH, Talk.THEIR_ID);

        assertThat(talk.peer.handshakeReceived(theirs, talk.now)).isEqualTo(Heard.NOTHING);
        assertThat(talk.peer.phase()).isEqualTo(Peer.Phase.DIALING);
        talk.peer.dialed(talk.now);
        assertThat(talk.peer.phase()).isEqualTo(Peer.Phase.GREETING);
        assertThat(talk.peer.handshakeReceived(theirs, talk.now)).isInstanceOf(Heard.Opened.class);
        assertThat(talk.peer.isOpen()).isTrue();
        assertThat(talk.peer.id()).isEqualTo(Talk.THEIR_ID);
        assertThat(talk.peer.handshakeReceived(theirs, talk.now)).isEqualTo(Heard.NOTHING);
    }

    @Test
    void aHandshakeForAnotherTorrentEndsIt() {
        Talk talk = Talk.greeting();
        Handshake theirs = new Handshake(Talk.ALL, Digest.of(new byte[20]), Talk.THEIR_ID);

        assertThat(talk.peer.handshakeReceived(theirs, talk.now)).isEqualTo(Heard.ended(Kind.WRONG_INFO_HASH));
    }

    @Test
    void aHandshakeHasNineSeconds() {
        Talk talk = Talk.greeting();
        assertThat(talk.peer.deadline()).isEqualTo(talk.now + 9 * Talk.SECOND);

        talk.now += 9 * Talk.SECOND - 1;
        assertThat(talk.peer.timeout(talk.now)).isEqualTo(Heard.NOTHING);
        talk.now += 1;
        assertThat(talk.peer.timeout(talk.now)).isEqualTo(Heard.ended(Kind.HANDSHAKE_TIMED_OUT));
    }

    // The first words.

    @Test
    void greetsWithTheShortestWordForItsPieces() {
        assertThat(greeting(Talk.openWithAll(), only())).isEqualTo(new PeerMessage.HaveNone());
        assertThat(greeting(Talk.openWithAll(), PieceSet.full(PIECES))).isEqualTo(new PeerMessage.HaveAll());
        assertThat(greeting(Talk.openWithAll(), only(1, 2))).isEqualTo(new PeerMessage.Bitfield(only(1, 2)));
        assertThat(greeting(Talk.openPlain(), PieceSet.full(PIECES)))
                .isEqualTo(new PeerMessage.Bitfield(PieceSet.full(PIECES)));
    }

    private static PeerMessage greeting(Talk talk, PieceSet ours) {
        talk.peer.greet(ours, OURSELVES);
        List<PeerMessage> sent = talk.sent();
        assertThat(talk.sent()).as("said once").isEmpty();
        return sent.getFirst();
    }

    @Test
    void saysNothingOfItsPiecesWhenThereAreNoneAndNoWordForIt() {
        Talk talk = Talk.openPlain();
        talk.peer.greet(only(), OURSELVES);

        assertThat(talk.sent()).isEmpty();
    }

    @Test
    void describesItselfToThoseWhoUnderstandAfterTheBitfield() {
        Talk talk = Talk.openWithAll();
        talk.peer.greet(only(3), OURSELVES);

        assertThat(talk.sent()).containsExactly(new PeerMessage.Bitfield(only(3)), OURSELVES.message());
    }

    @Test
    void keepsWhatALaterDescriptionDoesNotRepeat() {
        Talk talk = Talk.openWithAll();
        describe(talk, "d1:md11:lt_donthavei7ee1:pi6881e4:reqqi10e1:v3:Abce");
        describe(talk, "d11:upload_onlyi1ee");

        ExtensionHandshake said = Objects.requireNonNull(talk.peer.description());
        assertThat(said.client()).isEqualTo("Abc");
        assertThat(said.listenPort()).isEqualTo(6881);
        assertThat(said.uploadOnly()).isTrue();
        talk.peer.dontHave(4);
        assertThat(talk.sent())
                .containsExactly(
                        new PeerMessage.Extended(7, ByteBuffer.allocate(4).putInt(0, 4)));
    }

    private static void describe(Talk talk, String bencoded) {
        talk.hear(new PeerMessage.Extended(0, ByteBuffer.wrap(bencoded.getBytes(StandardCharsets.ISO_8859_1))));
    }

    // Their pieces.

    @Test
    void learnsPiecesOneByOneAfterAnEmptyBeginning() {
        Talk talk = Talk.openWithAll();
        for (int piece = 0; piece < PIECES; piece++) {
            assertThat(talk.hear(new PeerMessage.Have(piece))).isEqualTo(new Heard.Gained(piece));
        }
        assertThat(talk.peer.isSeed()).isTrue();
        assertThat(talk.hear(new PeerMessage.Have(0))).isEqualTo(Heard.NOTHING);
    }

    @Test
    void unlearnsAPieceThatASeedHasNoLonger() {
        Talk seed = Talk.openWithAll();
        Talk other = Talk.openWithAll();
        seed.hear(new PeerMessage.HaveAll());
        other.hear(new PeerMessage.HaveAll());
        assertThat(seed.hear(new dev.spate.wire.peer.DontHave(2).message(Peer.DONT_HAVE_ID)))
                .isEqualTo(new Heard.Lost(2));

        assertThat(seed.peer.isSeed()).isFalse();
        assertThat(other.peer.isSeed()).isTrue();
    }

    @Test
    void tellsOfNewPiecesOnlyThoseWhoLackThem() {
        Talk talk = Talk.openWithAll();
        talk.hear(new PeerMessage.Have(5));
        talk.peer.have(new PeerMessage.Have(5));
        talk.peer.have(new PeerMessage.Have(6));

        assertThat(talk.sent()).containsExactly(new PeerMessage.Have(6));
    }

    // Wanted and told.

    @Test
    void tellsChokeAndInterestOnlyWhenTheyDifferFromWhatWasTold() {
        Talk talk = Talk.openWithAll();
        talk.peer.wantChoke(false);
        talk.peer.wantInterest(true);
        talk.peer.wantChoke(true);
        assertThat(talk.sent()).containsExactly(new PeerMessage.Interested());

        talk.peer.wantChoke(false);
        talk.peer.wantInterest(false);
        talk.peer.wantInterest(true);
        assertThat(talk.sent()).containsExactly(new PeerMessage.Unchoke());
        assertThat(talk.sent()).isEmpty();
    }

    @Test
    void receivingNeverSends() {
        Talk talk = Talk.openWithAll();
        talk.peer.wantChoke(false);
        talk.sent();
        talk.hear(new PeerMessage.Interested());
        talk.hear(new PeerMessage.Request(Talk.LAYOUT.block(0, 0)));
        talk.hear(new PeerMessage.Cancel(Talk.LAYOUT.block(0, 0)));

        assertThat(talk.sent()).containsExactly(new PeerMessage.RejectRequest(Talk.LAYOUT.block(0, 0)));
    }

    // Time.

    @Test
    void sendsAKeepAliveAfterTwoQuietMinutes() {
        Talk talk = Talk.openWithAll();
        talk.now += 60 * Talk.SECOND;
        talk.hear(new PeerMessage.KeepAlive());
        assertThat(talk.peer.deadline()).isEqualTo(talk.now + 60 * Talk.SECOND);

        talk.now += 60 * Talk.SECOND;
        assertThat(talk.peer.timeout(talk.now)).isEqualTo(Heard.NOTHING);
        assertThat(talk.sent()).containsExactly(new PeerMessage.KeepAlive());
        assertThat(talk.sent()).isEmpty();
    }

    @Test
    void sendsNoKeepAliveWhenSomethingElseWasSaid() {
        Talk talk = Talk.openWithAll();
        talk.now += 60 * Talk.SECOND;
        talk.hear(new PeerMessage.KeepAlive());
        talk.peer.wantInterest(true);
        talk.sent();
        talk.now += 60 * Talk.SECOND;
        talk.peer.timeout(talk.now);

        assertThat(talk.sent()).isEmpty();
    }

    @Test
    void closesAfterThreeSilentMinutesThatKeepAlivesWouldHaveBroken() {
        Talk talk = Talk.openWithAll();
        talk.now += 180 * Talk.SECOND;

        assertThat(talk.peer.timeout(talk.now)).isEqualTo(Heard.ended(Kind.SILENT));
    }

    @Test
    void twoQuietPeersKeepEachOtherForever() {
        Talk a = Talk.openWithAll();
        Talk b = Talk.openWithAll();
        for (int i = 0; i < 100; i++) {
            long next = Math.min(a.peer.deadline(), b.peer.deadline());
            a.now = next;
            b.now = next;
            assertThat(a.peer.timeout(next)).isEqualTo(Heard.NOTHING);
            assertThat(b.peer.timeout(next)).isEqualTo(Heard.NOTHING);
            a.sent().forEach(b::hear);
            b.sent().forEach(a::hear);
        }
    }

    @Test
    void aBlockIsNotAMessageForMessageReceived() {
        Talk talk = Talk.openWithAll();
        PeerMessage piece = new PeerMessage.Piece(Talk.LAYOUT.block(0, 0));

        assertThatThrownBy(() -> talk.hear(piece)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndGivesBackWhatIsInFlight() {
        Talk talk = Talk.openWithAll().ready();
        List<BlockRange> requested = talk.request(3);
        talk.sent();

        assertThat(talk.peer.end()).isEqualTo(requested);
        assertThat(talk.peer.end()).isEmpty();
        assertThat(talk.peer.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void rejectsHashRequestsAndEndsAFloodOfThem() {
        Talk talk = Talk.openWithAll();
        var span = new PeerMessage.HashSpan(Digest.of(new byte[32]), 0, 0, 2, 0);
        talk.hear(new PeerMessage.HashRequest(span));
        assertThat(talk.sent()).containsExactly(new PeerMessage.HashReject(span));

        List<Heard> heard = new ArrayList<>();
        for (int i = 0; i < Uplink.MAX_REFUSED; i++) {
            heard.add(talk.hear(new PeerMessage.HashRequest(span)));
        }
        assertThat(heard.getLast()).isEqualTo(Heard.ended(Kind.REQUEST_FLOOD));
    }
}
