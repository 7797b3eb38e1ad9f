package dev.spate.core.dht;

import dev.spate.wire.PeerAddress;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.KrpcMessage;
import dev.spate.wire.dht.NodeId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The queries that are under way: each with an id that a stranger cannot guess, to be answered from the very address that was
 * asked.
 *
 * <p>Each waits a second, after which whoever waits may go on without it, and then fifteen seconds in all. As these are the
 * same for all, the next deadline is that of the query in front.
 */
final class Queries {
    /** No more than this are under way; then nothing is asked. */
    static final int MAX_OPEN = 4096;

    static final long SHORT_NANOS = 1_000_000_000L;
    static final long HARD_NANOS = 15_000_000_000L;

    /** Who waits for an answer. {@code slow} may be called, and then exactly one of the others, once. */
    interface Reply {
        void answered(KrpcMessage.Answer answer, long now);

        /** The node answers that it will not. */
        void refused(long code, long now);

        /** Nobody answered. */
        void silent(long now);

        /** Somebody answered, but under another name than he was asked by. */
        default void misnamed(KrpcMessage.Answer answer, long now) {
            silent(now);
        }

        /** It takes long; go on without it. */
        void slow(long now);
    }

    /** One query. */
    static final class Open {
        final int transaction;
        final PeerAddress to;
        /** The id of who is asked; null if it is not known. */
        final @Nullable NodeId expected;

        final Reply reply;
        final long sentAt;
        private boolean ended;

        Open(int transaction, PeerAddress to, @Nullable NodeId expected, Reply reply, long sentAt) {
            this.transaction = transaction;
            this.to = to;
            this.expected = expected;
            this.reply = reply;
            this.sentAt = sentAt;
        }
    }

    private final RandomGenerator random;

    /** Never walked through. */
    private final Map<Integer, Open> byTransaction = new HashMap<>();

    /** In the order of sending; ended ones are thrown away when they come to the front. */
    private final ArrayDeque<Open> young = new ArrayDeque<>();

    private final ArrayDeque<Open> all = new ArrayDeque<>();

    Queries(RandomGenerator random) {
        this.random = random;
    }

    int size() {
        return byTransaction.size();
    }

    boolean isFull() {
        return byTransaction.size() == MAX_OPEN;
    }

    /** Notes a query that is being sent, and gives it its transaction id. There must be room. */
    Bytes open(PeerAddress to, @Nullable NodeId expected, Reply reply, long now) {
        assert !isFull();
        int transaction = random.nextInt();
        while (byTransaction.containsKey(transaction)) {
            transaction = random.nextInt();
        }
        Open open = new Open(transaction, to, expected, reply, now);
        byTransaction.put(transaction, open);
        young.add(open);
        all.add(open);
        return Bytes.ofInt(transaction);
    }

    /** The query that a message from this address ends; null if there is none. */
    @Nullable
    Open close(Bytes transaction, PeerAddress from) {
        if (transaction.length() != Integer.BYTES) {
            return null;
        }
        Open open = byTransaction.get(transaction.toInt());
        if (open == null || !open.to.equals(from)) {
            return null;
        }
        end(open);
        return open;
    }

    private void end(Open open) {
        open.ended = true;
        byTransaction.remove(open.transaction);
        dropEnded(young);
        dropEnded(all);
    }

    private static void dropEnded(ArrayDeque<Open> queue) {
        while (!queue.isEmpty() && queue.getFirst().ended) {
            queue.removeFirst();
        }
    }

    long deadline() {
        long earliest = all.isEmpty() ? Long.MAX_VALUE : all.getFirst().sentAt + HARD_NANOS;
        return young.isEmpty() ? earliest : Math.min(earliest, young.getFirst().sentAt + SHORT_NANOS);
    }

    /** The next query that has become slow; null if there is none. */
    @Nullable
    Open nextSlow(long now) {
        dropEnded(young);
        return young.isEmpty() || now - young.getFirst().sentAt < SHORT_NANOS ? null : young.removeFirst();
    }

    /** The next query that nobody will answer any more; null if there is none. */
    @Nullable
    Open nextSilent(long now) {
        dropEnded(all);
        if (all.isEmpty() || now - all.getFirst().sentAt < HARD_NANOS) {
            return null;
        }
        Open open = all.getFirst();
        end(open);
        return open;
    }
}
