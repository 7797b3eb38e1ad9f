package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.peer.CloseReason;
import dev.spate.core.peer.CloseReason.Kind;
import dev.spate.core.peer.Peer;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The seed document on peer protocols, sentence by sentence: each test is named after one, and {@code docs/seeds.md} has them side by side.
 * Most say what other tests say in more detail; these are for whoever holds the document in the other hand.
 */
class SeedOneSentencesTest {
    private static final PieceLayout LAYOUT = new PieceLayout(200L * 65536, 65536);
    private static final long SECOND = Stage.SECOND;

    /** A leech with the first half of the torrent. */
    private final Stage stage = new Stage(LAYOUT, firstHalf(), SwarmSettings.DEFAULTS, false);

    private static PieceSet firstHalf() {
        PieceSet set = new PieceSet(LAYOUT.pieces());
        for (int piece = 0; piece < LAYOUT.pieces() / 2; piece++) {
            set.add(piece);
        }
        return set;
    }

    private int interested(int number) {
        return interested(stage, number);
    }

    private static int interested(Stage stage, int number) {
        int peer = stage.connect(number);
        stage.hear(peer, new PeerMessage.Interested());
        return peer;
    }

    private PeerSnapshot look(int peer) {
        return look(stage, peer);
    }

    private static PeerSnapshot look(Stage stage, int peer) {
        return stage.swarm.peers(stage.now).stream()
                .filter(each -> each.peer() == peer)
                .findFirst()
                .orElseThrow();
    }

    private List<Integer> unchoked() {
        return stage.swarm.peers(stage.now).stream()
                .filter(peer -> !peer.weChokePeer())
                .map(PeerSnapshot::peer)
                .toList();
    }

    /** What a peer delivers in a second, so that its rate is this. */
    private void sends(int peer, int blocks) {
        for (int i = 0; i < blocks; i++) {
            List<BlockRange> asked = stage.requestedFrom(peer);
            for (BlockRange block : asked.subList(0, Math.min(1, asked.size()))) {
                stage.deliver(peer, block);
            }
        }
    }

    // ------------------------------------------------------------------ the protocol

    @Test
    void peersCanSendMessagesInBothDirectionsSimultaneouslySoWeNeverWaitOnMessages() {
        int peer = stage.connectSeed(1);
        assertThat(stage.requestedFrom(peer)).isNotEmpty();
        stage.hear(peer, new PeerMessage.Interested());
        stage.hear(peer, new PeerMessage.Request(LAYOUT.block(0, 0)));

        assertThat(look(peer).inFlight()).isPositive();
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(LAYOUT.block(0, 0));
    }

    @Test
    void connectionsStartChokedAndNotInterested() {
        PeerSnapshot fresh = look(stage.connect(1));
        assertThat(fresh.weChokePeer()).isTrue();
        assertThat(fresh.peerChokesUs()).isTrue();
        assertThat(fresh.weInterested()).isFalse();
        assertThat(fresh.peerInterested()).isFalse();
    }

    @Test
    void ifWeChokeAPeerWeWillNotSendAnyDataToIt() {
        for (int i = 0; i < 4; i++) {
            interested(i);
        }
        int choked = interested(9);
        stage.hear(choked, new PeerMessage.Request(LAYOUT.block(99, 0)));
        assertThat(look(choked).weChokePeer()).isTrue();
        assertThat(stage.swarm.takeBlock(choked, stage.now)).isNull();
    }

