package dev.spate.io.work;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What became of a task. */
public sealed interface Outcome<T> {

    /** The task returned. */
    record Done<T>(T value) implements Outcome<T> {}

    /** The task threw, or was dropped before it began; then the cause is a {@link CancellationException}. */
    record Failed<T>(Throwable cause) implements Outcome<T> {}

    /** Runs {@code task}; everything that it throws is its outcome. */
    static <T> Outcome<T> of(Callable<T> task) {
        try {
            return new Done<>(task.call());
        } catch (Throwable failure) {
            return new Failed<>(failure);
        }
    }

    /** The outcome of a task that was dropped because {@code owner} was closed. */
    static <T> Outcome<T> cancelled(String owner) {
        return new Failed<>(new CancellationException(owner + " was closed before the task began"));
    }

    /** Hands {@code outcome} over on another executor. */
    static <T> void deliver(Outcome<T> outcome, Executor on, Consumer<? super Outcome<T>> to) {
        on.execute(() -> to.accept(outcome));
    }
}
