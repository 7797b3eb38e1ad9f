package dev.spate.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to listeners without ever waiting for one. Each listener has a virtual thread and a bounded queue of its own; a
 * listener that is too slow misses the oldest, and only it. Thread-safe.
 */
final class EventStream implements AutoCloseable {

    /** Events kept for a slow listener: some seconds of a busy session. */
    static final int QUEUE_LENGTH = 10_000;

    private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

    private final List<Reader> readers = new CopyOnWriteArrayList<>();

    void publish(Event event) {
        for (Reader reader : readers) {
            reader.offer(event);
        }
    }

    Subscription subscribe(Consumer<? super Event> listener) {
        Reader reader = new Reader(listener);
        readers.add(reader);
        Thread.ofVirtual().name("spate-events").start(reader::run);
        return reader;
    }

    /** Ends all subscriptions once they have delivered what they hold. */
    @Override
    public void close() {
        readers.forEach(Reader::end);
        readers.clear();
    }

    private final class Reader implements Subscription {
        private final Consumer<? super Event> listener;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<Event> queue = new ArrayDeque<>();
        private boolean ended;
        private long missed;

        Reader(Consumer<? super Event> listener) {
            this.listener = listener;
        }

        void offer(Event event) {
            lock.lock();
            try {
                if (ended) {
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
            for (Event event = next(); event != null; event = next()) {
                try {
                    listener.accept(event);
                } catch (RuntimeException e) {
                    // A listener's bug is its owner's to mend; it must not end the stream.
                    LOG.log(System.Logger.Level.ERROR, "an event listener failed at " + event, e);
                }
            }
        }

        private @Nullable Event next() {
            lock.lock();
            try {
                while (queue.isEmpty() && !ended) {
                    changed.awaitUninterruptibly();
                }
                return queue.poll();
            } finally {
                lock.unlock();
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
            readers.remove(this);
            lock.lock();
            try {
                queue.clear();
            } finally {
                lock.unlock();
            }
            end();
        }
    }
}
