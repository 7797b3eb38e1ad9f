package dev.spate.core.queue;

/**
 * How many torrents may be active at a time.
 *
 * @param downloads of those that want pieces; 0 or more
 * @param seeds of those that have all they want; 0 or more
 * @param slowRate a torrent that has moved fewer bytes a second for a minute takes no place from others; 0: every torrent
 *     does, however slow
 */
public record QueueLimits(int downloads, int seeds, long slowRate) {

    /** All torrents are active. */
    public static final QueueLimits NONE = new QueueLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 0);

    public QueueLimits {
        if (downloads < 0 || seeds < 0 || slowRate < 0) {
            throw new IllegalArgumentException("negative: " + downloads + ", " + seeds + ", " + slowRate);
        }
    }
}
