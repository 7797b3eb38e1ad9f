package dev.spate.wire.tracker;

import java.time.Duration;

/**
 * A tracker's No, to an announce or to a scrape: {@code failure reason} (BEP 3), or an error packet (BEP 15).
 *
 * @param reason the tracker's words, fit to be shown
 * @param retry what the tracker said about trying again
 */
public record AnnounceRefusal(String reason, Retry retry) implements AnnounceOutcome, ScrapeOutcome {

    /** A refusal that says nothing about trying again. */
    public AnnounceRefusal(String reason) {
        this(reason, new Retry.Unsaid());
    }

    /** When the request may be made again ({@code retry in}, BEP 31). */
    public sealed interface Retry {

        /** The tracker did not say. */
        record Unsaid() implements Retry {}

        /** Not before so much time has passed; whole minutes, at least 1. */
        record In(Duration delay) implements Retry {
            public In {
                if (delay.compareTo(Duration.ofMinutes(1)) < 0) {
                    throw new IllegalArgumentException("not minutes: " + delay);
                }
            }
        }

        /** Never: this is no tracker, or not for this torrent. */
        record Never() implements Retry {}
    }
}
