package dev.spate.core.announce;

import dev.spate.wire.tracker.AnnounceAnswer;
import dev.spate.wire.tracker.AnnounceEvent;
import dev.spate.wire.tracker.AnnounceRefusal;
import dev.spate.wire.tracker.AnnounceRefusal.Retry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when one torrent is announced to which of its trackers.
 *
 * <p>Inputs are method calls that end in the present moment, monotonic nanoseconds; after each, {@link #poll} gives the announces to
 * be made, and {@link #deadline} says when {@link #timeout} is to be called. Every order is reported on exactly once, with
 * {@link #answered}, {@link #refused} or {@link #failed}, under its number; it is for the caller to give up on a tracker
 * that is silent. A report on an order that has been overtaken by {@link #stop} or {@link #setTrackers} is welcome and without
 * effect.
 *
 * <p>Not safe for use by several threads.
 */
public final class Announcer {
    /*
     * Implementation note. A Tracker is one URL by one route; a Walk looks for one that answers (BEP 12). The routes are
     * independent of each other, since to be known by one address does not help those who can only reach another. Trackers
     * whose route is left open (ANY) walk with the first that is not, so that they are a fallback of the others
     * as the tiers want it, once.
     *
     * Events: a tracker's first announce is "started", until it answers one; "completed" goes, out of turn, to each that was
     * started before, "stopped" to each that may believe we are there. Neither waits for an interval (BEP 15: "or an event
     * has occurred").
     */

    /** More trackers than this are left out; real lists have some dozens. */
    public static final int MAX_TRACKERS = 256;

    /** Regular announces are late by a random part of this fraction, so that torrents added together part company. */
    private static final int LATENESS = 20;

    private final AnnounceSettings settings;
    private final RandomGenerator random;
    private final BackOff backOff;
    private final int key;
    private final Queue<AnnounceOrder> orders = new ArrayDeque<>();
    private final Map<Integer, UnderWay> underWay = new LinkedHashMap<>();

    private Map<Place, Tracker> trackers = new LinkedHashMap<>();
    private List<Walk> walks = new ArrayList<>();
    private boolean running;
    private boolean partial;
    private int lastOrder;

    /** Where a tracker is found. */
    private record Place(String url, Route route) {}

    /** An order that was not reported on. */
    private record UnderWay(Tracker tracker, AnnounceEvent event) {}

    /**
     * An announcer that has not been started.
     *
     * @param tiers announce URLs, the most preferred tier first (BEP 12); doubles are left out
     */
    public Announcer(List<List<String>> tiers, AnnounceSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.backOff = new BackOff(
                settings.firstBackOff().toNanos(), settings.longestBackOff().toNanos());
        this.key = random.nextInt();
        rebuild(tiers);
        walks.forEach(Walk::halt);
    }

    /** The torrent begins to take part in its swarm; without effect if it does already. */
    public void start(long now) {
        if (running) {
            return;
        }
        running = true;
        trackers.values().forEach(Tracker::started);
        for (Walk walk : walks) {
            walk.restart(now);
            goOn(walk, now);
        }
    }

    /**
     * The torrent has become complete since the start; to be called once, and never for one that was complete when it was
     * started (BEP 3).
     */
    public void complete(long now) {
        if (!running) {
            return;
        }
        trackers.values().forEach(Tracker::completed);
        walks.forEach(this::tellOwed);
    }

    /** Whether the torrent wants nothing more without having all (BEP 21); told with the next announces, not by one of its own. */
    public void setPartialSeed(boolean isPartialSeed) {
        partial = isPartialSeed;
    }

    /** The torrent leaves its swarm; trackers that may know of us are told. */
    public void stop(long now) {
        if (!running) {
            return;
        }
        running = false;
        walks.forEach(Walk::halt);
        trackers.values().forEach(this::leave);
    }

    /**
     * Somebody wants to announce right away. Trackers that have failed are tried again, and who answers is asked as soon as
     * its minimum interval allows; what a tracker said about being left alone holds (BEP 31).
     */
    public void announceNow(long now) {
        if (!running) {
            return;
        }
        trackers.values().forEach(tracker -> tracker.retryNow(now));
        walks.forEach(walk -> walk.hasten(now));
        timeout(now);
    }

    /**
     * Another list of trackers. What is known of those on both lists remains; those that are gone are told that we leave. Who is
     * new is asked at once, although another one answers: the user wants to see what it knows.
     */
    public void setTrackers(List<List<String>> tiers, long now) {
        Map<Place, Tracker> before = trackers;
        List<Walk> walksBefore = walks;
        rebuild(tiers);
        before.forEach((place, tracker) -> {
            if (!trackers.containsKey(place)) {
                leave(tracker);
            }
        });
        for (Walk walk : walks) {
            if (running) {
                walk.restart(now);
                walksBefore.forEach(walk::continueFrom);
                if (walk.isSettled()) {
                    walk.nameThoseBeyond(before.values());
                }
            } else {
                walk.halt();
            }
        }
        timeout(now);
        walks.forEach(this::tellOwed);
    }

    /** The tracker answered an order. */
    public void answered(int order, AnnounceAnswer answer, long now) {
        UnderWay ended = end(order);
        if (ended == null) {
            return;
        }
        Tracker tracker = ended.tracker();
        long shortest = settings.shortestInterval().toNanos();
        long longest = settings.longestInterval().toNanos();
        Duration said = answer.minInterval();
        long least = said == null ? shortest : Math.clamp(said.toNanos(), shortest, longest);
        long interval = Math.clamp(answer.interval().toNanos(), least, longest);
        tracker.answered(answer, least, now);
        Walk walk = walkAsking(tracker);
        if (walk != null) {
            walk.answered(tracker, now + interval + random.nextLong(interval / LATENESS + 1));
            tellOwed(walk);
        }
    }

    /** The tracker said No to an order. */
    public void refused(int order, AnnounceRefusal refusal, long now) {
        UnderWay ended = end(order);
        if (ended == null) {
            return;
        }
        Tracker tracker = ended.tracker();
        int failures = tracker.failed(refusal.reason(), true);
        switch (refusal.retry()) {
            case Retry.Unsaid unsaid ->
                tracker.waitUntil(now + Math.max(settings.refusalBackOff().toNanos(), backOff.nanos(failures, random)));
            case Retry.In in -> tracker.leaveAlone(in.delay(), now);
            case Retry.Never never -> tracker.giveUp();
        }
        tryAnother(tracker, now);
    }

    /**
     * An order got no answer, or none that could be read.
     *
     * @param reason for the user
     */
    public void failed(int order, String reason, long now) {
        UnderWay ended = end(order);
        if (ended == null) {
            return;
        }
        Tracker tracker = ended.tracker();
        int failures = tracker.failed(reason, false);
        tracker.waitUntil(now + backOff.nanos(failures, random));
        tryAnother(tracker, now);
    }

    /** When {@link #timeout} is to be called, or {@link TrackerStatus#NEVER}. */
    public long deadline() {
        long earliest = TrackerStatus.NEVER;
        for (Walk walk : walks) {
            earliest = Math.min(earliest, walk.deadline());
        }
        return earliest;
    }

    /** Time has passed; without effect before the deadline. */
    public void timeout(long now) {
        for (Walk walk : walks) {
            if (walk.deadline() <= now) {
                goOn(walk, now);
            }
        }
    }

    /** The next announce to be made, or null. */
    public @Nullable AnnounceOrder poll() {
        return orders.poll();
    }

    /** Whether every order has been polled and reported on; after {@link #stop}, that all trackers know or cannot be told. */
    public boolean isQuiet() {
        return underWay.isEmpty();
    }

    /** How things stand, tier by tier as they were given, a line for each address family. */
    public List<TrackerStatus> statuses() {
        List<TrackerStatus> statuses = new ArrayList<>();
        for (Tracker tracker : trackers.values()) {
            long next = TrackerStatus.NEVER;
            for (Walk walk : walks) {
                if (running && walk.contains(tracker)) {
                    next = walk.nextAnnounce(tracker);
                }
            }
            statuses.add(tracker.status(next));
        }
        return statuses;
    }

    private void goOn(Walk walk, long now) {
        Tracker tracker = walk.next(now);
        // Where a goodbye from before a restart is still under way, its end gives the order.
        if (tracker != null && !tracker.isUnderWay()) {
            order(tracker, tracker.nextEvent(partial));
        }
    }

    private void tryAnother(Tracker tracker, long now) {
        Walk walk = walkAsking(tracker);
        if (walk != null) {
            if (walk.failed(tracker)) {
                goOn(walk, now);
            }
            tellOwed(walk);
        }
    }

    private void tellOwed(Walk walk) {
        Tracker owed = walk.owed();
        if (running && walk.asking() == null && owed != null) {
            walk.askOutOfTurn(owed);
            order(owed, owed.owedEvent(partial));
        }
    }

    private void leave(Tracker tracker) {
        underWay.entrySet().removeIf(entry -> {
            UnderWay overtaken = entry.getValue();
            if (overtaken.tracker() != tracker || overtaken.event() == AnnounceEvent.STOPPED) {
                return false;
            }
            int number = entry.getKey();
            if (orders.removeIf(order -> order.order() == number)) {
                tracker.neverAsked();
            }
            return true;
        });
        if (tracker.mayKnowUs() && !tracker.isGivenUp()) {
            order(tracker, AnnounceEvent.STOPPED);
        }
    }

    private void order(Tracker tracker, AnnounceEvent event) {
        AnnounceOrder order = new AnnounceOrder(
                ++lastOrder,
                tracker.url,
                tracker.route,
                event,
                event == AnnounceEvent.STOPPED ? 0 : settings.numWant(),
                key,
                tracker.trackerId());
        tracker.asked(event);
        underWay.put(order.order(), new UnderWay(tracker, event));
        orders.add(order);
    }

    /** Strikes an order off; null if it was overtaken, or was a goodbye, whose outcome makes no difference. */
    private @Nullable UnderWay end(int order) {
        UnderWay ended = underWay.remove(order);
        if (ended == null || ended.event() != AnnounceEvent.STOPPED) {
            return ended;
        }
        Tracker tracker = ended.tracker();
        tracker.left();
        if (walkAsking(tracker) != null) {
            order(tracker, tracker.nextEvent(partial));
        }
        return null;
    }

    private @Nullable Walk walkAsking(Tracker tracker) {
        for (Walk walk : walks) {
            if (walk.asking() == tracker) {
                return walk;
            }
        }
        return null;
    }

    private void rebuild(List<List<String>> tiers) {
        Map<Place, Tracker> known = trackers;
        trackers = new LinkedHashMap<>();
        Map<Route, List<List<Tracker>>> ways = new EnumMap<>(Route.class);
        Set<String> urls = new HashSet<>();
        for (int tier = 0; tier < tiers.size(); tier++) {
            Map<Route, List<Tracker>> inTier = new EnumMap<>(Route.class);
            for (String url : tiers.get(tier)) {
                if (urls.size() == MAX_TRACKERS || !urls.add(url)) {
                    continue;
                }
                for (Route route : Tracker.isUdp(url) ? settings.udpRoutes() : settings.httpRoutes()) {
                    Place place = new Place(url, route);
                    Tracker tracker = known.containsKey(place) ? known.get(place) : new Tracker(url, route);
                    tracker.setTier(tier);
                    trackers.put(place, tracker);
                    inTier.computeIfAbsent(settings.walksWith(route), r -> new ArrayList<>())
                            .add(tracker);
                }
            }
            inTier.forEach((route, members) ->
                    ways.computeIfAbsent(route, r -> new ArrayList<>()).add(members));
        }
        walks = new ArrayList<>();
        for (List<List<Tracker>> way : ways.values()) {
            if (settings.everyTier()) {
                way.forEach(tier -> walks.add(new Walk(List.of(tier), random)));
            } else {
                walks.add(new Walk(way, random));
            }
        }
    }
}
