package dev.spate.core.announce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A search through tiers for one tracker that answers, made anew for each announce (BEP 12, "order of processing").
 *
 * <p>There is one walk over all tiers, or one for each, and that for each address family. It has one announce under way at most.
 */
final class Walk {
    /** The order in which the trackers are tried; each tier was shuffled once, and who answers moves to the front of its own. */
    private final List<List<Tracker>> tiers;

    /** Who has failed on this round. */
    private final Set<Tracker> tried = new LinkedHashSet<>();

    /** Who answered the last round. */
    private @Nullable Tracker current;

    /** Who is being asked; null between rounds. */
    private @Nullable Tracker asking;

    /** Whether it is asked between two rounds. */
    private boolean outOfTurn;

    /** When the next round begins; {@link TrackerStatus#NEVER} if nobody is left to be asked. */
    private long nextRound = Long.MIN_VALUE;

    Walk(List<List<Tracker>> tiers, RandomGenerator random) {
        this.tiers = new ArrayList<>();
        for (List<Tracker> tier : tiers) {
            List<Tracker> shuffled = new ArrayList<>(tier);
            Collections.shuffle(shuffled, random);
            this.tiers.add(shuffled);
        }
    }

    boolean contains(Tracker tracker) {
        return tiers.stream().anyMatch(tier -> tier.contains(tracker));
    }

    @Nullable
    Tracker asking() {
        return asking;
    }

    /** When {@link #next} is due; never while a tracker is being asked. */
    long deadline() {
        return asking != null ? TrackerStatus.NEVER : nextRound;
    }

    /** When this tracker may be asked next, as far as that is known. */
    long nextAnnounce(Tracker tracker) {
        if (tracker.isGivenUp()) {
            return TrackerStatus.NEVER;
        }
        if (tracker == current) {
            return nextRound;
        }
        return tracker.isFailing() ? tracker.notBefore() : TrackerStatus.NEVER;
    }

    /** Starts all over. */
    void restart(long now) {
        tried.clear();
        current = null;
        asking = null;
        outOfTurn = false;
        nextRound = now;
    }

    /** Forgets what is under way, and does nothing more. */
    void halt() {
        asking = null;
        nextRound = TrackerStatus.NEVER;
    }

    /** Takes over from a walk through an older list what this one knows as well. */
    void continueFrom(Walk older) {
        if (older.current != null && contains(older.current)) {
            current = older.current;
            nextRound = older.nextRound;
            promote(older.current);
        }
        if (older.asking != null && contains(older.asking)) {
            asking = older.asking;
            outOfTurn = older.outOfTurn;
        }
    }

    /** Has one of the walk's trackers asked between two rounds, which then stay when they are. */
    void askOutOfTurn(Tracker tracker) {
        asking = tracker;
        outOfTurn = true;
    }

    /** Who is to hear something before its turn comes; null if nobody is. */
    @Nullable
    Tracker owed() {
        for (List<Tracker> tier : tiers) {
            for (Tracker tracker : tier) {
                if (tracker.isOwed()) {
                    return tracker;
                }
            }
        }
        return null;
    }

    /** Whether one answers, or may be about to; otherwise everybody's turn comes by itself. */
    boolean isSettled() {
        return current != null || asking != null;
    }

    /** All that are not among these are named now. */
    void nameThoseBeyond(Collection<Tracker> known) {
        for (List<Tracker> tier : tiers) {
            for (Tracker tracker : tier) {
                if (!known.contains(tracker)) {
                    tracker.named();
                }
            }
        }
    }

    /** Chooses who is asked next on this round; null when the round is over because nobody else may be asked now. */
    @Nullable
    Tracker next(long now) {
        if (asking == null) {
            tried.clear();
        }
        long earliest = TrackerStatus.NEVER;
        for (List<Tracker> tier : tiers) {
            for (Tracker tracker : tier) {
                if (tracker.isGivenUp()) {
                    continue;
                }
                if (!tried.contains(tracker) && tracker.notBefore() <= now) {
                    asking = tracker;
                    return tracker;
                }
                earliest = Math.min(earliest, tracker.notBefore());
            }
        }
        asking = null;
        nextRound = earliest;
        return null;
    }

    void answered(Tracker tracker, long next) {
        asking = null;
        outOfTurn = false;
        current = tracker;
        nextRound = next;
        promote(tracker);
    }

    /** Returns whether the round goes on, so that {@link #next} is to be asked. */
    boolean failed(Tracker tracker) {
        tried.add(tracker);
        if (outOfTurn && current != null && current != tracker) {
            asking = null;
            outOfTurn = false;
            return false;
        }
        outOfTurn = false;
        if (current == tracker) {
            current = null;
        }
        return true;
    }

    /** Has the next round begin now, or as soon as the tracker that answers lets us. */
    void hasten(long now) {
        long allowed = current != null ? Math.max(now, current.notBefore()) : now;
        nextRound = Math.min(nextRound, allowed);
    }

    private void promote(Tracker tracker) {
        for (List<Tracker> tier : tiers) {
            if (tier.remove(tracker)) {
                tier.addFirst(tracker);
            }
        }
    }
}
