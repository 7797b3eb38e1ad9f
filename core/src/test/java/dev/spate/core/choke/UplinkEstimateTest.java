package dev.spate.core.choke;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UplinkEstimateTest {
    /** Ten rounds are less than two minutes. */
    @ParameterizedTest
    @ValueSource(longs = {40_000, 125_000, 1_250_000, 12_500_000})
    void findsTheLineWithinTenRoundsAndStaysThere(long line) {
        UplinkEstimate estimate = UplinkEstimate.NEW;
        for (int round = 0; round < 100; round++) {
            estimate = estimate.after(Math.min(line, estimate.allowed()));
            if (round >= 10) {
                assertThat(estimate.allowed()).as("round %d", round).isBetween(line, line / 4 * 5);
            }
        }
    }

    @Test
    void forgetsSlowlyWhatALineCouldCarry() {
        UplinkEstimate estimate = new UplinkEstimate(1_000_000, 1_200_000);
        assertThat(estimate.after(0).allowed()).isGreaterThan(1_000_000);
        for (int round = 0; round < 200; round++) {
            estimate = estimate.after(0);
        }
        assertThat(estimate.allowed()).isEqualTo(UplinkEstimate.LEAST);
    }

    @Test
    void neverAllowsNothingAndNeverOverflows() {
        SplittableRandom dice = new SplittableRandom(1);
        UplinkEstimate estimate = UplinkEstimate.NEW;
        for (int round = 0; round < 10_000; round++) {
            estimate = estimate.after(dice.nextInt(3) == 0 ? Long.MAX_VALUE : dice.nextLong(1L << 50));
            assertThat(estimate.allowed()).isBetween(UplinkEstimate.LEAST, 1L << 42);
        }
    }
}
