package dev.spate.engine.storage;

/**
 * What decides a torrent's place in the queue, in this session and later ones.
 *
 * @param rank the lesser comes first
 * @param forced whether it runs whatever the limits are
 */
public record QueueRank(long rank, boolean forced) {}
