package dev.spate.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.utils.Signals;

/**
 * The user's wish to stop. The first Ctrl-C (or a polite request by the system, SIGTERM) asks the command to come to a good
 * end; the second ends the process at once. An interrupt of the thread that waits here is such a wish, too.
 */
final class Interrupts implements AutoCloseable {
    private final CompletableFuture<Void> wish = new CompletableFuture<>();
    private final Runnable beforeHalt;
    private final Object formerInt;
    private final Object formerTerm;

    private Interrupts(Runnable beforeHalt) {
        this.beforeHalt = beforeHalt;
        this.formerInt = Signals.register("INT", this::asked);
        this.formerTerm = Signals.register("TERM", this::asked);
    }

    /**
     * Begins to listen for signals.
     *
     * @param beforeHalt what must be put right even when the process ends at once; quick
     */
    static Interrupts listen(Runnable beforeHalt) {
        return new Interrupts(beforeHalt);
    }

    private void asked() {
        if (!wish.complete(null)) {
            beforeHalt.run();
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
    }

    /** Whether there was a wish to stop. */
    boolean wished() {
        return wish.isDone();
    }

    /** What is done when {@code other} is, or when there is a wish to stop; to be waited for again and again. */
    CompletableFuture<?> or(CompletableFuture<?> other) {
        return CompletableFuture.anyOf(wish, other);
    }

    /** Waits until {@code future} is done, or the time is over; says whether it is done. */
    boolean await(CompletableFuture<?> future, Duration atMost) throws ExecutionException {
        try {
            future.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            // Whoever interrupts us wants what Ctrl-C wants; what follows must be able to wait for its good end.
            wish.complete(null);
            return true;
        }
    }

    /** Gives the signals back to whom they belonged. */
    @Override
    public void close() {
        Signals.unregister("INT", formerInt);
        Signals.unregister("TERM", formerTerm);
    }
}
