package dev.spate.interop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for what other processes do: look, rest a little, look again, until a limit. */
final class Waiting {

    private static final long REST_NANOS = Duration.ofMillis(50).toNanos();

    private Waiting() {}

    /**
     * Returns when the condition holds.
     *
     * @param complaint what to say when the limit passes
     */
    static void until(Callable<Boolean> condition, Duration limit, Supplier<String> complaint) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(complaint.get() + " (waited " + limit.toSeconds() + " s)");
            }
            LockSupport.parkNanos(REST_NANOS);
        }
    }
}
