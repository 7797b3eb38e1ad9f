package dev.spate.core.picker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One example a rule. All torrents have pieces of four blocks; the last piece has one of 100 bytes. */
final class PickerTest {
    private static final int BLOCK = PieceLayout.BLOCK_LENGTH;
    private static final long SECOND = 1_000_000_000L;
    private static final int ANN = 0;
    private static final int BOB = 1;
    private static final int EVE = 2;

    private final Set<Integer> refused = new HashSet<>();

    // Which piece.

    @Test
    void fetchesAWholeTorrentFromOneSeed() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        while (picker.wantedPieces() > 0) {
            List<BlockRange> blocks = pick(picker, ANN, seed, 3, Pace.FAST);
            assertThat(blocks).isNotEmpty();
            blocks.forEach(block -> deliver(picker, ANN, block));
            finish(picker);
        }
        assertThat(picker.wantedBytes()).isZero();
        assertThat(picker.openPieces()).isEmpty();
    }

    @Test
    void asksForTheShortLastBlockByItsLength() {
        Picker picker = picker(10);
        PieceSet last = join(picker, setOf(10, 9));

        assertThat(pick(picker, ANN, last, 5, Pace.MEDIUM)).containsExactly(new BlockRange(9, 0, 100));
        assertThat(picker.arriving(ANN, new BlockRange(9, 0, BLOCK), 0)).isEqualTo(Verdict.UNREQUESTED);
    }

    @Test
    void takesAnyPieceAtFirstAndTheRarestOnceFourAreComplete() {
        Set<Integer> first = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            first.add(firstPieceWithPieceSevenRare(picker(20, setOf(20, 0, 1, 2), seed)));
            assertThat(firstPieceWithPieceSevenRare(picker(20, setOf(20, 0, 1, 2, 3), seed)))
                    .isEqualTo(7);
        }
        assertThat(first).hasSizeGreaterThan(10);
    }

    private static int firstPieceWithPieceSevenRare(Picker picker) {
        PieceSet seed = join(picker, PieceSet.full(20));
        PieceSet most = PieceSet.full(20);
        most.remove(7);
        join(picker, most);
        return pick(picker, ANN, seed, 1, Pace.MEDIUM).getFirst().piece();
    }

    @Test
    void drawsAmongEquallyRarePieces() {
        Set<Integer> chosen = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            Picker picker = picker(20, setOf(20, 0, 1, 2, 3), seed);
            chosen.add(pick(picker, ANN, join(picker, PieceSet.full(20)), 1, Pace.MEDIUM)
                    .getFirst()
                    .piece());
        }
        assertThat(chosen).hasSize(16);
    }

    @Test
    void fetchesWhatOnlyTheSeedsHaveWhateverAnotherLeechIsAskedFor() {
        Picker picker = picker(640, setOf(640, 0, 1, 2, 3), 1);
        PieceSet seed = join(picker, PieceSet.full(640));
        join(picker, PieceSet.full(640));
        PieceSet leech = setOf(640, IntStream.range(64, 128).toArray());
        join(picker, leech);
        assertThat(pick(picker, BOB, leech, 8, Pace.FAST))
                .extracting(BlockRange::piece)
                .allMatch(leech::contains);

        assertThat(pick(picker, ANN, seed, 60 * 4, Pace.FAST))
                .extracting(BlockRange::piece)
                .noneMatch(leech::contains);
    }

    @Test
    void takesHigherPrioritiesFirstAndPriorityZeroNever() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        IntStream.range(0, 10).forEach(piece -> picker.setPriority(piece, 0));
        picker.setPriority(3, 1);
        picker.setPriority(8, 7);

        assertThat(pick(picker, ANN, seed, 40, Pace.FAST))
                .extracting(BlockRange::piece)
                .containsExactly(8, 8, 8, 8, 3, 3, 3, 3);
        assertThat(picker.wantedPieces()).isEqualTo(2);
    }

    @Test
    void goesInOrderWhenSequential() {
        Picker picker = picker(10);
        picker.setSequential(true);

        assertThat(pick(picker, ANN, join(picker, PieceSet.full(10)), 12, Pace.FAST))
                .extracting(BlockRange::piece)
                .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    }

    @Test
    void takesTheEarliestDeadlineFirst() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        picker.setDeadline(6, 9 * SECOND);
        picker.setDeadline(2, 8 * SECOND);
        picker.setDeadline(4, 7 * SECOND);
        picker.clearDeadline(2);

        assertThat(pick(picker, ANN, seed, 8, Pace.SLOW))
                .extracting(BlockRange::piece)
                .containsExactly(4, 4, 4, 4, 6, 6, 6, 6);
    }

    @Test
    void asksASecondPeerOncePastTheDeadline() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        join(picker, seed);
        picker.setDeadline(6, 9 * SECOND);
        pick(picker, ANN, seed, 4, Pace.MEDIUM);

        assertThat(pick(picker, BOB, seed, 1, Pace.MEDIUM, 8 * SECOND)
                        .getFirst()
                        .piece())
                .isNotEqualTo(6);
        assertThat(pick(picker, BOB, seed, 1, Pace.MEDIUM, 9 * SECOND)
                        .getFirst()
                        .piece())
                .isEqualTo(6);
    }

    @Test
    void asksFurtherPeersForALateBlockOneASecondAndNeverMoreThanFourInAll() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        IntStream.range(0, 9).forEach(peer -> join(picker, seed));
        picker.setDeadline(6, 9 * SECOND);
        pick(picker, ANN, seed, 4, Pace.MEDIUM);

        int[] helpers = new int[5];
        for (int late = 0; late < 5; late++) {
            for (int peer = 10 * (late + 1); peer < 10 * (late + 1) + 9; peer++) {
                helpers[late] += pick(picker, peer, seed, 1, Pace.MEDIUM, (9 + late) * SECOND)
                                        .getFirst()
                                        .piece()
                                == 6
                        ? 1
                        : 0;
            }
        }

        // Four blocks, so four helpers a step.
        assertThat(helpers).containsExactly(4, 4, 4, 0, 0);
    }

    @Test
    void leavesADuePieceToWhoDeliversItInTime() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        picker.setDeadline(6, 9 * SECOND);
        Prospect tenSeconds = new Prospect(10 * SECOND, SECOND, piece -> SECOND);

        assertThat(pick(picker, ANN, seed, 4, tenSeconds, 0))
                .extracting(BlockRange::piece)
                .doesNotContain(6);
        assertThat(pick(picker, BOB, seed, 9, new Prospect(8 * SECOND, SECOND, piece -> SECOND), 0))
                .filteredOn(block -> block.piece() == 6)
                .hasSize(2);
    }

    @Test
    void aLatePieceIsSpreadOverThoseWhoAreAboutAsFast() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        picker.setDeadline(6, 0);
        Prospect likeTheOther = new Prospect(SECOND, SECOND, piece -> SECOND);

        assertThat(pick(picker, ANN, seed, 4, likeTheOther, SECOND))
                .filteredOn(block -> block.piece() == 6)
                .hasSize(2);
        assertThat(pick(picker, BOB, seed, 4, likeTheOther, SECOND))
                .filteredOn(block -> block.piece() == 6)
                .hasSize(2);
    }

    @Test
    void theSlowestOfAllIsAskedIfNobodyElseHasThePiece() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        picker.setDeadline(6, 0);
        Prospect never = new Prospect(Prospect.NEVER, SECOND, piece -> piece == 6 ? Prospect.NEVER : 0);

        assertThat(pick(picker, ANN, seed, 1, never, SECOND))
                .extracting(BlockRange::piece)
                .containsExactly(6);
    }

    @Test
    void asksWhileChokedForAllowedFastPiecesOnly() {
        Picker picker = picker(10);
        PieceSet has = join(picker, setOf(10, 1, 2, 3));
        List<BlockRange> blocks = new ArrayList<>();

        picker.pick(new Picker.Ask(ANN, has, 40, Pace.FAST, setOf(10, 3, 4), false, 0), blocks);

        assertThat(blocks).extracting(BlockRange::piece).containsOnly(3);
    }

    @Test
    void findsTheOneUsefulPieceOfAPeerInAHugeTorrent() {
        int pieces = 100_000;
        PieceSet flushed = new PieceSet(pieces);
        IntStream.range(0, pieces / 2).forEach(flushed::add);
        Picker picker = picker(pieces, flushed, 5);
        PieceSet has = flushed.copy();
        has.add(77_777);
        join(picker, has);

        assertThat(pick(picker, ANN, has, 5, Pace.MEDIUM)).hasSize(4).allMatch(block -> block.piece() == 77_777);
        assertThat(pick(picker, ANN, has, 5, Pace.MEDIUM)).isEmpty();
    }

    @Test
    void prefersTheRareInAHugeTorrentToo() {
        int pieces = 100_000;
        Picker picker = picker(pieces, setOf(pieces, 0, 1, 2, 3), 5);
        PieceSet has = setOf(pieces, 500, 50_000, 99_999);
        join(picker, has);
        join(picker, PieceSet.full(pieces));
        join(picker, setOf(pieces, 500, 99_999));

        assertThat(pick(picker, ANN, has, 1, Pace.MEDIUM).getFirst().piece()).isEqualTo(50_000);
    }

    // Begun pieces.

    @Test
    void finishesWhatIsBegunBeforeItBeginsAnew() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        int begun = pick(picker, ANN, seed, 1, Pace.MEDIUM).getFirst().piece();

        assertThat(pick(picker, BOB, seed, 3, Pace.MEDIUM))
                .extracting(BlockRange::piece)
                .containsOnly(begun);
    }

    @Test
    void givesFastPeersWholePieces() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        join(picker, seed);
        int anns = pick(picker, ANN, seed, 2, Pace.FAST).getFirst().piece();
        int bobs = pick(picker, BOB, seed, 2, Pace.FAST).getFirst().piece();
        int eves = pick(picker, EVE, seed, 2, Pace.MEDIUM).getFirst().piece();

        assertThat(List.of(anns, bobs, eves)).doesNotHaveDuplicates();
        assertThat(pick(picker, BOB, seed, 2, Pace.FAST))
                .extracting(BlockRange::piece)
                .containsOnly(bobs);
        assertThat(pick(picker, ANN, seed, 2, Pace.FAST))
                .extracting(BlockRange::piece)
                .containsOnly(anns);
    }

    @Test
    void letsFastPeersShareOnceTooMuchIsBegun() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        int shared = pick(picker, EVE, seed, 1, Pace.MEDIUM).getFirst().piece();
        int anns = pick(picker, ANN, seed, 1, Pace.FAST).getFirst().piece();
        assertThat(anns).as("one piece for one peer is not too much").isNotEqualTo(shared);

        // Now two are begun for one peer.
        assertThat(pick(picker, BOB, seed, 3, Pace.FAST))
                .extracting(BlockRange::piece)
                .containsOnly(shared);
    }

    @Test
    void helpsAnotherPeersPieceOnlyWhenNothingElseIsLeft() {
        Picker picker = picker(2);
        PieceSet seed = join(picker, PieceSet.full(2));
        picker.setPriority(1, 1);
        assertThat(pick(picker, ANN, seed, 1, Pace.FAST).getFirst().piece()).isZero();

        assertThat(pick(picker, BOB, seed, 4, Pace.MEDIUM))
                .extracting(BlockRange::piece)
                .containsExactly(1, 0, 0, 0);
    }

    @Test
    void keepsSlowPeersFromNearlyFinishedPieces() {
        Picker picker = picker(3);
        PieceSet seed = join(picker, PieceSet.full(3));
        PieceSet zero = join(picker, setOf(3, 0));
        PieceSet one = join(picker, setOf(3, 1));
        pick(picker, ANN, zero, 3, Pace.MEDIUM);
        pick(picker, BOB, one, 1, Pace.MEDIUM);

        assertThat(pick(picker, EVE, seed, 1, Pace.SLOW).getFirst().piece()).isEqualTo(1);
        assertThat(pick(picker, EVE, seed, 1, Pace.MEDIUM).getFirst().piece()).isZero();
    }

    @Test
    void beginsNothingThatTheBudgetRefuses() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        IntStream.range(0, 10).forEach(refused::add);
        List<BlockRange> blocks = new ArrayList<>();

        assertThat(picker.pick(ask(ANN, seed, 5, Pace.FAST, 0), blocks)).isEqualTo(Picked.OUT_OF_BUDGET);

        assertThat(blocks).isEmpty();
        assertThat(IntStream.range(0, 10)).allMatch(piece -> picker.state(piece) == PieceState.FREE);
    }

    @Test
    void offersAnUnwantedPartialPieceForDiscarding() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        List<BlockRange> blocks = pick(picker, ANN, seed, 3, Pace.FAST);
        int piece = blocks.getFirst().piece();
        deliver(picker, ANN, blocks.getFirst());
        picker.arriving(ANN, blocks.get(1), 0);

        picker.setPriority(piece, 0);
        assertThat(picker.discardable()).containsExactly(piece);
        picker.setPriority(piece, 4);
        assertThat(picker.discardable()).isEmpty();
        picker.setPriority(piece, 0);
        assertThat(picker.discard(piece))
                .containsExactly(new Request(ANN, blocks.get(1), true), new Request(ANN, blocks.get(2), false));

        assertThat(picker.state(piece)).isEqualTo(PieceState.FREE);
        assertThat(picker.requestedFrom(ANN)).isZero();
        assertThat(picker.arrived(ANN, blocks.get(1)).accepted()).isFalse();
        assertThat(picker.discardable()).isEmpty();
    }

    // Endgame.

    @Test
    void asksIdlePeersForOneBusyBlockInTheEndgame() {
        Picker picker = picker(2);
        PieceSet seed = join(picker, PieceSet.full(2));
        assertThat(picker.isEndgame()).isFalse();
        List<BlockRange> blocks = pick(picker, ANN, seed, 5, Pace.MEDIUM);
        assertThat(picker.isEndgame()).isTrue();

        BlockRange busy = pick(picker, BOB, seed, 5, Pace.MEDIUM).getFirst();
        assertThat(blocks).contains(busy);
        assertThat(pick(picker, BOB, seed, 5, Pace.MEDIUM))
                .as("not idle any more")
                .isEmpty();
        assertThat(picker.arriving(BOB, busy, 0)).isEqualTo(Verdict.WANTED);
        assertThat(picker.arrived(BOB, busy).alsoAsked()).containsExactly(ANN);
        assertThat(picker.requestedFrom(ANN)).isEqualTo(4);
        assertThat(picker.arriving(ANN, busy, 0)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void spreadsTheEndgameOverTheBlocksAndBoundsItsCost() {
        Picker picker = picker(1 + 1, setOf(2, 1), 1);
        PieceSet seed = join(picker, PieceSet.full(2));
        pick(picker, 100, seed, 4, Pace.MEDIUM);
        int asked = 0;
        for (int peer = 0; peer < 50; peer++) {
            asked += pick(picker, peer, seed, 4, Pace.MEDIUM).size();
        }
        assertThat(asked).isEqualTo(4 * 7);
    }

    @Test
    void whatNobodyHasDoesNotHoldUpTheEndgame() {
        Picker picker = picker(10);
        PieceSet some = join(picker, setOf(10, 1, 2));
        pick(picker, ANN, some, 8, Pace.MEDIUM);

        assertThat(picker.isEndgame()).isTrue();
        assertThat(pick(picker, BOB, some, 8, Pace.MEDIUM)).hasSize(1);
    }

    // Arriving blocks.

    @Test
    void dropsWhatWasNotAskedFor() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        BlockRange block = pick(picker, ANN, seed, 1, Pace.MEDIUM).getFirst();

        assertThat(picker.arriving(BOB, block, 0)).isEqualTo(Verdict.UNREQUESTED);
        assertThat(picker.arriving(ANN, new BlockRange(block.piece(), block.begin(), 1), 0))
                .isEqualTo(Verdict.UNREQUESTED);
        assertThat(picker.arriving(ANN, new BlockRange(10, 0, BLOCK), 0)).isEqualTo(Verdict.UNREQUESTED);
        assertThat(picker.arrived(ANN, block)).isEqualTo(Arrived.IGNORED);
        deliver(picker, ANN, block);
        assertThat(picker.arriving(ANN, block, 0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(picker.arrived(ANN, block)).isEqualTo(Arrived.IGNORED);
    }

    @Test
    void aBlockHasOneWriterUntilItStalls() {
        Picker picker = picker(2, setOf(2, 1), 1);
        PieceSet seed = join(picker, PieceSet.full(2));
        pick(picker, ANN, seed, 4, Pace.MEDIUM);
        BlockRange block = pick(picker, BOB, seed, 1, Pace.MEDIUM).getFirst();
        assertThat(picker.arriving(ANN, block, 0)).isEqualTo(Verdict.WANTED);

        assertThat(picker.arriving(BOB, block, 5 * SECOND)).isEqualTo(Verdict.DUPLICATE);
        assertThat(picker.requestedFrom(BOB)).as("a dropped block is an answer").isZero();
        BlockRange again = pick(picker, EVE, seed, 1, Pace.MEDIUM, 6 * SECOND).getFirst();
        while (!again.equals(block)) {
            picker.arriving(EVE, again, 6 * SECOND);
            picker.arrived(EVE, again);
            again = pick(picker, EVE, seed, 1, Pace.MEDIUM, 6 * SECOND).getFirst();
        }
        assertThat(picker.arriving(EVE, block, 6 * SECOND)).isEqualTo(Verdict.TAKEN_OVER);
        assertThat(picker.displaced()).isEqualTo(ANN);
        assertThat(picker.arrived(ANN, block)).isEqualTo(Arrived.IGNORED);
        assertThat(picker.arrived(EVE, block).accepted()).isTrue();
    }

    @Test
    void takesALateBlockUnlessAnotherWasFaster() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        List<BlockRange> blocks = pick(picker, ANN, seed, 2, Pace.MEDIUM);
        blocks.forEach(block -> picker.timedOut(ANN, block));
        assertThat(picker.requestedFrom(ANN)).isZero();
        assertThat(pick(picker, BOB, seed, 2, Pace.MEDIUM)).isEqualTo(blocks);

        assertThat(picker.arriving(ANN, blocks.getFirst(), 0)).isEqualTo(Verdict.WANTED);
        assertThat(picker.arrived(ANN, blocks.getFirst()).alsoAsked()).containsExactly(BOB);
        deliver(picker, BOB, blocks.getLast());
        assertThat(picker.arriving(ANN, blocks.getLast(), 0)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aPeerThatLeavesGivesBackWhatItWasAskedFor() {
        Picker picker = picker(10);
        PieceSet seed = join(picker, PieceSet.full(10));
        List<BlockRange> blocks = pick(picker, ANN, seed, 4, Pace.FAST);
        deliver(picker, ANN, blocks.getFirst());
        picker.arriving(ANN, blocks.get(1), 0);

        picker.peerGone(ANN, -7);

        assertThat(picker.contributors(blocks.getFirst().piece()))
                .containsExactly(-7, Picker.NOBODY, Picker.NOBODY, Picker.NOBODY);
        assertThat(picker.arrived(ANN, blocks.get(1)).accepted()).isFalse();
        assertThat(pick(picker, BOB, seed, 3, Pace.MEDIUM)).isEqualTo(blocks.subList(1, 4));
    }

    // Pieces that fail, and peers on parole.

    @Test
    void oneAtATimeDeliversAPieceThatFailed() {
        Picker picker = picker(2, setOf(2, 1), 1);
        PieceSet seed = join(picker, PieceSet.full(2));
        pick(picker, ANN, seed, 2, Pace.MEDIUM).forEach(block -> deliver(picker, ANN, block));
        pick(picker, BOB, seed, 2, Pace.MEDIUM).forEach(block -> deliver(picker, BOB, block));
        assertThat(picker.state(0)).isEqualTo(PieceState.FULL);
        assertThat(picker.contributors(0)).containsExactly(ANN, ANN, BOB, BOB);
        picker.pieceFailed(0, true);
        assertThat(picker.state(0)).isEqualTo(PieceState.FREE);

        pick(picker, BOB, seed, 2, Pace.MEDIUM).forEach(block -> deliver(picker, BOB, block));
        assertThat(pick(picker, ANN, seed, 2, Pace.FAST)).as("nobody joins in").isEmpty();
        assertThat(picker.discardable()).as("but nobody waits for an idle one").containsExactly(0);
        assertThat(pick(picker, ANN, seed, 2, Pace.FAST)).isEmpty();
        picker.discard(0);
        pick(picker, ANN, seed, 4, Pace.FAST).forEach(block -> deliver(picker, ANN, block));
        assertThat(picker.contributors(0)).containsOnly(ANN);
        finish(picker);
        assertThat(picker.wantedPieces()).isZero();
    }

    @Test
    void anExclusivePieceIsBegunAnewWhenItsPeerLeaves() {
        Picker picker = picker(2, setOf(2, 1), 1);
        PieceSet seed = join(picker, PieceSet.full(2));
        fail(picker, seed);
        List<BlockRange> blocks = pick(picker, ANN, seed, 3, Pace.MEDIUM);
        deliver(picker, ANN, blocks.getFirst());

        picker.released(ANN, blocks.get(1));
        assertThat(picker.discardable()).as("one block is still in flight").isEmpty();
        picker.released(ANN, blocks.get(2));
        assertThat(picker.discardable()).containsExactly(0);
    }

    @Test
    void anExclusivePieceThatBroughtNothingIsHandedOn() {
        Picker picker = picker(2, setOf(2, 1), 1);
        PieceSet seed = join(picker, PieceSet.full(2));
        fail(picker, seed);
        List<BlockRange> blocks = pick(picker, ANN, seed, 3, Pace.MEDIUM);
        picker.timedOut(ANN, blocks.get(0));
        picker.peerGone(ANN, Picker.NOBODY);

        assertThat(picker.discardable()).isEmpty();
        assertThat(pick(picker, BOB, seed, 4, Pace.MEDIUM)).hasSize(4);
        assertThat(picker.arriving(ANN, blocks.get(0), 0)).isEqualTo(Verdict.UNREQUESTED);
    }

    @Test
    void aPeerOnParoleTakesOnlyWhatNobodyElseTouches() {
        Picker picker = picker(3);
        PieceSet seed = join(picker, PieceSet.full(3));
        int shared = pick(picker, ANN, seed, 1, Pace.MEDIUM).getFirst().piece();
        List<BlockRange> eves = new ArrayList<>();

        picker.pick(new Picker.Ask(EVE, seed, 2, Pace.MEDIUM, null, true, 0), eves);

        int own = eves.getFirst().piece();
        assertThat(own).isNotEqualTo(shared);
        assertThat(pick(picker, BOB, seed, 20, Pace.MEDIUM))
                .extracting(BlockRange::piece)
                .doesNotContain(own);
    }

    @Test
    void theOnlySeedFinishesATorrentThoughItIsOnParole() {
        Picker picker = picker(5);
        PieceSet seed = join(picker, PieceSet.full(5));
        pick(picker, ANN, seed, 3, Pace.MEDIUM).forEach(block -> deliver(picker, ANN, block));
        pick(picker, ANN, seed, 1, Pace.MEDIUM);
        picker.peerGone(ANN, Picker.NOBODY);
        for (int round = 0; round < 100 && picker.wantedPieces() > 0; round++) {
            List<BlockRange> blocks = new ArrayList<>();
            picker.pick(new Picker.Ask(EVE, seed, 4, Pace.MEDIUM, null, true, 0), blocks);
            blocks.forEach(block -> deliver(picker, EVE, block));
            finish(picker);
            picker.discardable().forEach(picker::discard);
        }
        assertThat(picker.wantedPieces()).isZero();
    }

    // What peers suggest.

    private static List<BlockRange> pickSuggested(Picker picker, PieceSet has, List<Integer> suggested) {
        List<BlockRange> result = new ArrayList<>();
        picker.pick(new Picker.Ask(ANN, has, 1, Pace.MEDIUM, null, false, suggested, Prospect.SOONEST, 0), result);
        return result;
    }

    @Test
    void aSuggestionDecidesBetweenPiecesThatAreAlike() {
        for (int piece = 0; piece < 20; piece++) {
            Picker atFirst = picker(20);
            PieceSet all = join(atFirst, PieceSet.full(20));
            assertThat(pickSuggested(atFirst, all, List.of(piece, 3)))
                    .extracting(BlockRange::piece)
                    .containsExactly(piece);

            Picker later = picker(30, setOf(30, 20, 21, 22, 23), piece);
            PieceSet seed = join(later, PieceSet.full(30));
            assertThat(pickSuggested(later, seed, List.of(22, piece)))
                    .as("one that is here already is passed over")
                    .extracting(BlockRange::piece)
                    .containsExactly(piece);
        }
    }

    @Test
    void aSuggestionNeverMakesARarerPieceWait() {
        Picker picker = picker(20, setOf(20, 16, 17, 18, 19), 1);
        PieceSet seed = join(picker, PieceSet.full(20));
        PieceSet common = PieceSet.full(20);
        common.remove(7);
        join(picker, common);
        assertThat(pickSuggested(picker, seed, List.of(3)))
                .extracting(BlockRange::piece)
                .containsExactly(7);
    }

    @Test
    void aSuggestionOfWhatThePeerLacksOrNobodyWantsIsNothing() {
        Picker picker = picker(20);
        picker.setPriority(3, 0);
        PieceSet some = join(picker, setOf(20, 3, 5));
        assertThat(pickSuggested(picker, some, List.of(3, 9)))
                .extracting(BlockRange::piece)
                .containsExactly(5);
    }

    // Pieces on disk.

    @Test
    void aLostPieceIsFetchedAgain() {
        Picker picker = picker(3, PieceSet.full(3), 1);
        PieceSet seed = join(picker, PieceSet.full(3));
        assertThat(picker.isInteresting(seed)).isFalse();

        picker.pieceLost(1);

        assertThat(picker.isInteresting(seed)).isTrue();
        assertThat(pick(picker, ANN, seed, 40, Pace.FAST)).hasSize(4).allMatch(block -> block.piece() == 1);
    }

    @Test
    void aPieceChangesItsStateInOrderOnly() {
        Picker picker = picker(3);
        assertThatThrownBy(() -> picker.pieceVerified(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> picker.pieceFailed(1, false)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> picker.pieceLost(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> picker.discard(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> picker.setPriority(1, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> picker.peerGone(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ask(-1, PieceSet.full(3), 1, Pace.FAST, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Words of the examples.

    private static Picker picker(int pieces, PieceSet flushed, long seed) {
        // Random's first numbers of neighbouring seeds are much alike.
        return new Picker(layout(pieces), flushed, piece -> true, new SplittableRandom(seed));
    }

    private Picker picker(int pieces) {
        return new Picker(layout(pieces), new PieceSet(pieces), piece -> !refused.contains(piece), new Random(1));
    }

    private static PieceLayout layout(int pieces) {
        return new PieceLayout(4L * BLOCK * (pieces - 1) + 100, 4 * BLOCK);
    }

    private static PieceSet setOf(int pieces, int... members) {
        PieceSet set = new PieceSet(pieces);
        for (int piece : members) {
            set.add(piece);
        }
        return set;
    }

    private static PieceSet join(Picker picker, PieceSet has) {
        picker.peerJoined(has);
        return has;
    }

    private static Picker.Ask ask(int peer, PieceSet has, int blocks, Pace pace, long now) {
        return new Picker.Ask(peer, has, blocks, pace, null, false, now);
    }

    private static List<BlockRange> pick(Picker picker, int peer, PieceSet has, int blocks, Pace pace) {
        return pick(picker, peer, has, blocks, pace, 0);
    }

    private static List<BlockRange> pick(Picker picker, int peer, PieceSet has, int blocks, Pace pace, long now) {
        List<BlockRange> result = new ArrayList<>();
        picker.pick(ask(peer, has, blocks, pace, now), result);
        return result;
    }

    private static List<BlockRange> pick(
            Picker picker, int peer, PieceSet has, int blocks, Prospect prospect, long now) {
        List<BlockRange> result = new ArrayList<>();
        picker.pick(new Picker.Ask(peer, has, blocks, Pace.MEDIUM, null, false, List.of(), prospect, now), result);
        return result;
    }

    private static void deliver(Picker picker, int peer, BlockRange block) {
        assertThat(picker.arriving(peer, block, 0).isWanted()).isTrue();
        assertThat(picker.arrived(peer, block).accepted()).isTrue();
    }

    private static void fail(Picker picker, PieceSet seed) {
        pick(picker, BOB, seed, 4, Pace.MEDIUM).forEach(block -> deliver(picker, BOB, block));
        picker.pieceFailed(0, true);
    }

    private static void finish(Picker picker) {
        for (PieceProgress piece : picker.openPieces()) {
            if (piece.state() == PieceState.FULL) {
                picker.pieceVerified(piece.piece());
                picker.pieceFlushed(piece.piece());
            }
        }
    }
}
