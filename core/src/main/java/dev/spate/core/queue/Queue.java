package dev.spate.core.queue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which torrents run: those first in the order, as many as the limits allow. A pure function of its arguments.
 *
 * <p><b>Nothing flaps.</b> A torrent is slow only after {@link #SLOW_NANOS} without a rate that counts, and while it runs; and what
 * was started or stopped stays so for {@link #SETTLE_NANOS}, unless the user changed something. So when a slow torrent becomes fast
 * again and the limit is exceeded, the last in the order goes, but nobody who has just begun, and nobody else begins before.
 */
public final class Queue {

    /** Trackers and peers need about that long to show what a torrent can do. */
    public static final long SLOW_NANOS = 60_000_000_000L;

    /** The least between two changes of one torrent. */
    public static final long SETTLE_NANOS = 60_000_000_000L;

    private Queue() {}

    /**
     * Chooses.
     *
     * @param order the torrents that would like to run, the most wanted first
     * @param byUser whether the user has changed limits, order or a torrent since the last time, which counts at once
     * @return those that are to run, in their order
     */
    public static List<Integer> choose(List<QueueEntry> order, QueueLimits limits, boolean byUser, long now) {
        Set<Integer> chosen = new LinkedHashSet<>();
        choose(
                order.stream().filter(each -> !each.complete()).toList(),
                limits.downloads(),
                limits,
                byUser,
                now,
                chosen);
        choose(order.stream().filter(QueueEntry::complete).toList(), limits.seeds(), limits, byUser, now, chosen);
        return order.stream().map(QueueEntry::torrent).filter(chosen::contains).toList();
    }

    private static void choose(
            List<QueueEntry> order, int places, QueueLimits limits, boolean byUser, long now, Set<Integer> chosen) {
        int free = places;
        int exceeding = 0;
        List<Integer> starts = new ArrayList<>();
        for (QueueEntry each : order) {
            boolean counted = !each.forced() && !isSlow(each, limits, now);
            boolean settling = !byUser && each.changed() && now - each.changedAt() < SETTLE_NANOS;
            if (!counted) {
                chosen.add(each.torrent());
            } else if (free > 0) {
                free--;
                if (each.running()) {
                    chosen.add(each.torrent());
                } else if (!settling) {
                    starts.add(each.torrent());
                }
            } else if (each.running() && settling) {
                chosen.add(each.torrent());
                exceeding++;
            }
        }
        // Who stays although it should go takes the place of the last of those who would come.
        chosen.addAll(starts.subList(0, Math.max(0, starts.size() - exceeding)));
    }

    private static boolean isSlow(QueueEntry each, QueueLimits limits, long now) {
        return each.running()
                && limits.slowRate() > 0
                && now - each.busyAt() >= SLOW_NANOS
                && (!each.changed() || now - each.changedAt() >= SLOW_NANOS);
    }
}
