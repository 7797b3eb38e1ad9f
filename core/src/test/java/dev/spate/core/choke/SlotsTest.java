package dev.spate.core.choke;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final long KIB = 1024;

    @Test
    void growWhileEachPeerTakesItsShare() {
        assertThat(Slots.byRate(new long[] {}, 1, 100)).isEqualTo(1);
        assertThat(Slots.byRate(new long[] {KIB}, 1, 100)).isEqualTo(2);
        assertThat(Slots.byRate(new long[] {KIB, 2 * KIB, 3 * KIB}, 1, 100)).isEqualTo(3);
        assertThat(Slots.byRate(new long[] {3 * KIB, 3 * KIB, 3 * KIB}, 1, 100)).isEqualTo(4);
        assertThat(Slots.byRate(new long[] {100 * KIB, 0, 100 * KIB}, 1, 100)).isEqualTo(3);
    }

    @Test
    void stayWithinTheirBounds() {
        assertThat(Slots.byRate(new long[] {}, 4, 100)).isEqualTo(4);
        assertThat(Slots.byRate(new long[] {100 * KIB, 100 * KIB, 100 * KIB}, 1, 2))
                .isEqualTo(2);
    }

    @Test
    void leaveTheRatesAsTheyAre() {
        long[] rates = {5, 3, 4};
        Slots.byRate(rates, 1, 2);
        assertThat(rates).containsExactly(5, 3, 4);
    }
}
