package dev.spate.core.choke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PortionTest {
    @Test
    void dividesInProportion() {
        assertThat(Portion.of(100, new double[] {1, 2, 7}, new long[] {1000, 1000, 1000}))
                .containsExactly(10, 20, 70);
    }

    @Test
    void dividesWhatOneLeavesAmongTheOthersInTheSameProportion() {
        assertThat(Portion.of(100, new double[] {1, 2, 7}, new long[] {1000, 1000, 40}))
                .containsExactly(20, 40, 40);
    }

    @Test
    void leavesWhatNobodyCanUse() {
        assertThat(Portion.of(100, new double[] {1, 1}, new long[] {5, 6})).containsExactly(5, 6);
    }

    /** The naive model: the whole is given out in small spoons, each to whom has least for its weight. */
    @Test
    void agreesWithGivingOutSpoonBySpoon() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            int sharers = dice.nextInt(1, 6);
            double[] weights = new double[sharers];
            long[] most = new long[sharers];
            for (int i = 0; i < sharers; i++) {
                weights[i] = dice.nextDouble(0.1, 10);
                most[i] = dice.nextLong(5000);
            }
            long whole = dice.nextLong(5000);
            long[] spoons = new long[sharers];
            for (long left = whole; left > 0; left--) {
                int neediest = -1;
                for (int i = 0; i < sharers; i++) {
                    if (spoons[i] < most[i]
                            && (neediest < 0 || spoons[i] / weights[i] < spoons[neediest] / weights[neediest])) {
                        neediest = i;
                    }
                }
                if (neediest >= 0) {
                    spoons[neediest]++;
                }
            }
            long[] portions = Portion.of(whole, weights, most);
            for (int i = 0; i < sharers; i++) {
                assertThat((double) portions[i]).as("seed %d", seed).isCloseTo((double) spoons[i], within(7.0));
            }
        }
    }
}
