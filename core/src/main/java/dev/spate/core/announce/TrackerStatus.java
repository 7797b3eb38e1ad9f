package dev.spate.core.announce;

import dev.spate.wire.tracker.ScrapeAnswer;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with one tracker in one address family, for a person to look at.
 *
 * @param url of the tracker
 * @param tier its tier, from 0
 * @param route by which it is reached
 * @param state what it is doing
 * @param failures how many announces failed since the last answer
 * @param refused whether it answered the last of these, and said No
 * @param message why the last one failed, or the tracker's own warning, or null
 * @param counts what it told last about the swarm
 * @param peers how many peers its last answer had
 * @param lastAnswer when it last answered, monotonic nanoseconds, or {@link #NEVER}
 * @param nextAnnounce when it may be asked next, or {@link #NEVER} if that is not known
 */
public record TrackerStatus(
        String url,
        int tier,
        Route route,
        State state,
        int failures,
        boolean refused,
        @Nullable String message,
        ScrapeAnswer counts,
        int peers,
        long lastAnswer,
        long nextAnnounce) {

    /** Stands for no moment. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What a tracker is doing. */
    public enum State {
        /** Not asked since the start: another one of its tier, or of a tier before it, answers. */
        IDLE,
        /** Asked, and still to answer. */
        ASKED,
        /** It answered the last announce. */
        WORKING,
        /** The last announce did not get through, or was refused. */
        FAILING,
        /** It will not be asked again: it said so itself (BEP 31), or its scheme is not one that Spate speaks. */
        GIVEN_UP
    }
}
