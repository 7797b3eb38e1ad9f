package dev.spate.cli.view;

import dev.spate.engine.TorrentState;
import dev.spate.engine.TorrentStats;
import dev.spate.engine.TrackerStats;
import java.util.List;
import java.util.Optional;

/** Says why a download does not go on. Pure. */
public final class Standstill {
    private Standstill() {}

    /**
     * A sentence for a person.
     *
     * @param available whether some connected peer has a piece that is missing
     * @return empty if it does go on, or is no download
     */
    public static String explain(TorrentStats stats, List<TrackerStats> trackers, boolean available) {
        boolean fetching = stats.state() == TorrentState.FETCHING_METADATA;
        if (!fetching && (stats.state() != TorrentState.DOWNLOADING || stats.downloadRate() > 0)) {
            return "";
        }
        if (fetching && stats.peers() > 0) {
            return "waiting for a peer to give the metadata";
        }
        if (stats.peers() > 0) {
            return available
                    ? "waiting for a peer to send (we are choked, or it is slow)"
                    : "no connected peer has a piece that is missing";
        }
        if (stats.candidates() > 0) {
            return "no peer could be connected to yet (" + stats.candidates() + " addresses known)";
        }
        if (trackers.isEmpty()) {
            return "no tracker and no peers: give a peer with --peer, or wait until one connects";
        }
        Optional<TrackerStats> working =
                trackers.stream().filter(TrackerStats::works).findFirst();
        if (working.isPresent()) {
            return "the tracker knows no other peer";
        }
        Optional<TrackerStats> told = trackers.stream()
                .filter(tracker -> tracker.lastAnswer().isPresent())
                .findFirst();
        return told.map(tracker -> "no peers: " + tracker.url() + ": "
                        + tracker.lastAnswer().orElse(""))
                .orElse("asking the tracker for peers");
    }
}
