package dev.spate.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Something that waits, on a thread of its own, so that the user's wish to stop can end it. */
final class Errand<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Errand(String name, Callable<T> task) {
        thread = Thread.ofVirtual().name(name).unstarted(() -> run(task));
    }

    /** Begins. */
    static <T> Errand<T> begin(String name, Callable<T> task) {
        Errand<T> errand = new Errand<>(name, task);
        errand.thread.start();
        return errand;
    }

    /** The top frame of its thread: whatever ends it is for whoever asks for the result. */
    private void run(Callable<T> task) {
        try {
            result.complete(task.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** What comes of it. */
    CompletableFuture<T> result() {
        return result;
    }

    /** Ends it and waits until it has ended. */
    void stop() {
        thread.interrupt();
        result.exceptionally(_ -> null).join();
    }
}
