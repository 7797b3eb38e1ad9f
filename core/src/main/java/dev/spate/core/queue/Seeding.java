package dev.spate.core.queue;

/**
 * How a torrent has seeded so far.
 *
 * @param totalBytes the torrent's size
 * @param uploadedBytes payload sent since it was added
 * @param seedingNanos how long it has seeded
 * @param idleNanos for how long nothing was sent, while it seeded
 */
public record Seeding(long totalBytes, long uploadedBytes, long seedingNanos, long idleNanos) {}
