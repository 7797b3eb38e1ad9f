package dev.spate.engine;

import dev.spate.core.queue.Queue;
import dev.spate.core.queue.QueueEntry;
import dev.spate.core.queue.QueueLimits;
import dev.spate.core.queue.QueueMove;
import dev.spate.engine.storage.QueueRank;
import dev.spate.io.lane.Lane;
import dev.spate.io.lane.LaneTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The torrents of a session in their order, and which of them may run. Thread-safe: torrents of all lanes meet here.
 *
 * <p>Without limits everything may run, nobody is looked at, and no timer rings.
 */
final class TorrentQueue {

    /** How often it looks whether torrents have become slow, or are no longer. */
    private static final Duration GLANCE = Duration.ofSeconds(5);

    /** What a torrent does about a decision. Called with the queue's lock held: it must only hand things on. */
    interface Admitted {
        /** {@link Place#mayRun} has another answer. */
        void decided();

        /** It is to tell {@link Place#moved} its rate. */
        void tellRate();
    }

    /** A torrent in the queue. */
    final class Place {
        private final Admitted owner;
        private boolean wantsToRun;
        private boolean complete;
        private boolean forced;
        private boolean running;
        private boolean changed;
        private long changedAt;
        private long busyAt;
        private long rank;
        /** The user has said where it stands, since it came. */
        private boolean moved;

        private Place(Admitted owner, long rank) {
            this.owner = owner;
            this.rank = rank;
        }

        /** It stood here in an earlier session; nothing happens if the user has moved it since. */
        void takeUp(QueueRank earlier) {
            synchronized (TorrentQueue.this) {
                forced |= earlier.forced();
                if (!moved && order.remove(this)) {
                    rank = earlier.rank();
                    int index = order.size();
                    while (index > 0 && order.get(index - 1).rank > rank) {
                        index--;
                    }
                    order.add(index, this);
                    review(true, null);
                }
            }
        }

        /** What to remember of it. */
        QueueRank rank() {
            synchronized (TorrentQueue.this) {
                return new QueueRank(rank, forced);
            }
        }

        /**
         * It would like to run.
         *
         * @param isComplete whether it has all it wants
         * @return whether it may; later changes are told to its owner
         */
        boolean wants(boolean isComplete) {
            synchronized (TorrentQueue.this) {
                if (complete != isComplete) {
                    // As a seed it is judged anew.
                    changed = false;
                }
                wantsToRun = true;
                complete = isComplete;
                review(false, this);
                return running;
            }
        }

        /** It does not want to run, mostly because the user says so. */
        void rests() {
            synchronized (TorrentQueue.this) {
                if (wantsToRun) {
                    wantsToRun = false;
                    running = false;
                    changed = false;
                    reviewFor(this);
                }
            }
        }

        /** Whether it runs whatever the limits are. */
        void force(boolean force) {
            synchronized (TorrentQueue.this) {
                if (forced != force) {
                    forced = force;
                    review(true, null);
                }
            }
        }

        boolean mayRun() {
            synchronized (TorrentQueue.this) {
                return running;
            }
        }

        boolean isForced() {
            synchronized (TorrentQueue.this) {
                return forced;
            }
        }

        /** So fast it moves bytes, in both directions. */
        void moved(long bytesPerSecond) {
            synchronized (TorrentQueue.this) {
                if (bytesPerSecond >= limits.slowRate()) {
                    busyAt = System.nanoTime();
                }
            }
        }

        /** Its place, from 0; -1 after it left. */
        int position() {
            synchronized (TorrentQueue.this) {
                return order.indexOf(this);
            }
        }

        /** What it waits for; empty if it does not. */
        Optional<Situation.QueuePlace> line() {
            synchronized (TorrentQueue.this) {
                if (!wantsToRun || running) {
                    return Optional.empty();
                }
                int ahead = (int) order.subList(0, Math.max(0, order.indexOf(this))).stream()
                        .filter(other -> other.wantsToRun && !other.running && other.complete == complete)
                        .count();
                return Optional.of(
                        new Situation.QueuePlace(complete, complete ? limits.seeds() : limits.downloads(), ahead));
            }
        }

