package dev.spate.engine;

import dev.spate.wire.PeerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Has an exclusive torrent deal with one peer, and notices when that one is of no more use: it sends bad data, it sends nothing for too
 * long, or its connection ends, twice; once it is dialed again, for it may not have forgotten an earlier connection of ours. For one thread.
 */
final class SingleSource implements AutoCloseable {

    /** How often it is looked whether something has come. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    private static final int CONNECTIONS = 2;

    /** One peer's few ends; should they be more, they say the same. */
    private static final int MOST_ENDS = 16;

    /** How a connection ended. */
    private record End(PeerAddress peer, String why, boolean isFinal) {}

    private final Torrent torrent;
    private final TorrentLife life;
    private final Duration patience;
    private final BlockingQueue<End> ends = new ArrayBlockingQueue<>(MOST_ENDS);
    private final Subscription subscription;

    /** @param patience how long a peer may send nothing */
    SingleSource(Session session, Torrent torrent, TorrentLife life, Duration patience) {
        this.torrent = torrent;
        this.life = life;
        this.patience = patience;
        this.subscription = session.subscribe(this::happened);
    }

    private void happened(Event event) {
        if (event.torrent() == torrent) {
            switch (event) {
                case Event.PeerDisconnected(var _, var peer, var reason) -> ends.offer(new End(peer, reason, false));
                case Event.PeerBanned(var _, var peer, var evidence) -> ends.offer(new End(peer, evidence, true));
                default -> {
                    // Everything else shows in the torrent's figures.
                }
            }
        }
    }

    /** Waits until the files have been looked at; whether everything is there. */
    boolean isComplete() throws InterruptedException {
        while (!torrent.awaitCompletion(GLANCE)) {
            switch (torrent.state()) {
                case FETCHING_METADATA, DOWNLOADING, PAUSED, QUEUED, FAILED, REMOVED -> {
                    return isDone();
                }
                // It knows soon, or it does and what follows from it is under way.
                case CHECKING, SEEDING, MOVING -> {}
            }
        }
        return true;
    }

    private boolean isDone() throws InterruptedException {
        return torrent.awaitCompletion(Duration.ZERO);
    }

    /**
     * Fetches from one peer until all is there or that peer fails.
     *
     * @return why it failed; empty when all is there
     * @throws SpateException if the torrent fails
     */
    Optional<String> fetchFrom(PeerAddress peer) {
        try {
            return fetch(peer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private Optional<String> fetch(PeerAddress peer) throws InterruptedException {
        life.keepOnly(List.of(peer));
        int ended = 0;
        long received = torrent.stats().downloaded();
        long since = System.nanoTime();
        while (!isDone()) {
            End end = ends.poll(GLANCE.toNanos(), TimeUnit.NANOSECONDS);
            if (end != null && end.peer().equals(peer)) {
                ended++;
                if (end.isFinal() || ended == CONNECTIONS) {
                    life.keepOnly(List.of());
                    return isDone() ? Optional.empty() : Optional.of(end.why());
                }
                torrent.addPeers(List.of(peer));
            }
            long now = torrent.stats().downloaded();
            if (now != received) {
                received = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= patience.toNanos()) {
                life.keepOnly(List.of());
                return Optional.of("nothing was received for " + patience.toMillis() / 1000.0 + " s");
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
