package dev.spate.engine.talk;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;

/** Many conversations at once. */
public final class Conversations {
    private Conversations() {}

    /**
     * Holds a conversation with each peer, so many at a time and each on a thread of its own, and hands over what came of each as it
     * comes, until somebody has enough. Those that go on then are interrupted, which ends them.
     *
     * @param <P> who is talked to
     * @param <R> what comes of it
     * @param peers doubles are talked to once
     * @param conversation called from many threads
     * @param isEnough asked on the caller's thread, one result after the other, also while others still talk; it may take its time
     * @return whether it ever said so
     */
    public static <P, R> boolean untilEnough(
            List<P> peers, int atOnce, Function<P, R> conversation, Predicate<R> isEnough) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofVirtual().name("spate-probe-", 0).factory());
        try (threads) {
            CompletionService<R> results = new ExecutorCompletionService<>(threads);
            LinkedHashSet<P> all = new LinkedHashSet<>(peers);
            all.forEach(peer -> results.submit(() -> conversation.apply(peer)));
            try {
                for (int i = 0; i < all.size(); i++) {
                    if (isEnough.test(results.take().get())) {
                        return true;
                    }
                }
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a conversation broke", e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
