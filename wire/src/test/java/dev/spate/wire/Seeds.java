package dev.spate.wire;

import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Runs a property with many seeds and says which one failed, so that it can become an example. */
public final class Seeds {
    private Seeds() {}

    public static void run(int seeds, Consumer<RandomGenerator> property) {
        for (int seed = 0; seed < seeds; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
