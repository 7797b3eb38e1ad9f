package dev.spate.engine.shell;

import dev.spate.core.filter.IpFilter;
import dev.spate.core.rate.RateLimits;
import dev.spate.io.lane.Lane;
import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The limits that all torrents of a session share: its own, and those of named groups of torrents. Thread-safe; a change holds
 * on each lane as soon as that has come to it.
 */
public final class SessionLimits {

    /** The most classes of peers; each address is looked for in all of them. */
    public static final int MAX_CLASSES = 16;

    /** The most groups that have limits. */
    public static final int MAX_GROUPS = 256;

    private final List<LaneThrottle> throttles = new ArrayList<>();
    private final Map<String, LimitPair> groups = new ConcurrentSkipListMap<>();
    private final Map<String, RateLimits> groupLimits = new TreeMap<>();
    private final LimitPair session;
    private volatile Map<String, PeerClassLimits> classes = Map.of();
    private volatile boolean localLimited = true;
    private RateLimits limits = RateLimits.NONE;

    /** @param lanes all lanes of the session */
    public SessionLimits(List<Lane> lanes) {
        session = new LimitPair(lanes.size());
        for (Lane lane : lanes) {
            throttles.add(new LaneThrottle(lane, throttles.size()));
        }
    }

    public void set(RateLimits newLimits) {
        synchronized (this) {
            limits = newLimits;
            session.set(newLimits, System.nanoTime());
        }
        review();
    }

    public synchronized RateLimits get() {
        return limits;
    }

    /**
     * Limits what the torrents of a group move together.
     *
     * @param newLimits {@link RateLimits#NONE} ends the group
     * @throws IllegalStateException if there are {@link #MAX_GROUPS} others
     */
    public void setGroup(String group, RateLimits newLimits) {
        synchronized (this) {
            if (newLimits.equals(RateLimits.NONE)) {
                groups.remove(group);
                groupLimits.remove(group);
            } else if (groups.size() >= MAX_GROUPS && !groups.containsKey(group)) {
                throw new IllegalStateException("there are " + MAX_GROUPS + " groups with limits already");
            } else {
                groups.computeIfAbsent(group, _ -> new LimitPair(throttles.size()))
                        .set(newLimits, System.nanoTime());
                groupLimits.put(group, newLimits);
            }
        }
        review();
    }

    /** The groups that have limits. */
    public synchronized Map<String, RateLimits> groups() {
        return Map.copyOf(groupLimits);
    }

    /**
     * Treats the peers of some addresses in another way.
     *
     * @param addresses which; null ends the class
     * @throws IllegalStateException if there are {@link #MAX_CLASSES} others
     */
    public void setClass(String name, @Nullable IpFilter addresses, RateLimits newLimits, boolean exempt) {
        synchronized (this) {
            Map<String, PeerClassLimits> changed = new TreeMap<>(classes);
            PeerClassLimits earlier = changed.remove(name);
            if (addresses != null) {
                if (changed.size() >= MAX_CLASSES) {
                    throw new IllegalStateException("there are " + MAX_CLASSES + " classes of peers already");
                }
                LimitPair pair = earlier == null ? new LimitPair(throttles.size()) : earlier.limits();
                pair.set(newLimits, System.nanoTime());
                changed.put(name, new PeerClassLimits(addresses, pair, exempt));
            }
            classes = changed;
        }
        review();
    }

    /** The classes that a peer belongs to. */
    List<PeerClassLimits> classesOf(PeerAddress peer) {
        return classes.values().stream().filter(each -> each.contains(peer)).toList();
    }

    /** Whether peers of this machine and of private networks are limited like all others; they are at first. */
    public void setLocalLimited(boolean limited) {
        localLimited = limited;
        review();
    }

    public boolean isLocalLimited() {
        return localLimited;
    }

    /** The limits of the session itself. */
    LimitPair session() {
        return session;
    }

    /** The limits of a group, or null if it has none. */
    @Nullable
    LimitPair group(@Nullable String name) {
        return name == null ? null : groups.get(name);
    }

    /** Whether no limit holds for a peer, of whatever level, but those of its classes. */
    boolean isExempt(PeerAddress peer, List<PeerClassLimits> itsClasses) {
        return (!localLimited && LocalNetwork.contains(peer.ip()))
                || itsClasses.stream().anyMatch(PeerClassLimits::exempt);
    }

    /** What holds back the connections of a lane. */
    LaneThrottle on(Lane lane) {
        for (LaneThrottle each : throttles) {
            if (each.lane().equals(lane)) {
                return each;
            }
        }
        throw new IllegalArgumentException("not a lane of this session");
    }

    private void review() {
        throttles.forEach(LaneThrottle::reviewSoon);
    }
}
