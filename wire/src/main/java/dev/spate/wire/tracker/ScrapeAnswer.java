package dev.spate.wire.tracker;

import org.jspecify.annotations.Nullable;

/**
 * How many peers a tracker knows in one swarm (BEP 48, BEP 15 "scrape"). Each count is 0 or more, or null where the tracker
 * did not tell it.
 *
 * @param seeds peers that have all pieces
 * @param leeches peers that have not
 * @param downloads how many peers have ever completed the download
 */
public record ScrapeAnswer(
        @Nullable Integer seeds,
        @Nullable Integer leeches,
        @Nullable Integer downloads) {

    /** The tracker told nothing. */
    public static final ScrapeAnswer UNKNOWN = new ScrapeAnswer(null, null, null);

    public ScrapeAnswer {
        if ((seeds != null && seeds < 0) || (leeches != null && leeches < 0) || (downloads != null && downloads < 0)) {
            throw new IllegalArgumentException("negative count: " + seeds + ", " + leeches + ", " + downloads);
        }
    }
}
