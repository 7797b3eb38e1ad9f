package dev.spate.classic.descriptor;

import dev.spate.wire.PeerAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how often something is done for each address, and for all together. Leaky buckets, each kept as the moment at which it would be
 * empty.
 *
 * <p>Implementation note. So many addresses at a time are told apart; when a new one comes, the one that was used longest ago is
 * forgotten. Who forges many addresses can make us forget, and then meets the bucket of all together. Machines of the loopback network
 * are told apart by port, for there many nodes stand behind one address.
 */
final class Allowance {
    private final long intervalNanos;
    private final long burstNanos;
    private final long totalIntervalNanos;
    private final long totalBurstNanos;
    private final Map<Object, Long> emptyAt;
    private long totalEmptyAt;

    /**
     * Everybody has everything.
     *
     * @param perSecond for each address on average
     * @param burst for each address at once
     * @param totalPerSecond for all together, on average and at once
     * @param maxSources how many addresses are told apart
     */
    Allowance(double perSecond, int burst, int totalPerSecond, int maxSources, long now) {
        this.intervalNanos = (long) (1e9 / perSecond);
        this.burstNanos = intervalNanos * (burst - 1);
        this.totalIntervalNanos = 1_000_000_000L / totalPerSecond;
        this.totalBurstNanos = 1_000_000_000L - totalIntervalNanos;
        this.totalEmptyAt = now;
        this.emptyAt = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
                return size() > maxSources;
            }
        };
    }

    /** Whether it may be done once more for this address; it is counted then. */
    boolean allows(PeerAddress source, long now) {
        Object owner = source.ip().isLoopbackAddress() ? source : source.ip();
        long moment = later(emptyAt.getOrDefault(owner, now), now);
        long total = later(totalEmptyAt, now);
        if (moment - now > burstNanos || total - now > totalBurstNanos) {
            return false;
        }
        emptyAt.put(owner, moment + intervalNanos);
        totalEmptyAt = total + totalIntervalNanos;
        return true;
    }

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }

    int sources() {
        return emptyAt.size();
    }
}
