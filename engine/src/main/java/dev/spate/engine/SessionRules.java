package dev.spate.engine;

import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Slots;
import dev.spate.core.queue.QueueLimits;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.WeeklySchedule;
import dev.spate.engine.shell.Resources;
import dev.spate.engine.shell.SessionLimits;
import dev.spate.io.lane.Lane;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a session may do, beyond {@link Session#setLimits}: changed while it runs, at once and for all torrents. For use by any
 * thread.
 */
public final class SessionRules {
    private final SessionLimits limits;
    private final LimitsByTime byTime;
    private final Session session;
    private final Resources resources;
    private final TorrentQueue queue;
    private final Map<String, PeerClass> peerClasses = new TreeMap<>();
    private volatile SeedLimits seedLimits = SeedLimits.NONE;
    private volatile int maxConnectionsPerTorrent;
    private volatile int uploadSlots = Slots.DEFAULT;
    private volatile Choking choking = Choking.DEFAULT;

    /** @param lane whose timers it uses */
    SessionRules(
            Session session, Resources resources, SessionSettings settings, Lane lane, Supplier<LocalDateTime> clock) {
        this.session = session;
        this.resources = resources;
        this.maxConnectionsPerTorrent = settings.maxConnectionsPerTorrent();
        this.queue = new TorrentQueue(lane);
        this.limits = resources.limits();
        this.byTime = new LimitsByTime(limits, lane, clock);
    }

    /** The limits of {@link Session#setLimits}. */
    public RateLimits limits() {
        return byTime.ordinary();
    }

    void setLimits(RateLimits newLimits) {
        byTime.setOrdinary(newLimits);
    }

    /** Sets the limits that take the place of the ordinary ones in parts of the week. */
    public void setAlternativeLimits(RateLimits newLimits, WeeklySchedule schedule) {
        byTime.setAlternative(newLimits, schedule);
    }

    /** Says whether the schedule decides when the alternative limits are in force, as at first, or the caller. */
    public void useAlternativeLimits(AlternativeUse use) {
        byTime.use(use);
    }

    /** Whether the alternative limits hold at this moment. */
    public boolean isAlternativeInForce() {
        return byTime.isAlternativeInForce();
    }

    /**
     * Limits what the torrents of a group ({@link TorrentRules#setGroup}) move together, below the limits of the session.
     *
     * @param newLimits {@link RateLimits#NONE} forgets the group
     * @throws IllegalStateException if 256 other groups have limits
     */
    public void setGroupLimits(String group, RateLimits newLimits) {
        limits.setGroup(group, newLimits);
    }

    /** The groups that have limits. */
    public Map<String, RateLimits> groupLimits() {
        return limits.groups();
    }

    /**
     * Treats the peers of some addresses in another way than all others, at once and in all torrents. One that belongs to several
     * classes is subject to the limits of each.
     *
     * @param name for {@link #removePeerClass}, and to put another class in its place
     * @throws IllegalStateException if there are 16 other classes
     */
    public void setPeerClass(String name, PeerClass peers) {
        synchronized (peerClasses) {
            limits.setClass(name, peers.addresses(), peers.limits(), peers.isExempt());
            peerClasses.put(name, peers);
        }
    }

    /** Treats its peers like all others again; nothing happens if there is no such class. */
    public void removePeerClass(String name) {
        synchronized (peerClasses) {
            limits.setClass(name, null, RateLimits.NONE, false);
            peerClasses.remove(name);
        }
    }

    /** The classes of {@link #setPeerClass} by their names. */
    public Map<String, PeerClass> peerClasses() {
        synchronized (peerClasses) {
            return Map.copyOf(peerClasses);
        }
    }

    /**
     * Whether limits of any level hold for peers of this machine and of private networks (loopback, link-local, RFC 1918, RFC
     * 4193), too. They do at first.
     */
    public void limitLocalPeers(boolean limited) {
        limits.setLocalLimited(limited);
    }

    /** What {@link #limitLocalPeers} said last. */
    public boolean areLocalPeersLimited() {
        return limits.isLocalLimited();
    }

    // ------------------------------------------------------------------ connections

    /**
     * Changes how many connections to peers there may be, half-open ones included. If there are too many, those of least use are
     * closed.
     *
     * @param inAll of all torrents together; at least 1
     * @param perTorrent of each torrent that has no number of its own; at least 1
     */
    public void setMaxConnections(int inAll, int perTorrent) {
        TorrentRules.requirePositive(inAll);
        TorrentRules.requirePositive(perTorrent);
        resources.connections().set(inAll);
        maxConnectionsPerTorrent = perTorrent;
        int open = resources.connections().open();
        for (Torrent torrent : session.torrents()) {
            torrent.rules().connectionsChanged(open > inAll ? (double) inAll / open : 1);
        }
    }

    int maxConnectionsPerTorrent() {
        return maxConnectionsPerTorrent;
    }

    /** Changes how many interested peers are unchoked in each torrent that has no number of its own; at least 1, at first 4. */
    public void setUploadSlots(int slots) {
        TorrentRules.requirePositive(slots);
        uploadSlots = slots;
        session.torrents().forEach(torrent -> torrent.rules().slotsChanged());
    }

    int uploadSlots() {
        return uploadSlots;
    }

    /** Changes to whom each torrent gives that has no rule of its own; at first {@link Choking#DEFAULT}. */
    public void setChoking(Choking newChoking) {
        choking = newChoking;
        session.torrents().forEach(torrent -> torrent.rules().chokingChanged());
    }

    /** The rule of {@link #setChoking}. */
    public Choking choking() {
        return choking;
    }

    // ------------------------------------------------------------------ which torrents run

    /** Limits how many torrents are active at a time; the others wait as {@link TorrentState#QUEUED}. At first all are active. */
    public void setQueueLimits(QueueLimits newLimits) {
        queue.limit(newLimits);
    }

    /** The limits of {@link #setQueueLimits}. */
    public QueueLimits queueLimits() {
        return queue.limits();
    }

    TorrentQueue queue() {
        return queue;
    }

    /** Says when torrents that have no limits of their own have seeded enough; at first never. */
    public void setSeedLimits(SeedLimits newLimits) {
        seedLimits = newLimits;
        session.torrents().forEach(torrent -> torrent.rules().seedLimitsChanged());
    }

    /** The limits of {@link #setSeedLimits}. */
    public SeedLimits seedLimits() {
        return seedLimits;
    }

    /** A torrent has seeded enough to go. */
    void remove(Torrent torrent) {
        var _ = session.remove(torrent, false);
    }
}
