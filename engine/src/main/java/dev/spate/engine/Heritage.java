package dev.spate.engine;

import dev.spate.core.announce.TrackerTiers;
import dev.spate.engine.shell.SwarmRunner;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a torrent has from the time before its metadata was known.
 *
 * @param runner has its connections; null when it has none
 * @param rules what the user said that it may do; null for nothing
 * @param completion what the user waits for
 * @param trackers as the user edited them; empty if he did not
 */
record Heritage(
        @Nullable SwarmRunner runner,
        @Nullable TorrentRules rules,
        CompletableFuture<Void> completion,
        Optional<TrackerTiers> trackers) {

    /** Of a torrent that was added with its metainfo. */
    static Heritage none() {
        return new Heritage(null, null, new CompletableFuture<>(), Optional.empty());
    }
}
