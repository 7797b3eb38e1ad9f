package dev.spate.engine;

import dev.spate.core.announce.TrackerStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tracker at one moment. One that is asked over both IPv4 and IPv6 is shown by the way that works.
 *
 * @param url as given
 * @param tier the number of its tier, 0 is asked first (BEP 12)
 * @param state what it is doing; {@link TrackerStatus.State#ASKED} while an announce is under way
 * @param failures announces in a row that failed
 * @param refused whether it answered the last of these, and said No
 * @param message why the last announce failed, or the tracker's own warning; for a person, in the tracker's words
 * @param peers how many addresses its last answer had; empty before the first answer
 * @param seeds as the tracker counts
 * @param leeches as the tracker counts
 * @param sinceAnswer how long ago it answered last; empty if it never did
 * @param nextAnnounce from now; empty when none is due
 */
public record TrackerStats(
        String url,
        int tier,
        TrackerStatus.State state,
        int failures,
        boolean refused,
        Optional<String> message,
        OptionalInt peers,
        OptionalInt seeds,
        OptionalInt leeches,
        Optional<Duration> sinceAnswer,
        Optional<Duration> nextAnnounce) {

    /** Whether it answered the latest announce that is over. */
    public boolean works() {
        return sinceAnswer.isPresent() && failures == 0 && state != TrackerStatus.State.GIVEN_UP;
    }
}
