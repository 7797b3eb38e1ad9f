package dev.spate.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do and tell nobody. */
final class Waiting {
    private static final long LIMIT = Duration.ofSeconds(60).toNanos();
    private static final long GLANCE = Duration.ofMillis(5).toNanos();

    private Waiting() {}

    /** Fails the test when it does not come true in a minute. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("it did not come true");
            }
            LockSupport.parkNanos(GLANCE);
        }
    }
}
