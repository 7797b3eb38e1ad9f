package dev.spate.wire.tracker;

/** How a tracker answered a scrape. */
public sealed interface ScrapeOutcome permits ScrapeResults, AnnounceRefusal {}
