package dev.spate.core.swarm;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SwarmFuzzTest {
    @Test
    void survivesAnything() {
        for (long seed = 0; seed < 100; seed++) {
            try {
                new AnythingGoes(seed, new Random(seed)).run(3000);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