        void move(QueueMove move) {
            synchronized (TorrentQueue.this) {
                int index = order.indexOf(this);
                if (index >= 0) {
                    moved = true;
                    move.apply(order, index);
                    rankAnew(order.indexOf(this));
                    review(true, null);
                }
            }
        }

        /** It is no longer a torrent of the session. */
        void leave() {
            synchronized (TorrentQueue.this) {
                if (order.remove(this)) {
                    wantsToRun = false;
                    reviewFor(this);
                }
            }
        }
    }

    private final Lane lane;
    private final LaneTimer timer;
    private final List<Place> order = new ArrayList<>();
    private QueueLimits limits = QueueLimits.NONE;

    /** @param lane whose timer it uses */
    TorrentQueue(Lane lane) {
        this.lane = lane;
        this.timer = lane.timer(this::glance);
    }

    /**
     * A place at the end.
     *
     * @param millis the time, so that those of earlier sessions come first
     */
    synchronized Place enter(Admitted owner, long millis) {
        Place place = new Place(owner, order.isEmpty() ? millis : Math.max(millis, order.getLast().rank + 1));
        order.add(place);
        return place;
    }

    /** One was moved: it gets a rank between those of its neighbours, who make place if there is none. */
    private void rankAnew(int moved) {
        int last = order.size() - 1;
        if (moved == 0 && last > 0) {
            order.getFirst().rank = order.get(1).rank - 1;
            return;
        }
        for (int i = Math.max(1, moved); i <= last; i++) {
            Place place = order.get(i);
            long before = order.get(i - 1).rank;
            if (i > moved && place.rank > before) {
                return;
            }
            place.rank = before + 1;
        }
    }

    synchronized void limit(QueueLimits newLimits) {
        limits = newLimits;
        for (Place place : order) {
            // Nobody was watched while there was no rate to watch for.
            place.busyAt = System.nanoTime();
        }
        review(true, null);
        try {
            lane.execute(this::glance);
        } catch (RejectedExecutionException e) {
            // The session is closed, and nothing runs any more.
            return;
        }
    }

    synchronized QueueLimits limits() {
        return limits;
    }

    private synchronized void glance() {
        if (limits.equals(QueueLimits.NONE)) {
            timer.cancel();
            return;
        }
        if (limits.slowRate() > 0) {
            order.stream().filter(place -> place.running).forEach(place -> place.owner.tellRate());
        }
        review(false, null);
        timer.set(lane.now() + GLANCE.toNanos());
    }

    /** Who goes makes room, which is given away at once. */
    private void reviewFor(Place gone) {
        if (!limits.equals(QueueLimits.NONE)) {
            review(true, gone);
        }
    }

    /** @param asking one that learns the outcome by itself, or null */
    private void review(boolean byUser, @Nullable Place asking) {
        long now = System.nanoTime();
        if (limits.equals(QueueLimits.NONE)) {
            // Who asks is the only one whose answer can be another one.
            for (Place place : asking == null ? order : List.of(asking)) {
                change(place, place.wantsToRun, asking, now);
            }
            return;
        }
        List<QueueEntry> entries = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            Place place = order.get(i);
            if (place.wantsToRun) {
                entries.add(new QueueEntry(
                        i, place.complete, place.forced, place.running, place.changedAt, place.changed, place.busyAt));
            }
        }
        List<Integer> chosen = Queue.choose(entries, limits, byUser, now);
        boolean[] runs = new boolean[order.size()];
        chosen.forEach(index -> runs[index] = true);
        for (int i = 0; i < runs.length; i++) {
            change(order.get(i), runs[i], asking, now);
        }
    }

    private static void change(Place place, boolean runs, @Nullable Place asking, long now) {
        if (place.running == runs) {
            return;
        }
        place.running = runs;
        place.changed = true;
        place.changedAt = now;
        place.busyAt = now;
        if (place != asking) {
            place.owner.decided();
        }
    }
}
