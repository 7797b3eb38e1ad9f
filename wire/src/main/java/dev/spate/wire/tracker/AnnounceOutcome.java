package dev.spate.wire.tracker;

/** How a tracker answered an announce. */
public sealed interface AnnounceOutcome permits AnnounceAnswer, AnnounceRefusal {}
