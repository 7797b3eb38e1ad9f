package dev.spate.engine.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConversationsTest {

    @Test
    void talksToEachOnceAndHandsOverWhatComes() throws Exception {
        List<Integer> results = new ArrayList<>();

        boolean enough = Conversations.untilEnough(List.of(1, 2, 3, 2, 1), 2, peer -> peer * 10, result -> {
            results.add(result);
            return false;
        });

        assertThat(enough).isFalse();
        assertThat(results).containsExactlyInAnyOrder(10, 20, 30);
    }

    @Test
    void talksToManyAtOnce() throws Exception {
        CyclicBarrier all = new CyclicBarrier(5);
        boolean enough = Conversations.untilEnough(
                IntStream.range(0, 5).boxed().toList(),
                5,
                peer -> {
                    try {
                        return all.await();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                result -> false);

        assertThat(enough).isFalse();
    }

    @Test
    void butNotToMoreThanAreAllowed() throws Exception {
        Semaphore room = new Semaphore(3);
        boolean tooMany = Conversations.untilEnough(
                IntStream.range(0, 100).boxed().toList(),
                3,
                peer -> {
                    boolean hasRoom = room.tryAcquire();
                    LockSupport.parkNanos(100_000);
                    if (hasRoom) {
                        room.release();
                    }
                    return hasRoom;
                },
                hasRoom -> !hasRoom);

        assertThat(tooMany).isFalse();
    }

    /** What they wait for never comes; so it is the interrupt that ends them. */
    @Test
    void endsTheOthersWhenThereIsEnough() throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch waiting = new CountDownLatch(3);

        boolean enough = Conversations.untilEnough(
                List.of(0, 1, 2, 3),
                4,
                peer -> {
                    try {
                        if (peer == 0) {
                            waiting.await();
                        } else {
                            waiting.countDown();
                            new CountDownLatch(1).await();
                        }
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                    }
                    return peer;
                },
                peer -> peer == 0);

        assertThat(enough).isTrue();
        assertThat(interrupted).hasValue(3);
    }

    @Test
    void aBugInAConversationIsNotSwallowed() {
        assertThatThrownBy(() -> Conversations.untilEnough(
                        List.of(1),
                        1,
                        peer -> {
                            throw new IllegalArgumentException("bug");
                        },
                        result -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("bug");
    }

    @Test
    void nobodyIsNotEnough() throws Exception {
        assertThat(Conversations.untilEnough(Collections.emptyList(), 1, peer -> peer, result -> true))
                .isFalse();
    }
}
