package dev.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffersTest {
    private static final long SECOND = 1_000_000_000L;

    private final PieceLayout layout = new PieceLayout(10L * 65536, 65536);
    private final Offers offers = new Offers(layout);
    private final List<String> told = new ArrayList<>();
    private long now = 100 * SECOND;

    private List<String> settled() {
        told.clear();
        offers.settle((peer, piece) -> told.add(peer + ":" + piece), now);
        return told;
    }

    private void sendWhole(int peer, int piece) {
        for (int block = 0; block < layout.blocks(piece); block++) {
            offers.sent(peer, layout.block(piece, block), now);
        }
    }

    @Test
    void eachPeerIsOfferedAnotherPiece() {
        offers.joined(1);
        offers.joined(2);
        offers.joined(7);
        assertThat(settled()).containsExactly("1:0", "2:1", "7:2");
        assertThat(settled()).isEmpty();
    }

    @Test
    void theNextPieceIsForWhoPassedTheLastOneOn() {
        offers.joined(1);
        offers.joined(2);
        settled();
        sendWhole(1, 0);
        assertThat(settled()).as("nobody else has it").isEmpty();
        offers.gained(2, 0, now);
        assertThat(settled()).containsExactly("1:2");
    }

    @Test
    void whatAPeerSaysItHasCountsOnce() {
        offers.joined(1);
        offers.joined(2);
        settled();
        sendWhole(1, 0);
        offers.gained(1, 0, now);
        assertThat(settled()).isEmpty();
    }

    @Test
    void whoLeavesFreesItsPiece() {
        offers.joined(1);
        offers.joined(2);
        settled();
        offers.left(1);
        offers.joined(3);
        assertThat(settled()).containsExactly("3:0");
    }

    @Test
    void whoIsAloneNeedNotWait() {
        offers.joined(1);
        for (int piece = 0; piece < 10; piece++) {
            assertThat(settled()).containsExactly("1:" + piece);
            assertThat(offers.isEnough()).isFalse();
            sendWhole(1, piece);
        }
        assertThat(offers.isEnough()).isTrue();
    }

    @Test
    void whoseNeighboursDoNotTakeItsPieceWaitsAMinute() {
        offers.joined(1);
        offers.joined(2);
        settled();
        sendWhole(1, 0);
        settled();
        assertThat(offers.deadline()).isEqualTo(now + Offers.PATIENCE);
        now += Offers.PATIENCE - 1;
        assertThat(settled()).isEmpty();
        now += 1;
        assertThat(settled()).containsExactly("1:2");
        assertThat(offers.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoWantsNothingMoreIsOfferedNothingButCounts() {
        offers.joined(1);
        offers.joined(2);
        settled();
        offers.takes(1, false);
        offers.joined(3);
        assertThat(settled()).containsExactly("3:0");
        sendWhole(2, 1);
        offers.gained(1, 1, now);
        assertThat(settled()).containsExactly("2:2");
        offers.left(3);
        sendWhole(2, 2);
        assertThat(settled()).as("it is the only one that takes anything").containsExactly("2:0");
        offers.takes(1, true);
        assertThat(settled()).hasSize(1).first().asString().startsWith("1:");
    }

    @Test
    void twoCopiesOfEachPieceAreEnough() {
        for (int peer = 1; peer <= 4; peer++) {
            offers.joined(peer);
        }
        for (int piece = 0; piece < 10; piece++) {
            offers.gained(piece < 5 ? 1 : 2, piece, now);
            offers.gained(piece < 5 ? 3 : 4, piece, now);
            assertThat(offers.isEnough()).isEqualTo(piece == 9);
        }
        offers.left(3);
        assertThat(offers.isEnough()).isFalse();
    }

    @Test
    void noMoreThanSoManyPiecesAreComparedForAnOffer() {
        PieceLayout large = new PieceLayout(1000L << 14, 1 << 14);
        Offers many = new Offers(large);
        many.joined(1);
        for (int piece = 0; piece < 1000; piece++) {
            if (piece != Offers.PROBES) {
                many.gained(1, piece, now);
            }
        }
        many.joined(2);
        List<Integer> offered = new ArrayList<>();
        many.settle((peer, piece) -> offered.add(peer == 2 ? piece : -1), now);
        assertThat(offered)
                .as("the only piece without a copy, beyond the probes of the second")
                .contains(-1, 65);
    }

    /** The same arithmetic without thought for its cost. */
    private static final class Naive {
        final Map<Integer, SortedSet<Integer>> has = new TreeMap<>();
        final Map<Integer, Integer> piece = new TreeMap<>();
        final Map<Integer, Long> since = new TreeMap<>();
        final int pieces;
        boolean complete;

        Naive(int pieces) {
            this.pieces = pieces;
        }

        long copies(int of) {
            return has.values().stream().filter(set -> set.contains(of)).count();
        }

        long onOffer(int of) {
            return piece.entrySet().stream()
                    .filter(each -> each.getValue() == of
                            && !has.getOrDefault(each.getKey(), new TreeSet<>()).contains(of))
                    .count();
        }

        boolean isFree(int peer, long now) {
            Integer its = piece.get(peer);
            SortedSet<Integer> pieces = has.getOrDefault(peer, new TreeSet<>());
            return its == null
                    || (pieces.contains(its)
                            && (copies(its) > 1
                                    || has.size() == 1
                                    || now - since.getOrDefault(peer, now) >= Offers.PATIENCE));
        }

        boolean isEnough() {
            for (int each = 0; each < pieces; each++) {
                if (copies(each) < Offers.ENOUGH_COPIES) {
                    return complete;
                }
            }
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agreesWithANaiveModel(long seed) {
        Random dice = new Random(seed);
        int pieces = 1 + dice.nextInt(Offers.PROBES);
        PieceLayout small = new PieceLayout((long) pieces << 14, 1 << 14);
        Offers fast = new Offers(small);
        Naive naive = new Naive(pieces);
        for (int step = 0; step < 3000; step++) {
            int peer = dice.nextInt(6);
            int piece = dice.nextInt(pieces);
            SortedSet<Integer> its = naive.has.get(peer);
            if (its == null) {
                fast.joined(peer);
                naive.has.put(peer, new TreeSet<>());
            } else {
                switch (dice.nextInt(12)) {
                    case 0 -> {
                        fast.left(peer);
                        naive.has.remove(peer);
                        naive.piece.remove(peer);
                    }
                    case 1 -> {
                        fast.lost(peer, piece);
                        if (its.remove(piece)) {
                            naive.piece.remove(peer, piece);
                        }
                    }
                    case 2 -> now += dice.nextLong(Offers.PATIENCE);
                    case 3, 4, 5 -> gain(fast, naive, peer, piece);
                    default -> {
                        int offered = naive.piece.getOrDefault(peer, piece);
                        if (offered == naive.piece.getOrDefault(peer, -1)) {
                            fast.sent(peer, small.block(offered, 0), now);
                            naive.since.putIfAbsent(peer, now);
                            note(naive, peer, offered);
                        }
                    }
                }
            }
            settleBoth(fast, naive, step);
            assertThat(fast.isEnough()).as("step %d", step).isEqualTo(naive.isEnough());
        }
    }

    private void gain(Offers fast, Naive naive, int peer, int piece) {
        fast.gained(peer, piece, now);
        note(naive, peer, piece);
    }

    private void note(Naive naive, int peer, int piece) {
        SortedSet<Integer> its = naive.has.getOrDefault(peer, new TreeSet<>());
        if (its.add(piece) && naive.piece.getOrDefault(peer, -1) == piece) {
            naive.since.put(peer, now);
        }
        naive.complete |= its.size() == naive.pieces;
    }

    private void settleBoth(Offers fast, Naive naive, int step) {
        List<Integer> due = new ArrayList<>();
        for (int peer : naive.has.keySet()) {
            if (naive.isFree(peer, now)
                    && naive.has.getOrDefault(peer, new TreeSet<>()).size() < naive.pieces) {
                due.add(peer);
            }
        }
        List<Integer> offered = new ArrayList<>();
        fast.settle(
                (peer, piece) -> {
                    offered.add(peer);
                    SortedSet<Integer> its = naive.has.getOrDefault(peer, new TreeSet<>());
                    assertThat(its).doesNotContain(piece);
                    naive.piece.remove(peer);
                    for (int other = 0; other < naive.pieces; other++) {
                        if (!its.contains(other)) {
                            assertThat(naive.copies(piece) * 1000 + naive.onOffer(piece))
                                    .as("step %d: %d is offered, and not %d", step, piece, other)
                                    .isLessThanOrEqualTo(naive.copies(other) * 1000 + naive.onOffer(other));
                        }
                    }
                    naive.piece.put(peer, piece);
                },
                now);
        assertThat(offered).as("step %d", step).isEqualTo(due);
    }
}
