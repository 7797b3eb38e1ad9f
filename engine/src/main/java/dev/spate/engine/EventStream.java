package dev.spate.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to subscribers without ever waiting for one. Each subscriber has a virtual thread and a bounded queue of its own; who
 * asks for fewer than there are misses the oldest, and only it. Thread-safe.
 *
 * <p>A listener is a subscriber that asks for all there will ever be, and goes on when it fails; others follow the rules of
 * {@link Flow}: none is given more than it asked for, and one that fails is not called again.
 */
final class EventStream implements Flow.Publisher<Event>, AutoCloseable {

    /** Events kept for a slow subscriber: some seconds of a busy session. */
    static final int QUEUE_LENGTH = 10_000;

    private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    void publish(Event event) {
        for (Reader reader : readers) {
            reader.offer(event);
        }
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Event> subscriber) {
        var _ = join(Objects.requireNonNull(subscriber));
    }

    Subscription subscribe(Consumer<? super Event> listener) {
        return join(new Listener(listener));
    }

    private Reader join(Flow.Subscriber<? super Event> subscriber) {
        Reader reader = new Reader(subscriber);
        readers.add(reader);
        if (closed) {
            readers.remove(reader);
            reader.end();
        }
        Thread.ofVirtual().name("spate-events").start(reader::run);
        return reader;
    }

    /** Ends all subscriptions once they have delivered what they hold, as far as it is asked for. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(Reader::end);
        readers.clear();
    }

    /** Wants everything. */
    private record Listener(Consumer<? super Event> consumer) implements Flow.Subscriber<Event> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Event event) {
            try {
                consumer.accept(event);
            } catch (RuntimeException e) {
                // A listener's bug is its owner's to mend; it must not end the stream.
                LOG.log(System.Logger.Level.ERROR, "an event listener failed at " + event, e);
            }
        }

        @Override
        public void onError(Throwable bug) {
            throw new AssertionError("a listener asks for nothing wrong", bug);
        }

        @Override
        public void onComplete() {}
    }

    private final class Reader implements Subscription, Flow.Subscription {
        private final Flow.Subscriber<? super Event> subscriber;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<Event> queue = new ArrayDeque<>();

        /** Events that were asked for and not delivered; {@code Long.MAX_VALUE} for all. */
        private long wanted;

        /** No events come any more. */
        private boolean ended;

        /** The subscriber wants to hear nothing more. */
        private boolean cancelled;

        private @Nullable Throwable mistake;
        private long missed;

        Reader(Flow.Subscriber<? super Event> subscriber) {
            this.subscriber = subscriber;
        }

        void offer(Event event) {
            lock.lock();
            try {
                if (ended || cancelled) {
                    return;
                }
                if (queue.size() == QUEUE_LENGTH) {
                    queue.remove();
                    missed++;
                }
                queue.add(event);
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        void run() {
            try {
                subscriber.onSubscribe(this);
                for (Event event = next(); event != null; event = next()) {
                    subscriber.onNext(event);
                }
                finish();
            } catch (RuntimeException e) {
                // Flow: a subscriber whose method fails is taken to have cancelled.
                LOG.log(System.Logger.Level.ERROR, "a subscriber to events failed", e);
                cancel();
            }
        }

        private @Nullable Event next() {
            lock.lock();
            try {
                while (!cancelled && mistake == null && (queue.isEmpty() ? !ended : wanted == 0)) {
                    changed.awaitUninterruptibly();
                }
                if (cancelled || mistake != null || queue.isEmpty()) {
                    return null;
                }
                wanted -= wanted == Long.MAX_VALUE ? 0 : 1;
                return queue.remove();
            } finally {
                lock.unlock();
            }
        }

        private void finish() {
            boolean quietly;
            Throwable error;
            lock.lock();
            try {
                quietly = cancelled;
                error = mistake;
                cancelled = true;
            } finally {
                lock.unlock();
            }
            readers.remove(this);
            if (quietly) {
                return;
            }
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
        }

        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void request(long events) {
            lock.lock();
            try {
                if (events > 0) {
                    wanted = wanted > Long.MAX_VALUE - events ? Long.MAX_VALUE : wanted + events;
                } else if (mistake == null) {
                    mistake = new IllegalArgumentException("not a number of events to ask for: " + events);
                }
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cancel() {
            readers.remove(this);
            lock.lock();
            try {
                cancelled = true;
                queue.clear();
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long missed() {
            lock.lock();
            try {
                return missed;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            cancel();
        }
    }
}
