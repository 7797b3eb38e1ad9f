package dev.spate.core.swarm;

import dev.spate.core.peer.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * Whom a swarm could still connect to, and what is in the way.
 *
 * @param ready addresses that may be dialed now
 * @param failing addresses that could not be reached, or were no good, and are left alone for a while
 * @param resting addresses that were connected before and are left alone for a while
 * @param trouble why the one of the failing that is tried next failed; null if there is none
 * @param turnedAway addresses that the user's list shuts out, as far as they are remembered
 * @param connections connections of any phase
 * @param maxConnections as many as there may be
 */
public record Outlook(
        int ready,
        int failing,
        int resting,
        @Nullable CloseReason trouble,
        int turnedAway,
        int connections,
        int maxConnections) {

    static Outlook of(Candidates candidates, Bans bans, Conversations conversations, Bounds bounds, long now) {
        int ready = candidates.ready(now);
        int failing = 0;
        int resting = 0;
        CloseReason trouble = null;
        for (Candidate each : candidates.waiting()) {
            if (each.failures > 0) {
                failing++;
                trouble = trouble == null ? each.trouble : trouble;
            } else {
                resting++;
            }
        }
        return new Outlook(
                ready, failing, resting, trouble, bans.turnedAway(), conversations.open(), bounds.maxConnections());
    }
}