    @Test
    void ifAPeerChokesUsWeWillNotReceiveAnyDataFromIt() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.HaveAll());
        assertThat(look(peer).weInterested()).isTrue();
        assertThat(stage.requestedFrom(peer)).isEmpty();
    }

    @Test
    void interestedIndicatesThatAPeerWouldStartDownloadingIfItWereUnchoked() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.HaveAll());
        assertThat(stage.sentTo(peer)).contains(new PeerMessage.Interested());
        stage.hear(peer, new PeerMessage.Unchoke());
        assertThat(stage.requestedFrom(peer)).isNotEmpty();
    }

    // ------------------------------------------------------------------ choking

    @Test
    void everyTenSecondsUnchokeTheFourPeersWhichAreInterestedAndHaveTheBestRates() {
        for (int i = 0; i < 8; i++) {
            interested(i);
        }
        List<Integer> before = unchoked();
        assertThat(before).hasSize(4);
        // One that was left out delivers more than all others.
        int best = stage.swarm.peers(stage.now).stream()
                .map(PeerSnapshot::peer)
                .filter(peer -> !before.contains(peer))
                .findFirst()
                .orElseThrow();
        stage.hear(best, new PeerMessage.Unchoke());
        stage.hear(best, new PeerMessage.HaveAll());
        stage.pass(9 * SECOND);
        sends(best, 8);
        assertThat(unchoked()).doesNotContain(best);
        stage.pass(2 * SECOND);
        assertThat(unchoked()).hasSize(4).contains(best);
    }

    @Test
    void peersWithABetterRateThatAreNotInterestedGetUnchokedAndIfTheyBecomeInterestedTheWorstIsChoked() {
        for (int i = 0; i < 5; i++) {
            interested(i);
        }
        int good = stage.connectSeed(9);
        stage.pass(9 * SECOND);
        sends(good, 8);
        stage.pass(2 * SECOND);
        assertThat(unchoked()).hasSize(5).contains(good);

        stage.hear(good, new PeerMessage.Interested());
        assertThat(unchoked()).hasSize(4).contains(good);
    }

    @Test
    void everyThirtySecondsOneAdditionalPeerIsUnchokedRegardlessOfRate() {
        for (int i = 0; i < 12; i++) {
            interested(i);
        }
        keepAliveFor(10);
        for (int turn = 0; turn < 5; turn++) {
            List<Integer> before = unchoked();
            keepAliveFor(30);
            assertThat(unchoked()).as("turn %d", turn).hasSize(4).isNotEqualTo(before);
        }
    }

    private void keepAliveFor(int seconds) {
        stage.pass(seconds * SECOND);
        stage.swarm.peers(stage.now).forEach(each -> stage.hear(each.peer(), new PeerMessage.KeepAlive()));
    }

    @Test
    void ifWeHaveTheCompleteFileConsiderRateToBeOurUploadRate() {
        Stage seed = new Stage(
                LAYOUT,
                PieceSet.full(LAYOUT.pieces()),
                SwarmSettings.DEFAULTS.withSeeding(ChokeStrategy.FASTEST_UPLOAD),
                false);
        List<Integer> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            peers.add(interested(seed, i));
        }
        int taker = peers.getFirst();
        for (int i = 0; i < 4; i++) {
            interested(seed, 10 + i);
        }
        seed.pass(9 * SECOND);
        seed.hear(taker, new PeerMessage.Request(LAYOUT.block(0, 0)));
        assertThat(seed.swarm.takeBlock(taker, seed.now)).isNotNull();
        seed.swarm.blockSent(taker, LAYOUT.block(0, 0), seed.now);
        seed.pass(2 * SECOND);
        assertThat(look(seed, taker).weChokePeer()).isFalse();
    }

    // ------------------------------------------------------------------ connections

    @Test
    void ifWeDoNotAlreadyHaveAConnectionEstablishOneThenHandshakeThenBitfield() {
        stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(7)), stage.now);
        stage.drain();
        Effect.Dial dial = stage.dials().getFirst();
        stage.swarm.dialed(dial.peer(), stage.now);
        assertThat(stage.drain()).hasAtLeastOneElementOfType(Effect.SendHandshake.class);
        stage.swarm.handshakeReceived(dial.peer(), Stage.handshake(7), stage.now);
        stage.drain();
        assertThat(stage.sentTo(dial.peer())).first().isInstanceOf(PeerMessage.Bitfield.class);

        stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(7)), stage.now);
        stage.pass(10 * SECOND);
        assertThat(stage.dials()).isEmpty();
    }

    @Test
    void keepAliveMessagesEveryTwoMinutesIfIdle() {
        int peer = stage.connect(1);
        stage.sentTo(peer);
        stage.pass(119 * SECOND);
        assertThat(stage.sentTo(peer)).isEmpty();
        stage.pass(3 * SECOND);
        assertThat(stage.sentTo(peer)).containsExactly(new PeerMessage.KeepAlive());
    }

    @Test
    void dropPeersThatHaveNotRespondedToAnythingInALongTime() {
        int peer = stage.connect(1);
        stage.pass(200 * SECOND);
        assertThat(stage.closeReason(peer)).isEqualTo(Kind.SILENT);
    }

    @Test
    void supportHalfOpenTcpStatesGracefully() {
        stage.swarm.addPeers(PeerSource.TRACKER, List.of(Stage.address(7)), stage.now);
        stage.drain();
        int dialing = stage.dials().getFirst().peer();
        assertThat(look(dialing).phase()).isEqualTo(Peer.Phase.DIALING);
        assertThat(stage.swarm.stats(stage.now).connections()).isEqualTo(1);
        stage.swarm.peerClosed(dialing, new CloseReason(Kind.CONNECTION_FAILED, "no answer"), stage.now);
        stage.drain();
        assertThat(stage.swarm.stats(stage.now).connections()).isZero();
    }

    // ------------------------------------------------------------------ the sending flow

    @Test
    void ifWeAreChokingThemResetAllNecessaryState() {
        for (int i = 0; i < 8; i++) {
            interested(i);
        }
        keepAliveFor(10);
        List<Integer> served = unchoked();
        for (int peer : served) {
            for (int i = 0; i < 4; i++) {
                stage.hear(peer, new PeerMessage.Request(LAYOUT.block(0, i)));
            }
            assertThat(look(peer).queued()).isEqualTo(4);
        }
        // The optimistic unchoke moves on, and the one whose turn is over gets nothing of what it asked for.
        keepAliveFor(31);
        List<Integer> choked = new ArrayList<>(served);
        choked.removeAll(unchoked());
        assertThat(choked).hasSize(1);
        assertThat(look(choked.getFirst()).queued()).isZero();
        assertThat(stage.swarm.takeBlock(choked.getFirst(), stage.now)).isNull();
    }

    @Test
    void keepWorkingOnTheCurrentPieceOrGrabOneFromTheGlobalQueue() {
        int peer = stage.connectSeed(1);
        List<BlockRange> asked = new ArrayList<>(stage.requestedFrom(peer));
        int piece = asked.getFirst().piece();
        assertThat(asked).filteredOn(block -> block.piece() == piece).hasSize(LAYOUT.blocks(piece));
    }

    @Test
    void ifTheDownloaderDoesNotHaveThatPieceItIsLeftToOthers() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.Have(150));
        stage.hear(peer, new PeerMessage.Unchoke());
        assertThat(stage.requestedFrom(peer)).isNotEmpty().allMatch(block -> block.piece() == 150);
    }

    @Test
    void sendRequestsUntilWeHitTheLimitOfPipelinedRequests() {
        int peer = stage.connectSeed(1);
        List<BlockRange> asked = stage.requestedFrom(peer);
        assertThat(asked).hasSize(look(peer).pipelineLength());
        stage.deliver(peer, asked.getFirst());
        assertThat(look(peer).inFlight()).isEqualTo(look(peer).pipelineLength());
    }

    @Test
    void keepGrabbingFromTheLocalRequestQueueUntilMoreIsSentThanTheSeedingBacklog() {
        int peer = interested(1);
        for (int i = 0; i < 100; i++) {
            stage.hear(peer, new PeerMessage.Request(LAYOUT.block(i / 4, i % 4)));
        }
        // The socket has room for three blocks: the shell takes three, and the rest waits here, where a choke or a
        // cancel finds it.
        for (int i = 0; i < 3; i++) {
            assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(LAYOUT.block(0, i));
        }
        assertThat(look(peer).queued()).isEqualTo(97);
    }

    // ------------------------------------------------------------------ the receiving flow

    @Test
    void receivingShouldNotSendStuffInsteadSetFlagsAndLetTheSenderSend() {
        int peer = stage.connect(1);
        stage.effects.clear();
        stage.swarm.messageReceived(peer, new PeerMessage.HaveAll(), stage.now);
        stage.swarm.messageReceived(peer, new PeerMessage.Unchoke(), stage.now);
        stage.swarm.messageReceived(peer, new PeerMessage.Interested(), stage.now);
        assertThat(look(peer).inFlight()).as("nothing is sent by receiving").isZero();

        stage.drain();
        assertThat(stage.sentTo(peer))
                .contains(new PeerMessage.Interested(), new PeerMessage.Unchoke())
                .hasAtLeastOneElementOfType(PeerMessage.Request.class);
    }

    @Test
    void ifReceiveChokeOrUnchokeUpdateTheirChokingState() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.Unchoke());
        assertThat(look(peer).peerChokesUs()).isFalse();
        stage.hear(peer, new PeerMessage.Choke());
        assertThat(look(peer).peerChokesUs()).isTrue();
    }

    @Test
    void ifReceiveInterestedOrUninterestedUpdateTheirState() {
        int peer = interested(1);
        assertThat(look(peer).peerInterested()).isTrue();
        stage.hear(peer, new PeerMessage.NotInterested());
        assertThat(look(peer).peerInterested()).isFalse();
    }

    @Test
    void ifReceiveHaveUpdateTheirBitfieldCheckInterestStatusAndSendUpdateIfNecessary() {
        int peer = stage.connect(1);
        stage.sentTo(peer);
        stage.hear(peer, new PeerMessage.Have(3));
        assertThat(stage.sentTo(peer)).as("we have that").isEmpty();
        stage.hear(peer, new PeerMessage.Have(150));
        assertThat(stage.sentTo(peer)).containsExactly(new PeerMessage.Interested());
        assertThat(look(peer).pieces()).isEqualTo(2);
    }

    @Test
    void ifReceiveBitfieldUpdateTheirBitfieldCheckInterestStatusAndSendUpdateIfNecessary() {
        int peer = stage.connect(1);
        stage.sentTo(peer);
        PieceSet theirs = firstHalf();
        theirs.add(180);
        stage.hear(peer, new PeerMessage.Bitfield(theirs));
        assertThat(look(peer).pieces()).isEqualTo(theirs.count());
        assertThat(stage.sentTo(peer)).containsExactly(new PeerMessage.Interested());
    }

    @Test
    void ifReceiveRequestAddToTheLocalRequestQueueAndIfReceiveCancelUpdateIt() {
        int peer = interested(1);
        stage.hear(peer, new PeerMessage.Request(LAYOUT.block(0, 0)));
        stage.hear(peer, new PeerMessage.Request(LAYOUT.block(0, 1)));
        assertThat(look(peer).queued()).isEqualTo(2);
        stage.hear(peer, new PeerMessage.Cancel(LAYOUT.block(0, 0)));
        assertThat(look(peer).queued()).isEqualTo(1);
        assertThat(stage.swarm.takeBlock(peer, stage.now)).isEqualTo(LAYOUT.block(0, 1));
    }

    @Test
    void ifReceivePieceAndItIsTheLastSubpieceCheckIntegritySendHaveIfOkAndUpdateTheGlobalQueue() {
        int peer = stage.connect(1);
        int other = stage.connect(2);
        stage.hear(peer, new PeerMessage.Have(150));
        stage.hear(peer, new PeerMessage.Unchoke());
        List<BlockRange> asked = stage.requestedFrom(peer);
        assertThat(asked).hasSize(LAYOUT.blocks(150));
        stage.effects.clear();
        for (BlockRange block : asked) {
            assertThat(stage.effects).doesNotHaveAnyElementsOfTypes(Effect.VerifyPiece.class);
            stage.deliver(peer, block);
        }
        assertThat(stage.effects).hasAtLeastOneElementOfType(Effect.VerifyPiece.class);
        stage.sentTo(other);
        stage.flush(150);
        stage.pass(SECOND);
        assertThat(stage.sentTo(other)).contains(new PeerMessage.Have(150));
        assertThat(stage.swarm.isFlushed(150)).isTrue();
        assertThat(stage.requestedFrom(peer)).isEmpty();
    }
}
