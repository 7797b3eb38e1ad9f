package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of whom, and what happens to blocks and pieces. */
class SwarmDownloadTest {
    private static final PieceLayout LAYOUT = new PieceLayout(20L * 65536, 65536);

    private final Stage stage = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));

    private static Stage withMemory(int pieces) {
        Stage stage = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));
        stage.memory = pieces;
        return stage;
    }

    @Test
    void tellsItsInterestAtOnceAndAsksWhenUnchoked() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.HaveAll());
        assertThat(stage.sentTo(peer)).contains(new PeerMessage.Interested());
        stage.hear(peer, new PeerMessage.Unchoke());
        assertThat(stage.requestedFrom(peer)).hasSize(4);
    }

    @Test
    void isInterestedInNoPieceThatItHas() {
        Stage all = new Stage(LAYOUT, PieceSet.full(LAYOUT.pieces()));
        int peer = all.connect(1);
        all.hear(peer, new PeerMessage.Have(3));
        assertThat(all.sentTo(peer)).doesNotContain(new PeerMessage.Interested());
    }

    @Test
    void losesItsInterestWithTheLastPieceThatThePeerHas() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.Have(3));
        stage.hear(peer, new PeerMessage.Unchoke());
        stage.sentTo(peer);
        for (int block = 0; block < 4; block++) {
            stage.deliver(peer, LAYOUT.block(3, block));
        }
        stage.flush(3);
        assertThat(stage.sentTo(peer))
                .contains(new PeerMessage.NotInterested())
                .doesNotContain(new PeerMessage.Have(3));
        stage.hear(peer, new PeerMessage.Have(4));
        assertThat(stage.sentTo(peer)).contains(new PeerMessage.Interested());
    }

    @Test
    void asksForMoreWithEachBlock() {
        int peer = stage.connectSeed(1);
        List<BlockRange> first = stage.requestedFrom(peer);
        stage.deliver(peer, first.getFirst());
        assertThat(stage.requestedFrom(peer))
                .as("slow start: one for the block, one more")
                .hasSize(2);
    }

    @Test
    void aBatchOfInputsIsSettledOnce() {
        int peer = stage.connectSeed(1);
        for (BlockRange block : stage.requestedFrom(peer)) {
            assertThat(stage.swarm.blockArriving(peer, block, stage.now)).isEqualTo(Verdict.WANTED);
            stage.swarm.blockArrived(peer, block, stage.now);
        }
        assertThat(stage.sentTo(peer)).isEmpty();
        stage.drain();
        assertThat(stage.requestedFrom(peer)).hasSize(8);
    }

    @Test
    void verifiesAPieceWhenItIsWholeAndCountsIt() {
        int peer = stage.connectSeed(1);
        int delivered = 0;
        int piece = -1;
        List<BlockRange> asked = new ArrayList<>(stage.requestedFrom(peer));
        stage.effects.clear();
        while (piece < 0) {
            stage.deliver(peer, asked.removeFirst());
            delivered++;
            asked.addAll(stage.requestedFrom(peer));
            for (Effect effect : stage.effects) {
                if (effect instanceof Effect.VerifyPiece verify) {
                    piece = verify.piece();
                    assertThat(verify.digestBlocks()).isFalse();
                }
            }
        }
        stage.flush(piece);
        SwarmStats stats = stage.swarm.stats(stage.now);
        assertThat(stats.flushedPieces()).isEqualTo(1);
        assertThat(stats.leftBytes()).isEqualTo(19L * 65536);
        assertThat(stats.downloaded()).isEqualTo(delivered * 16384L);
        assertThat(stage.swarm.flushed().contains(piece)).isTrue();
    }

    @Test
    void aPieceThatFailsIsFetchedAgainFromOnePeerAlone() {
        int a = stage.connect(1);
        int b = stage.connect(2);
        for (int peer : new int[] {a, b}) {
            stage.hear(peer, new PeerMessage.Have(3));
            stage.hear(peer, new PeerMessage.Unchoke());
        }
        stage.deliver(a, LAYOUT.block(3, 0));
        for (int block = 1; block < 4; block++) {
            stage.deliver(b, LAYOUT.block(3, block));
            stage.deliver(a, LAYOUT.block(3, block));
        }
        stage.sentTo(a);
        stage.sentTo(b);
        stage.effects.clear();
        stage.swarm.pieceCorrupt(3, BlockDigests.of(1, 2, 3, 4), stage.now);
        stage.drain();

        assertThat(stage.events).contains(new SwarmEvent.PieceFailed(3));
        assertThat(stage.effects).contains(new Effect.DiscardPiece(3));
        List<BlockRange> fromA = stage.requestedFrom(a);
        List<BlockRange> fromB = stage.requestedFrom(b);
        assertThat(fromA.isEmpty()).isNotEqualTo(fromB.isEmpty());
        assertThat(fromA.isEmpty() ? fromB : fromA).hasSize(4);
    }

    @Test
    void aPieceThatCouldNotBeWrittenIsFetchedAgain() {
        int peer = stage.connect(1);
        stage.hear(peer, new PeerMessage.Have(3));
        stage.hear(peer, new PeerMessage.Unchoke());
        for (int block = 0; block < 4; block++) {
            stage.deliver(peer, LAYOUT.block(3, block));
        }
        stage.swarm.pieceVerified(3, null, stage.now);
        stage.drain();
        stage.sentTo(peer);
        stage.swarm.pieceWriteFailed(3, stage.now);
        stage.drain();
        assertThat(stage.requestedFrom(peer)).hasSize(4);
        assertThat(stage.swarm.stats(stage.now).banned()).isZero();
    }

    // Memory.

    @Test
    void peersWaitWhenThereIsNoMemoryAndGoOnWhenThereIs() {
        Stage small = withMemory(1);
        int peer = small.connectSeed(1);
        List<BlockRange> first = small.requestedFrom(peer);
        assertThat(first)
                .hasSize(4)
                .extracting(BlockRange::piece)
                .containsOnly(first.getFirst().piece());
        int piece = first.getFirst().piece();
        for (BlockRange block : first) {
            small.deliver(peer, block);
        }
        assertThat(small.requestedFrom(peer)).isEmpty();
        assertThat(small.swarm.stats(small.now).waitingForMemory()).isEqualTo(1);

        small.flush(piece);
        assertThat(small.requestedFrom(peer)).hasSize(4);
    }

    @Test
    void memoryThatComesFromElsewhereIsUsed() {
        Stage small = withMemory(0);
        int peer = small.connectSeed(1);
        assertThat(small.requestedFrom(peer)).isEmpty();
        small.memory = 1;
        small.swarm.budgetFreed(small.now);
        small.drain();
        assertThat(small.requestedFrom(peer)).hasSize(4);
    }

    @Test
    void memoryIsOfferedToThoseWhoWaitInTurn() {
        Stage small = withMemory(0);
        List<Integer> waiting = threeWhoWaitForMemory(small);
        small.memory = 1;
        small.swarm.budgetFreed(small.now);
        small.drain();
        for (int turn = 0; turn < 6; turn++) {
            for (int i = 0; i < 3; i++) {
                assertThat(small.requestedFrom(waiting.get(i)))
                        .as("turn " + turn + " peer " + i + " " + small.open)
                        .hasSize(i == turn % 3 ? 4 : 0);
            }
            int piece = small.open.iterator().next();
            for (int block = 0; block < 4; block++) {
                small.deliver(waiting.get(turn % 3), LAYOUT.block(piece, block));
            }
            small.flush(piece);
        }
    }

    @Test
    void whatOneLeavesOfTheMemoryIsOfferedToTheNext() {
        Stage small = withMemory(0);
        List<Integer> waiting = threeWhoWaitForMemory(small);
        small.memory = 2;
        small.swarm.budgetFreed(small.now);
        small.hear(waiting.get(0), new PeerMessage.Choke());
        assertThat(small.requestedFrom(waiting.get(0))).isEmpty();
        assertThat(small.requestedFrom(waiting.get(1))).hasSize(4);
        assertThat(small.requestedFrom(waiting.get(2))).hasSize(4);
    }

    @Test
    void whoGoesWithoutTakingMemoryLeavesItToTheNext() {
        Stage small = withMemory(0);
        List<Integer> waiting = threeWhoWaitForMemory(small);
        small.memory = 1;
        small.swarm.budgetFreed(small.now);
        small.swarm.peerClosed(waiting.get(0), dev.spate.core.peer.CloseReason.ofFailure(null), small.now);
        small.drain();
        assertThat(small.requestedFrom(waiting.get(1))).hasSize(4);
        assertThat(small.requestedFrom(waiting.get(2))).isEmpty();
    }

    /** Each has two pieces that nobody else has. */
    private static List<Integer> threeWhoWaitForMemory(Stage stage) {
        List<Integer> result = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            int peer = stage.connect(number);
            stage.hear(peer, new PeerMessage.Have(2 * number));
            stage.hear(peer, new PeerMessage.Have(2 * number + 1));
            stage.hear(peer, new PeerMessage.Unchoke());
            result.add(peer);
        }
        assertThat(stage.swarm.stats(stage.now).waitingForMemory()).isEqualTo(3);
        return result;
    }

    @Test
    void piecesThatNobodyPresentCanFinishMakeRoomForOthers() {
        Stage small = withMemory(2);
        int gone = small.connect(1);
        small.hear(gone, new PeerMessage.Have(3));
        small.hear(gone, new PeerMessage.Have(4));
        small.hear(gone, new PeerMessage.Unchoke());
        assertThat(small.open).isNotEmpty();
        small.deliver(gone, small.requestedFrom(gone).getFirst());
        small.swarm.peerClosed(gone, dev.spate.core.peer.CloseReason.ofFailure(null), small.now);
        small.drain();
        int held = small.open.size();
        small.memory = held;

        int peer = small.connect(2);
        small.hear(peer, new PeerMessage.Have(10));
        small.hear(peer, new PeerMessage.Unchoke());
        small.pass(3 * Stage.SECOND);
        assertThat(small.requestedFrom(peer))
                .hasSize(4)
                .extracting(BlockRange::piece)
                .containsOnly(10);
    }

    // Requests that are not answered.

    @Test
    void whatASnubbingPeerKeepsBackIsAskedOfAnother() {
        int slow = stage.connect(1);
        stage.hear(slow, new PeerMessage.Have(3));
        stage.hear(slow, new PeerMessage.Unchoke());
        List<BlockRange> asked = stage.requestedFrom(slow);
        stage.pass(21 * Stage.SECOND);
        int quick = stage.connect(2);
        stage.hear(quick, new PeerMessage.Have(3));
        stage.hear(quick, new PeerMessage.Unchoke());
        assertThat(stage.requestedFrom(quick)).containsAll(asked.subList(1, 4));
    }

    @Test
    void whatAClosedPeerWasAskedForIsAskedOfAnother() {
        int a = stage.connect(1);
        int b = stage.connect(2);
        for (int peer : new int[] {a, b}) {
            stage.hear(peer, new PeerMessage.Have(3));
        }
        stage.hear(a, new PeerMessage.Unchoke());
        assertThat(stage.requestedFrom(a)).hasSize(4);
        stage.swarm.peerClosed(a, dev.spate.core.peer.CloseReason.ofFailure(null), stage.now);
        stage.drain();
        stage.hear(b, new PeerMessage.Unchoke());
        assertThat(stage.requestedFrom(b)).hasSize(4);
    }

    @Test
    void whatAChokeTakesBackIsAskedOfThoseWhoWait() {
        Stage plain = new Stage(LAYOUT, new PieceSet(LAYOUT.pieces()));
        var noFast = new dev.spate.wire.peer.Handshake(
                dev.spate.wire.peer.Reserved.NONE, MemoryNetwork.INFO_HASH, Stage.id(1));
        int a = plain.connect(Stage.address(1), noFast);
        int b = plain.connect(2);
        for (int peer : new int[] {a, b}) {
            plain.hear(peer, new PeerMessage.Have(3));
            plain.hear(peer, new PeerMessage.Unchoke());
        }
        assertThat(plain.requestedFrom(a)).hasSize(4);
        plain.sentTo(b);
        plain.hear(a, new PeerMessage.Choke());
        plain.pass(2 * Stage.SECOND);
        assertThat(plain.swarm.peers(plain.now).get(b).inFlight()).isPositive();
    }

    @Test
    void inTheEndgameTheSlowerOfTwoIsToldToStop() {
        PieceSet most = PieceSet.full(LAYOUT.pieces());
        most.remove(7);
        Stage end = new Stage(LAYOUT, most);
        int a = end.connectSeed(1);
        int b = end.connectSeed(2);
        assertThat(end.requestedFrom(a)).hasSize(4);
        List<BlockRange> twice = end.requestedFrom(b);
        assertThat(twice).hasSize(1);
        end.deliver(b, twice.getFirst());
        assertThat(end.sentTo(a)).contains(new PeerMessage.Cancel(twice.getFirst()));
        assertThat(end.deliver(a, twice.getFirst()).isWanted()).isFalse();
        assertThat(end.isOpen(a)).isTrue();
    }

    @Test
    void aBlockThatStallsHalfwayIsTakenOver() {
        PieceSet most = PieceSet.full(LAYOUT.pieces());
        most.remove(7);
        Stage end = new Stage(LAYOUT, most);
        int a = end.connectSeed(1);
        int b = end.connectSeed(2);
        BlockRange twice = end.requestedFrom(b).getFirst();
        assertThat(end.swarm.blockArriving(a, twice, end.now)).isEqualTo(Verdict.WANTED);
        end.swarm.payloadReceived(a, 100, end.now);
        end.pass(6 * Stage.SECOND);
        end.effects.clear();
        assertThat(end.swarm.blockArriving(b, twice, end.now)).isEqualTo(Verdict.TAKEN_OVER);
        assertThat(end.drain()).contains(new Effect.DropArriving(a));
        end.swarm.payloadReceived(a, 16284, end.now);
        end.swarm.blockArrived(a, twice, end.now);
        end.swarm.blockArrived(b, twice, end.now);
        end.drain();
        assertThat(end.swarm.openPieces()).hasSize(1).first().matches(piece -> piece.arrived() == 1);
    }

    // What the user wants.

    @Test
    void piecesThatAreNotWantedAreNotFetched() {
        for (int piece = 1; piece < LAYOUT.pieces(); piece++) {
            stage.swarm.setPiecePriority(piece, 0, stage.now);
        }
        stage.drain();
        int peer = stage.connectSeed(1);
        assertThat(stage.requestedFrom(peer))
                .hasSize(4)
                .extracting(BlockRange::piece)
                .containsOnly(0);
        for (int block = 0; block < 4; block++) {
            stage.deliver(peer, LAYOUT.block(0, block));
        }
        stage.flush(0);
        assertThat(stage.events).contains(new SwarmEvent.Completed());
        assertThat(stage.swarm.isDone()).isTrue();
        assertThat(stage.isOpen(peer)).as("a seed is of no use now").isFalse();
    }

    @Test
    void aPieceThatIsWantedAgainIsFetched() {
        PieceSet most = PieceSet.full(LAYOUT.pieces());
        most.remove(7);
        Stage end = new Stage(LAYOUT, most);
        end.swarm.setPiecePriority(7, 0, end.now);
        end.drain();
        assertThat(end.swarm.isDone()).isTrue();
        int peer = end.connect(1);
        end.hear(peer, new PeerMessage.Have(7));
        end.hear(peer, new PeerMessage.Unchoke());
        end.swarm.setPiecePriority(7, 4, end.now);
        end.drain();
        end.pass(Stage.SECOND);
        assertThat(end.requestedFrom(peer)).hasSize(4);
    }

    @Test
    void aLostPieceIsFetchedAgainAndTakenBackFromThoseWhoUnderstand() {
        Stage seed = new Stage(LAYOUT, PieceSet.full(LAYOUT.pieces()));
        int peer = seed.connect(1);
        var names = new java.util.TreeMap<String, Integer>();
        names.put("lt_donthave", 9);
        seed.hear(
                peer,
                new dev.spate.wire.peer.ExtensionHandshake(names, null, null, null, null, null, null, null, null)
                        .message());
        seed.hear(peer, new PeerMessage.Have(5));
        seed.hear(peer, new PeerMessage.Unchoke());
        seed.sentTo(peer);
        seed.swarm.pieceLost(5, seed.now);
        seed.drain();

        assertThat(seed.sentTo(peer))
                .contains(new dev.spate.wire.peer.DontHave(5).message(9), new PeerMessage.Interested());
        assertThat(seed.swarm.stats(seed.now).leftBytes()).isEqualTo(65536);
    }
}
