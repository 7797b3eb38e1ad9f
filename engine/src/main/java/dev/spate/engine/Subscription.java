package dev.spate.engine;

/** A listener's place at the events of a session; closing gives it up. Thread-safe. */
public interface Subscription extends AutoCloseable {

    /** How many events were dropped, the oldest first, because the listener was too slow. */
    long missed();

    /** No event is delivered any more, but one that is being delivered. */
    @Override
    void close();
}
