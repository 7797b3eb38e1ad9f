package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.picker.Verdict;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pieces that are needed at a certain moment. */
class SwarmDeadlineTest {
    private static final int PIECE = 16 * PieceLayout.BLOCK_LENGTH;
    private static final int URGENT = 77;

    private final Stage stage = new Stage(new PieceLayout(100L * PIECE, PIECE), new PieceSet(100));

    /** A seed that delivers some blocks a second, of which many are in flight. */
    private int busySeed() {
        return busySeeds(1).getFirst();
    }

    private List<Integer> busySeeds(int count) {
        List<Integer> seeds = new ArrayList<>();
        List<List<BlockRange>> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seeds.add(stage.connectSeed(i + 1));
            asked.add(new ArrayList<>());
        }
        for (int i = 0; i < 12; i++) {
            stage.now += Stage.SECOND / 4;
            for (int each = 0; each < count; each++) {
                asked.get(each).addAll(stage.requestedFrom(seeds.get(each)));
                BlockRange block = asked.get(each).removeFirst();
                assertThat(stage.deliver(seeds.get(each), block).isWanted()).isTrue();
            }
        }
        for (int each = 0; each < count; each++) {
            asked.get(each).addAll(stage.requestedFrom(seeds.get(each)));
            assertThat(asked.get(each)).hasSizeGreaterThan(8);
        }
        return seeds;
    }

    @Test
    void whatIsNeededAtOnceGoesBeforeWhatWasAskedForEarlier() {
        int peer = busySeed();

        stage.swarm.setPieceDeadline(URGENT, stage.now + Stage.SECOND / 2, stage.now);
        stage.drain();

        List<PeerMessage> said = stage.sentTo(peer);
        List<BlockRange> cancelled = said.stream()
                .flatMap(message ->
                        message instanceof PeerMessage.Cancel cancel ? Stream.of(cancel.block()) : Stream.of())
                .toList();
        List<BlockRange> requested = said.stream()
                .flatMap(message ->
                        message instanceof PeerMessage.Request request ? Stream.of(request.block()) : Stream.of())
                .toList();
        assertThat(cancelled).isNotEmpty().noneMatch(block -> block.piece() == URGENT);
        assertThat(requested.getFirst().piece()).isEqualTo(URGENT);
        assertThat(said.indexOf(new PeerMessage.Cancel(cancelled.getLast())))
                .isLessThan(said.indexOf(new PeerMessage.Request(requested.getFirst())));

        // One that was on its way all the same is not lost.
        assertThat(stage.deliver(peer, cancelled.getFirst())).isEqualTo(Verdict.WANTED);
    }

    @Test
    void whatIsNeededLaterMovesNothing() {
        int peer = busySeed();

        stage.swarm.setPieceDeadline(URGENT, stage.now + 8 * Stage.SECOND, stage.now);
        stage.drain();

        assertThat(stage.sentTo(peer)).noneMatch(PeerMessage.Cancel.class::isInstance);
    }

    @Test
    void aPieceThatIsNeededAtOnceAndAskedForAlreadyMovesNothing() {
        int peer = busySeed();
        stage.swarm.setPieceDeadline(URGENT, stage.now + Stage.SECOND / 2, stage.now);
        stage.drain();
        for (int i = 0;
                i < 20
                        && stage.swarm.openPieces().stream()
                                .noneMatch(
                                        piece -> piece.piece() == URGENT && piece.inFlight() + piece.arrived() == 16);
                i++) {
            for (BlockRange block : stage.requestedFrom(peer)) {
                if (block.piece() == URGENT) {
                    stage.now += Stage.SECOND / 10;
                    stage.deliver(peer, block);
                }
            }
        }
        stage.sentTo(peer);

        stage.swarm.setPieceDeadline(URGENT, stage.now + Stage.SECOND / 4, stage.now);
        stage.drain();

        assertThat(stage.sentTo(peer)).noneMatch(PeerMessage.Cancel.class::isInstance);
    }

    @Test
    void anUrgentPieceIsSpreadOverSeedsThatAreAlikeFast() {
        List<Integer> seeds = busySeeds(2);
        stage.swarm.setPieceDeadline(URGENT, stage.now, stage.now);
        stage.drain();

        assertThat(stage.requestedFrom(seeds.getFirst())).anyMatch(block -> block.piece() == URGENT);
        assertThat(stage.requestedFrom(seeds.getLast())).anyMatch(block -> block.piece() == URGENT);
    }

    @Test
    void whoFallsSilentLosesWhatIsDueToOthers() {
        List<Integer> seeds = busySeeds(2);
        int silent = seeds.getFirst();
        int busy = seeds.getLast();
        stage.swarm.setPieceDeadline(URGENT, stage.now + Stage.SECOND / 2, stage.now);
        stage.drain();
        List<BlockRange> lost = stage.requestedFrom(silent);
        lost.removeIf(block -> block.piece() != URGENT);
        assertThat(lost).isNotEmpty();

        List<BlockRange> elsewhere = new ArrayList<>(stage.requestedFrom(busy));
        for (int i = 0; i < 16; i++) {
            stage.pass(Stage.SECOND / 4);
            stage.deliver(busy, elsewhere.removeFirst());
            elsewhere.addAll(stage.requestedFrom(busy));
        }

        assertThat(stage.sentTo(silent)).contains(new PeerMessage.Cancel(lost.getFirst()));
        assertThat(stage.swarm.openPieces())
                .as("all of it is here, or asked of the other")
                .anyMatch(piece -> piece.piece() == URGENT && piece.arrived() >= 12);
    }

    @Test
    void aPieceThatOnlyOneHasIsAskedOfItHoweverSlow() {
        PieceSet all = PieceSet.full(100);
        all.remove(URGENT);
        int fast = stage.connect(1);
        stage.hear(fast, new PeerMessage.Bitfield(all));
        stage.hear(fast, new PeerMessage.Unchoke());
        int slow = stage.connectSeed(2);
        stage.sentTo(slow);
        stage.swarm.setPieceDeadline(URGENT, stage.now - 60 * Stage.SECOND, stage.now);
        stage.drain();
        stage.pass(25 * Stage.SECOND);

        assertThat(stage.requestedFrom(slow)).anyMatch(block -> block.piece() == URGENT);
    }
}
