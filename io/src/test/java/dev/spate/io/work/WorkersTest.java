package dev.spate.io.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    private final LinkedBlockingQueue<Outcome<String>> outcomes = new LinkedBlockingQueue<>();

    @Test
    void deliversWhatATaskReturnsOrThrows() throws Exception {
        try (Workers workers = Workers.start("hash", 2)) {
            workers.submit(() -> Thread.currentThread().getName(), Runnable::run, outcomes::add);
            assertThat(next())
                    .isInstanceOfSatisfying(
                            Outcome.Done.class,
                            done -> assertThat((String) done.value()).startsWith("hash-"));
            workers.submit(
                    () -> {
                        throw new IOException("on purpose");
                    },
                    Runnable::run,
                    outcomes::add);
            assertThat(next())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.cause()).hasMessage("on purpose"));
        }
    }

    @Test
    void aTaskThatThrowsKillsNoWorker() throws Exception {
        try (Workers workers = Workers.start("hash", 1)) {
            workers.execute(() -> {
                throw new AssertionError("on purpose, to be seen in the log");
            });
            workers.submit(() -> "alive", Runnable::run, outcomes::add);
            assertThat(next()).isEqualTo(new Outcome.Done<>("alive"));
        }
    }

    @Test
    void usesAllItsThreadsAndBeginsInOrder() throws Exception {
        try (Workers workers = Workers.start("hash", 3)) {
            assertThat(workers.threads()).isEqualTo(3);
            var together = new CountDownLatch(3);
            for (int i = 0; i < 3; i++) {
                workers.submit(
                        () -> {
                            together.countDown();
                            return together.await(20, TimeUnit.SECONDS) ? "together" : "alone";
                        },
                        Runnable::run,
                        outcomes::add);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(next()).isEqualTo(new Outcome.Done<>("together"));
            }
        }
    }

    @Test
    void closingDropsWhatWaitsAndSaysSo() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        Workers workers = Workers.start("hash", 1);
        workers.submit(
                () -> {
                    begun.countDown();
                    end.await();
                    return "ran";
                },
                Runnable::run,
                outcomes::add);
        begun.await();
        workers.submit(() -> "never", Runnable::run, outcomes::add);
        assertThat(workers.queued()).isOne();
        Thread closing = Thread.ofPlatform().start(workers::close);
        assertThat(next())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(CancellationException.class));
        end.countDown();
        assertThat(next()).isEqualTo(new Outcome.Done<>("ran"));
        closing.join();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> workers.execute(() -> {}));
    }

    @Test
    void refusesWhenTooManyWait() throws Exception {
        var end = new CountDownLatch(1);
        var ran = new AtomicInteger();
        try (Workers workers = Workers.start("hash", 1)) {
            workers.submit(
                    () -> {
                        end.await();
                        return "";
                    },
                    Runnable::run,
                    outcomes::add);
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> {
                for (int i = 0; i <= Workers.CAPACITY + 1; i++) {
                    workers.execute(ran::incrementAndGet);
                }
            });
            end.countDown();
            next();
        }
        assertThat(ran.get()).isLessThanOrEqualTo(Workers.CAPACITY);
    }

    @Test
    void choresRunOnVirtualThreadsSoManyAtOnce() throws Exception {
        try (var chores = new Chores("ask", 2)) {
            var running = new AtomicInteger();
            var most = new AtomicInteger();
            var meeting = new CountDownLatch(2);
            for (int i = 0; i < 50; i++) {
                chores.submit(
                        () -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            meeting.countDown();
                            meeting.await();
                            running.decrementAndGet();
                            return Thread.currentThread().isVirtual() ? "virtual" : "not";
                        },
                        Runnable::run,
                        outcomes::add);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(next()).isEqualTo(new Outcome.Done<>("virtual"));
            }
            assertThat(most).hasValue(2);
        }
    }

    @Test
    void closingChoresInterruptsWhatRunsAndDropsWhatWaits() throws Exception {
        var begun = new CountDownLatch(1);
        var chores = new Chores("ask", 1);
        chores.submit(
                () -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    return "";
                },
                Runnable::run,
                outcomes::add);
        begun.await();
        chores.submit(() -> "", Runnable::run, outcomes::add);
        chores.close();
        assertThat(chores.unfinished()).isZero();
        assertThat(outcomes)
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Failed.class));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> chores.execute(() -> {}));
    }

    @Test
    void refusesChoresWhenTooManyWait() throws Exception {
        var end = new CountDownLatch(1);
        try (var chores = new Chores("ask", 1)) {
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> {
                for (int i = 0; i < 1_000; i++) {
                    chores.execute(() -> awaitQuietly(end));
                }
            });
            end.countDown();
        }
    }

    private Outcome<String> next() throws InterruptedException {
        Outcome<String> outcome = outcomes.poll(20, TimeUnit.SECONDS);
        assertThat(outcome).isNotNull();
        return outcome;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
