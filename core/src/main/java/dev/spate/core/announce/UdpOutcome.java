package dev.spate.core.announce;

import dev.spate.wire.tracker.AnnounceOutcome;
import dev.spate.wire.tracker.ScrapeOutcome;

/** How a request of a {@link UdpExchange} ended. */
public sealed interface UdpOutcome {

    /** The number that {@link UdpExchange#announce} or {@link UdpExchange#scrape} gave the request. */
    int request();

    /** The tracker answered an announce. */
    record Announced(int request, AnnounceOutcome outcome) implements UdpOutcome {}

    /** The tracker answered a scrape. */
    record Scraped(int request, ScrapeOutcome outcome) implements UdpOutcome {}

    /** The tracker did not answer, however often it was asked. */
    record Silent(int request) implements UdpOutcome {}
}
