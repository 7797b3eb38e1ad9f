package dev.spate.engine;

import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.WeeklySchedule;
import dev.spate.engine.shell.SessionLimits;
import dev.spate.io.lane.Lane;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a session may do, beyond {@link Session#setLimits}: changed while it runs, at once and for all torrents. For use by any
 * thread.
 */
public final class SessionRules {
    private final SessionLimits limits;
    private final LimitsByTime byTime;

    SessionRules(SessionLimits limits, Lane lane, Supplier<LocalDateTime> clock) {
        this.limits = limits;
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
     * Whether limits of any level hold for peers of this machine and of private networks (loopback, link-local, RFC 1918, RFC
     * 4193), too. They do at first.
     */
    public void limitLocalPeers(boolean limited) {
        limits.setLocalLimited(limited);
    }

    public boolean areLocalPeersLimited() {
        return limits.isLocalLimited();
    }
}
