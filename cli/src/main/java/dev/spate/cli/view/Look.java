package dev.spate.cli.view;

import dev.spate.core.swarm.PeerSource;
import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A torrent at one moment, as it is to be shown.
 *
 * @param name what to call it
 * @param stats its figures
 * @param flushed its pieces that are on disk; not changed any more
 * @param sources how many of its peers are known from where
 * @param dhtNodes nodes of the DHT that are known; empty if no part is taken in it
 * @param remark what is worth saying beyond the figures, why nothing moves for example; empty for nothing
 */
public record Look(
        String name,
        TorrentStats stats,
        PieceSet flushed,
        Map<PeerSource, Integer> sources,
        OptionalInt dhtNodes,
        String remark) {

    /** How much is done of what it does at the moment: bytes on disk, or pieces looked at. */
    long done() {
        return stats.state() == TorrentState.CHECKING ? stats.checkedPieces() : stats.flushedBytes();
    }

    /** The whole of which {@link #done} is a part. */
    long whole() {
        return stats.state() == TorrentState.CHECKING ? stats.pieces() : stats.totalBytes();
    }

    /** When the download will be complete at this rate; empty where nobody can know. */
    Optional<Duration> timeLeft() {
        if (stats.state() != TorrentState.DOWNLOADING || stats.downloadRate() <= 0) {
            return Optional.empty();
        }
        return Optional.of(
                Duration.ofSeconds(Math.ceilDiv(stats.totalBytes() - stats.flushedBytes(), stats.downloadRate())));
    }

    /** What it does, in a word. */
    String doing() {
        return switch (stats.state()) {
            case FETCHING_METADATA -> "fetching metadata";
            case CHECKING -> "checking";
            case DOWNLOADING -> "getting";
            case SEEDING -> "seeding";
            case MOVING -> "moving";
            case PAUSED -> "paused";
            case QUEUED -> "queued";
            case FAILED -> "failed";
            case REMOVED -> "ended";
        };
    }
}
