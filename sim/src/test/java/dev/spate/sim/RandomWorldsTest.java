package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worlds made by chance, with everything that may go wrong; in each of them everybody who behaves completes in the end. */
class RandomWorldsTest {
    @Test
    void everyoneCompletesInWorldsMadeByChance() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(new RandomWorld(seed).everyoneCompletes())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void everyoneCompletesAlsoWhereTheSeedSuperSeeds() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(new RandomWorld(seed).withSuperSeeding().everyoneCompletes())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    /**
     * Worlds that showed a fault once: 37, 46 and 99 a piece begun again before its buffer was free; 179 a peer that stalls and
     * holds the only memory; 462, 637 and 1896 two such peers that pass a block between them; 379 and 1880 a request that was
     * cancelled and made again; 5359 peers that stall and hold the only memory, while the others are on parole;
     * 470844 and 1138078 peers that stall and hold the last pieces, which nobody on parole may touch, or which one on parole holds.
     */
    @ParameterizedTest
    @ValueSource(longs = {37, 46, 99, 179, 379, 462, 637, 1453, 1880, 1896, 5359, 470844, 1138078})
    void everyoneCompletesWhereSomebodyOnceDidNot(long seed) {
        assertThat(new RandomWorld(seed).everyoneCompletes()).isTrue();
    }

    @Test
    void aWorldRepeatsItselfExactly() {
        for (long seed = 0; seed < 20; seed++) {
            RandomWorld first = new RandomWorld(seed);
            RandomWorld second = new RandomWorld(seed);
            first.everyoneCompletes();
            second.everyoneCompletes();
            assertThat(second.world().eventsHappened()).isEqualTo(first.world().eventsHappened());
            assertThat(second.world().traceHash())
                    .as("seed %d", seed)
                    .isEqualTo(first.world().traceHash());
        }
    }

    @Test
    void worldsDiffer() {
        RandomWorld first = new RandomWorld(1);
        RandomWorld second = new RandomWorld(2);
        first.everyoneCompletes();
        second.everyoneCompletes();
        assertThat(second.world().traceHash()).isNotEqualTo(first.world().traceHash());
    }
}
