package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason;
import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.ExtensionHandshake;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Super-seeding (BEP 16) as its peers see it. */
class SwarmSuperSeedTest {
    private static final PieceLayout LAYOUT = new PieceLayout(2000L * 65536, 65536);

    private final Stage stage = new Stage(LAYOUT, PieceSet.full(LAYOUT.pieces()));

    private void superSeed() {
        stage.swarm.setSuperSeeding(true, stage.now);
        stage.drain();
    }

    private int interested(int number) {
        int peer = stage.connect(number);
        stage.hear(peer, new PeerMessage.Interested());
        return peer;
    }

    private static List<Integer> haves(List<PeerMessage> messages) {
        List<Integer> pieces = new ArrayList<>();
        for (PeerMessage message : messages) {
            if (message instanceof PeerMessage.Have(int piece)) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    private static List<Boolean> uploadOnly(List<PeerMessage> messages) {
        List<Boolean> said = new ArrayList<>();
        for (PeerMessage message : messages) {
            if (message instanceof PeerMessage.Extended(int id, var payload)
                    && id == ExtensionHandshake.ID
                    && ExtensionHandshake.decode(payload)
                            instanceof Decoding.Decoded<ExtensionHandshake>(ExtensionHandshake description)) {
                said.add(Boolean.TRUE.equals(description.uploadOnly()));
            }
        }
        return said;
    }

    private void send(int peer, int piece) {
        for (int block = 0; block < 4; block++) {
            stage.hear(peer, new PeerMessage.Request(LAYOUT.block(piece, block)));
            assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(LAYOUT.block(piece, block));
            stage.swarm.blockSent(peer, LAYOUT.block(piece, block), stage.now);
        }
        stage.drain();
    }

    @Test
    void showsItselfAsALeechWithOnePieceForEach() {
        superSeed();
        List<PeerMessage> first = stage.sentTo(interested(1));
        List<PeerMessage> second = stage.sentTo(interested(2));

        assertThat(first).contains(new PeerMessage.HaveNone(), new PeerMessage.Have(0), new PeerMessage.Unchoke());
        assertThat(second).contains(new PeerMessage.HaveNone(), new PeerMessage.Have(1));
        assertThat(uploadOnly(first)).containsExactly(false);
        assertThat(first).as("no piece goes out another way").noneMatch(m -> m instanceof PeerMessage.AllowedFast);
    }

    @Test
    void servesWhatItOfferedAndNothingElse() {
        superSeed();
        int peer = interested(1);
        stage.sentTo(peer);
        BlockRange other = LAYOUT.block(5, 0);
        stage.hear(peer, new PeerMessage.Request(other));
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isNull();
        stage.drain();
        assertThat(stage.sentTo(peer)).containsExactly(new PeerMessage.RejectRequest(other));
        send(peer, 0);
    }

    @Test
    void offersTheNextPieceWhenAnotherPeerHasTheLast() {
        superSeed();
        int giver = interested(1);
        int taker = interested(2);
        send(giver, 0);
        stage.sentTo(giver);
        stage.hear(giver, new PeerMessage.KeepAlive());
        assertThat(haves(stage.sentTo(giver))).isEmpty();
        stage.hear(taker, new PeerMessage.Have(0));
        assertThat(haves(stage.sentTo(giver))).containsExactly(2);
    }

    @Test
    void aPeerThatLeavesFreesItsPiece() {
        superSeed();
        int gone = interested(1);
        interested(2);
        stage.swarm.peerClosed(gone, CloseReason.ofFailure(null), stage.now);
        stage.drain();
        assertThat(haves(stage.sentTo(interested(3)))).containsExactly(0);
    }

    @Test
    void isPatientWithAPeerWhosePieceNobodyTakes() {
        superSeed();
        int giver = interested(1);
        interested(2);
        send(giver, 0);
        stage.sentTo(giver);
        stage.pass(Offers.PATIENCE - 1);
        assertThat(haves(stage.sentTo(giver))).isEmpty();
        stage.pass(1);
        assertThat(haves(stage.sentTo(giver))).containsExactly(2);
    }

    @Test
    void revealsItselfSomePiecesAtATimeWhenACopyIsOut() {
        superSeed();
        int one = interested(1);
        int other = interested(2);
        stage.sentTo(one);
        PieceSet even = new PieceSet(LAYOUT.pieces());
        for (int peer : new int[] {one, other, interested(3), interested(4)}) {
            PieceSet half = new PieceSet(LAYOUT.pieces());
            for (int piece = peer % 2; piece < LAYOUT.pieces(); piece += 2) {
                half.add(piece);
            }
            stage.hear(peer, new PeerMessage.Bitfield(half));
            even = half;
        }
        assertThat(even.count()).isEqualTo(1000);
        assertThat(stage.swarm.isSuperSeeding()).isFalse();
        assertThat(stage.events).contains(new SwarmEvent.CopyOut());
        List<PeerMessage> told = stage.sentTo(one);
        assertThat(uploadOnly(told)).as("no more than so many at once").doesNotContain(true);
        stage.pass(SuperSeeding.REVEAL_EVERY);
        told = new ArrayList<>(told);
        told.addAll(stage.sentTo(one));
        assertThat(haves(told)).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(999);
        assertThat(uploadOnly(told)).containsExactly(true);
        assertThat(stage.sentTo(interested(9))).contains(new PeerMessage.HaveAll());
    }

    @Test
    void neverTellsMorePiecesAtOnceThanItsBound() {
        superSeed();
        int peer = interested(1);
        stage.sentTo(peer);
        stage.swarm.setSuperSeeding(false, stage.now);
        stage.drain();
        assertThat(haves(stage.sentTo(peer))).hasSize(SuperSeeding.REVEAL_AT_ONCE);
        stage.pass(SuperSeeding.REVEAL_EVERY);
        List<PeerMessage> rest = stage.sentTo(peer);
        assertThat(haves(rest)).hasSize(LAYOUT.pieces() - 1 - SuperSeeding.REVEAL_AT_ONCE);
        assertThat(uploadOnly(rest)).containsExactly(true);
        assertThat(stage.events).as("that was the user").doesNotContain(new SwarmEvent.CopyOut());
    }

    @Test
    void isAnOrdinaryPeerWhileAPieceIsLost() {
        superSeed();
        int peer = interested(1);
        stage.swarm.pieceLost(7, stage.now);
        stage.drain();
        stage.pass(Stage.SECOND);
        assertThat(haves(stage.sentTo(peer))).hasSize(LAYOUT.pieces() - 1).doesNotContain(7);
        assertThat(stage.sentTo(stage.connect(2))).noneMatch(message -> message instanceof PeerMessage.HaveNone);
        assertThat(stage.swarm.isSuperSeeding()).as("it goes on later").isTrue();
        stage.swarm.pieceFlushed(7, stage.now);
        stage.drain();
        assertThat(stage.sentTo(stage.connect(3))).contains(new PeerMessage.HaveNone());
    }

    @Test
    void waitsUntilEverythingIsHere() {
        PieceSet some = PieceSet.full(LAYOUT.pieces());
        some.remove(9);
        Stage leech = new Stage(LAYOUT, some);
        leech.swarm.setSuperSeeding(true, leech.now);
        leech.drain();
        assertThat(leech.swarm.isSuperSeeding()).isTrue();
        assertThat(leech.sentTo(leech.connect(1))).contains(new PeerMessage.Bitfield(some));
        leech.swarm.pieceFlushed(9, leech.now);
        leech.drain();
        assertThat(leech.sentTo(leech.connect(2))).contains(new PeerMessage.HaveNone());
    }

    @Test
    void suggestsToThoseWhoKnowWhatWeHave() {
        int before = interested(1);
        assertThat(stage.sentTo(before)).contains(new PeerMessage.HaveAll());
        superSeed();
        assertThat(stage.sentTo(before)).containsExactly(new PeerMessage.SuggestPiece(0));
        assertThat(haves(stage.sentTo(interested(2)))).containsExactly(1);
    }
}
