package dev.spate.core.queue;

/**
 * What the queue needs to know of a torrent that would like to run.
 *
 * @param torrent its number, unique within a round
 * @param complete whether it has all it wants and counts as a seed
 * @param forced whether it runs whatever the limits are, and is not counted
 * @param running whether it runs now
 * @param changedAt when the queue last started or stopped it, monotonic nanoseconds; only if {@code changed}
 * @param changed whether the queue ever did
 * @param busyAt when it last moved at a rate that counts; only looked at while it runs
 */
public record QueueEntry(
        int torrent, boolean complete, boolean forced, boolean running, long changedAt, boolean changed, long busyAt) {}
