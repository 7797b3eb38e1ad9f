package dev.spate.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tracker at one moment.
 *
 * @param url as given
 * @param tier the number of its tier, 0 is asked first (BEP 12)
 * @param lastAnswer what came of the latest announce, for a person; empty before the first
 * @param works whether the latest announce was answered
 * @param seeds as the tracker counts
 * @param leeches as the tracker counts
 * @param nextAnnounce from now; empty when none is due
 */
public record TrackerStats(
        String url,
        int tier,
        Optional<String> lastAnswer,
        boolean works,
        OptionalInt seeds,
        OptionalInt leeches,
        Optional<Duration> nextAnnounce) {}
