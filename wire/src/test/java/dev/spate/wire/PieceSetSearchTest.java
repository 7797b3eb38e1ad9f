package dev.spate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The searches that go through 64 pieces at a time find what a loop over all pieces finds. */
final class PieceSetSearchTest {
    @Test
    void findsWhatALoopFinds() {
        Random random = new Random(1);
        for (int pieces : new int[] {0, 1, 63, 64, 65, 200}) {
            for (double share : new double[] {0, 0.02, 0.5, 0.98, 1}) {
                PieceSet one = someOf(pieces, share, random);
                PieceSet other = someOf(pieces, 0.5, random);
                for (int from = 0; from <= pieces; from++) {
                    assertThat(one.next(from)).isEqualTo(first(pieces, from, one::contains));
                    assertThat(one.nextLacking(from)).isEqualTo(first(pieces, from, piece -> !one.contains(piece)));
                    assertThat(one.nextInBoth(other, from))
                            .isEqualTo(first(pieces, from, piece -> one.contains(piece) && other.contains(piece)));
                }
            }
        }
    }

    private static int first(int pieces, int from, IntPredicate which) {
        for (int piece = from; piece < pieces; piece++) {
            if (which.test(piece)) {
                return piece;
            }
        }
        return -1;
    }

    private static PieceSet someOf(int pieces, double share, Random random) {
        PieceSet set = new PieceSet(pieces);
        for (int piece = 0; piece < pieces; piece++) {
            if (random.nextDouble() < share) {
                set.add(piece);
            }
        }
        return set;
    }
}
