package dev.spate.core.choke;

import java.util.List;

/**
 * All that one decision of the choker rests on.
 *
 * @param candidates the connected peers, each once, in any order that is the same when the run is
 * @param strategy how they are ranked
 * @param slots how many interested peers may be unchoked at a time, 0 or more; the optimistic unchoke is one of them
 * @param optimistic the present optimistic unchoke, or {@link #NOBODY}
 * @param rotate whether the turn of the present optimistic unchoke is over; every {@link Choker#OPTIMISTIC_NANOS}
 * @param quotaBytes what a peer gets in one turn of {@link ChokeStrategy#ROUND_ROBIN}, at least 1
 * @param now monotonic nanoseconds
 */
public record ChokeRound(
        List<ChokeCandidate> candidates,
        ChokeStrategy strategy,
        int slots,
        int optimistic,
        boolean rotate,
        long quotaBytes,
        long now) {

    /** No peer. */
    public static final int NOBODY = -1;

    public ChokeRound {
        candidates = List.copyOf(candidates);
        if (slots < 0 || quotaBytes < 1) {
            throw new IllegalArgumentException(slots + " slots, quota " + quotaBytes);
        }
    }
}
