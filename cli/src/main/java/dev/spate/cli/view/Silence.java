package dev.spate.cli.view;

import dev.spate.engine.TorrentStats;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Notices that a torrent has not gone on for longer than its user wants to wait. For one torrent and one thread. */
public final class Silence {
    private final @Nullable Duration limit;
    private long sign = -1;
    private long since = System.nanoTime();

    /**
     * Begins to wait.
     *
     * @param limit null to wait for ever
     */
    public Silence(@Nullable Duration limit) {
        this.limit = limit;
    }

    /** Looks again; whether nothing was received, and no piece looked at, for so long. */
    public boolean isTooLong(TorrentStats stats) {
        long now = System.nanoTime();
        long present = Standstill.sign(stats);
        if (present != sign) {
            sign = present;
            since = now;
        }
        return limit != null && now - since >= limit.toNanos();
    }
}
