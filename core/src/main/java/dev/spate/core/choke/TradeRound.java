package dev.spate.core.choke;

import java.util.List;

/**
 * All that one decision of a {@link Trader} rests on, besides what it remembers.
 *
 * @param partners the connected peers, each once, in any order that is the same when the run is
 * @param capacity what can be sent to all of them together, in bytes per second; at least {@link UplinkEstimate#LEAST}
 * @param rotate whether the turn of those who are served on trial is over; every {@link Choker#OPTIMISTIC_NANOS}
 * @param now monotonic nanoseconds
 */
public record TradeRound(List<Partner> partners, long capacity, boolean rotate, long now) {
    public TradeRound {
        partners = List.copyOf(partners);
        if (capacity < UplinkEstimate.LEAST) {
            throw new IllegalArgumentException("nothing worth sharing: " + capacity);
        }
    }
}
