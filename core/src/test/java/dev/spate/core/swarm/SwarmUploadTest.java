package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.peer.CloseReason;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is served, with what; and what everybody is told. */
class SwarmUploadTest {
    private static final PieceLayout LAYOUT = new PieceLayout(2000L * 65536, 65536);

    private static PieceSet first(int count) {
        PieceSet set = new PieceSet(LAYOUT.pieces());
        for (int piece = 0; piece < count; piece++) {
            set.add(piece);
        }
        return set;
    }

    private final Stage stage = new Stage(LAYOUT, first(1000));

    private int interested(int number) {
        int peer = stage.connect(number);
        stage.hear(peer, new PeerMessage.Interested());
        return peer;
    }

    @Test
    void aPeerThatWantsSomethingIsUnchokedAtOnceWhileASlotIsFree() {
        for (int i = 0; i < 10; i++) {
            int peer = interested(i);
            assertThat(stage.sentTo(peer).contains(new PeerMessage.Unchoke())).isEqualTo(i < 4);
        }
        assertThat(stage.swarm.stats(stage.now).unchoked()).isEqualTo(4);
    }

    @Test
    void theSlotOfOneWhoLeavesIsGivenToTheNext() {
        List<Integer> peers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            peers.add(interested(i));
        }
        stage.sentTo(peers.get(4));
        stage.swarm.peerClosed(peers.get(0), CloseReason.ofFailure(null), stage.now);
        stage.drain();
        assertThat(stage.sentTo(peers.get(4))).contains(new PeerMessage.Unchoke());
    }

    @Test
    void theNumberOfSlotsMayChange() {
        for (int i = 0; i < 10; i++) {
            interested(i);
        }
        for (int slots : new int[] {7, 2, 10, 1}) {
            stage.swarm.setUploadSlots(slots, stage.now);
            stage.drain();
            assertThat(stage.swarm.stats(stage.now).unchoked()).isEqualTo(slots);
            stage.pass(30 * Stage.SECOND);
            assertThat(stage.swarm.stats(stage.now).unchoked()).isEqualTo(slots);
        }
    }

    @Test
    void theOptimisticUnchokeMovesOn() {
        for (int i = 0; i < 12; i++) {
            interested(i);
        }
        List<Integer> everUnchoked = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            stage.pass(10 * Stage.SECOND);
            for (PeerSnapshot peer : stage.swarm.peers(stage.now)) {
                stage.hear(peer.peer(), new PeerMessage.KeepAlive());
                if (!peer.weChokePeer() && !everUnchoked.contains(peer.peer())) {
                    everUnchoked.add(peer.peer());
                }
            }
            assertThat(stage.swarm.stats(stage.now).unchoked()).isEqualTo(4);
        }
        assertThat(everUnchoked).hasSize(12);
    }

    @Test
    void servesInOrderWhatIsOnDiskToWhomItUnchoked() {
        int peer = interested(1);
        stage.sentTo(peer);
        stage.effects.clear();
        BlockRange good = LAYOUT.block(3, 0);
        BlockRange missing = LAYOUT.block(1500, 0);
        stage.swarm.messageReceived(peer, new PeerMessage.Request(missing), stage.now);
        stage.swarm.messageReceived(peer, new PeerMessage.Request(good), stage.now);
        stage.swarm.messageReceived(peer, new PeerMessage.Request(LAYOUT.block(3, 1)), stage.now);
        stage.drain();
        assertThat(stage.effects).containsOnlyOnce(new Effect.BlocksReady(peer));

        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(good);
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(LAYOUT.block(3, 1));
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isNull();
        stage.drain();
        assertThat(stage.sentTo(peer)).containsExactly(new PeerMessage.RejectRequest(missing));
        stage.swarm.blockSent(peer, good, stage.now);
        assertThat(stage.swarm.stats(stage.now).uploaded()).isEqualTo(16384);

        stage.effects.clear();
        stage.hear(peer, new PeerMessage.Request(good));
        assertThat(stage.effects).as("the shell is called again").contains(new Effect.BlocksReady(peer));
    }

    @Test
    void aPieceIsServedOnlyOnceItIsOnDisk() {
        int peer = interested(1);
        int seed = stage.connect(2);
        stage.hear(seed, new PeerMessage.Have(1500));
        stage.hear(seed, new PeerMessage.Unchoke());
        for (int block = 0; block < 4; block++) {
            stage.deliver(seed, LAYOUT.block(1500, block));
        }
        stage.swarm.pieceVerified(1500, null, stage.now);
        stage.hear(peer, new PeerMessage.Request(LAYOUT.block(1500, 0)));
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isNull();
        stage.swarm.pieceFlushed(1500, stage.now);
        stage.drain();
        stage.hear(peer, new PeerMessage.Request(LAYOUT.block(1500, 0)));
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(LAYOUT.block(1500, 0));
    }

    @Test
    void whatCannotBeReadIsRejected() {
        int peer = interested(1);
        BlockRange block = LAYOUT.block(3, 0);
        stage.hear(peer, new PeerMessage.Request(block));
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(block);
        stage.swarm.blockUnreadable(peer, block, stage.now);
        stage.swarm.pieceLost(3, stage.now);
        stage.drain();
        assertThat(stage.sentTo(peer)).contains(new PeerMessage.RejectRequest(block));
        assertThat(stage.swarm.flushed().contains(3)).isFalse();
    }

    @Test
    void aChokedBeginnerGetsAFewPiecesAllTheSame() {
        for (int i = 0; i < 4; i++) {
            interested(i);
        }
        int beginner = interested(50);
        List<PeerMessage> sent = stage.sentTo(beginner);
        assertThat(sent).doesNotContain(new PeerMessage.Unchoke());
        List<Integer> allowed = new ArrayList<>();
        for (PeerMessage message : sent) {
            if (message instanceof PeerMessage.AllowedFast fast) {
                allowed.add(fast.piece());
            }
        }
        assertThat(allowed).isNotEmpty().allMatch(piece -> piece < 1000).hasSizeLessThanOrEqualTo(10);
        BlockRange block = LAYOUT.block(allowed.getFirst(), 1);
        stage.hear(beginner, new PeerMessage.Request(block));
        assertThat(stage.swarm.takeBlock(beginner, stage.now)).isEqualTo(block);
    }

    // What everybody is told.

    private void finish(int seed, int piece) {
        for (int block = 0; block < 4; block++) {
            stage.deliver(seed, LAYOUT.block(piece, block));
        }
        stage.flush(piece);
    }

    @Test
    void newPiecesAreToldInBatchesToThoseWhoLackThem() {
        int listener = stage.connect(1);
        int knows = stage.connect(2);
        stage.hear(knows, new PeerMessage.Have(1001));
        int seed = stage.connect(3);
        for (int piece = 1000; piece < 1003; piece++) {
            stage.hear(seed, new PeerMessage.Have(piece));
        }
        stage.hear(seed, new PeerMessage.Unchoke());
        stage.sentTo(listener);
        stage.sentTo(knows);

        finish(seed, 1000);
        assertThat(stage.sentTo(listener)).as("the first after a quiet time").contains(new PeerMessage.Have(1000));
        stage.sentTo(knows);
        finish(seed, 1001);
        finish(seed, 1002);
        assertThat(stage.sentTo(listener)).as("the next wait for each other").isEmpty();
        int late = stage.connect(4);
        stage.sentTo(late);
        stage.pass(HaveBroadcast.EVERY);
        assertThat(stage.sentTo(listener)).containsExactly(new PeerMessage.Have(1001), new PeerMessage.Have(1002));
        assertThat(stage.sentTo(knows)).contains(new PeerMessage.Have(1002)).doesNotContain(new PeerMessage.Have(1001));
        assertThat(stage.sentTo(late)).as("they were in its bitfield").isEmpty();
    }

    @Test
    void whoWaitsToBeServedIsToldOfNewPiecesAtLastOrWhenItIsServed() {
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            served.add(interested(i));
        }
        int next = interested(5);
        int later = interested(6);
        for (int peer : List.of(served.get(1), next, later)) {
            stage.sentTo(peer);
        }
        stage.swarm.pieceFlushed(1000, stage.now);
        stage.drain();
        assertThat(stage.sentTo(served.get(1))).containsExactly(new PeerMessage.Have(1000));
        stage.pass(HaveBroadcast.AT_LATEST / 2);
        assertThat(stage.sentTo(next)).isEmpty();
        stage.hear(served.get(0), new PeerMessage.NotInterested());
        assertThat(stage.sentTo(next)).contains(new PeerMessage.Have(1000), new PeerMessage.Unchoke());
        assertThat(stage.sentTo(later)).isEmpty();
        stage.pass(HaveBroadcast.AT_LATEST / 2);
        assertThat(stage.sentTo(later)).containsExactly(new PeerMessage.Have(1000));
        assertThat(stage.sentTo(next)).as("it knows").isEmpty();
        assertThat(stage.sentTo(served.get(1))).as("it knows").isEmpty();
    }

    @Test
    void manyNewPiecesDoNotWaitForTheRound() {
        Stage fresh = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));
        int listener = fresh.connect(1);
        fresh.swarm.pieceFlushed(0, fresh.now);
        fresh.drain();
        fresh.sentTo(listener);
        for (int piece = 1; piece <= HaveBroadcast.MAX_FRESH; piece++) {
            fresh.swarm.pieceFlushed(piece, fresh.now);
        }
        fresh.drain();
        assertThat(fresh.sentTo(listener)).hasSize(HaveBroadcast.MAX_FRESH);
    }

    @Test
    void trackersAreToldTheExactFigures() {
        Stage leech = new Stage(LAYOUT, first(1999));
        Effect.Announce started = (Effect.Announce) leech.effects.getFirst();
        assertThat(started.left()).isEqualTo(65536);
        assertThat(started.downloaded()).isZero();
        leech.swarm.announceAnswered(
                started.order().order(),
                new dev.spate.wire.tracker.AnnounceAnswer(
                        java.time.Duration.ofMinutes(30),
                        dev.spate.wire.tracker.ScrapeAnswer.UNKNOWN,
                        List.of(PeerAddress.of(new byte[] {7, 7, 7, 7}, 7))),
                leech.now);
        leech.drain();
        assertThat(leech.dials()).hasSize(1);

        int seed = leech.connectSeed(1);
        for (int block = 0; block < 4; block++) {
            leech.deliver(seed, LAYOUT.block(1999, block));
        }
        leech.flush(1999);
        Effect.Announce completed = leech.effects.stream()
                .filter(effect -> effect instanceof Effect.Announce)
                .map(effect -> (Effect.Announce) effect)
                .findFirst()
                .orElseThrow();
        assertThat(completed.order().event()).isEqualTo(dev.spate.wire.tracker.AnnounceEvent.COMPLETED);
        assertThat(completed.left()).isZero();
        assertThat(completed.downloaded()).isEqualTo(65536);
        assertThat(completed.uploaded()).isZero();
    }
}
