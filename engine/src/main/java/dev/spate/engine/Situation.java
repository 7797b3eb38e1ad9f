package dev.spate.engine;

import java.util.List;
import java.util.Optional;

/**
 * Everything that decides why a torrent does not go on, at one moment.
 *
 * @param isPrivate whether only trackers may tell of peers (BEP 27)
 * @param complete whether all that is wanted is there
 * @param failure why it has failed
 * @param look how far the look at its files is
 * @param queue where it waits
 * @param downloadRate bytes a second
 */
record Situation(
        TorrentState state,
        boolean isPrivate,
        boolean complete,
        Optional<SpateException> failure,
        int pieces,
        Look look,
        Optional<QueuePlace> queue,
        long downloadRate,
        List<RateLimit> rateLimits,
        Memory memory,
        Peers peers,
        Sources sources,
        Needs needs,
        Metadata metadata) {

    /**
     * @param checkedPieces looked at so far
     * @param ahead other torrents whose files are looked at first
     * @param roomless bytes for which room is still to be taken
     */
    record Look(int checkedPieces, int ahead, long roomless) {
        static final Look NONE = new Look(0, 0, 0);
    }

    /**
     * @param limit how many may run of its kind
     * @param ahead how many of its kind wait before it
     */
    record QueuePlace(boolean complete, int limit, int ahead) {}

    /** A limit downwards. */
    record RateLimit(String level, long bytesPerSecond) {}

    /** @param waiting peers that could be asked for more if there were memory for another piece */
    record Memory(int waiting, long usedBytes, long limitBytes) {
        static final Memory AMPLE = new Memory(0, 0, 0);
    }

    /**
     * @param connected handshakes done
     * @param connecting being dialed, or in their handshake
     * @param interesting those connected that have something we want
     * @param choking those of them that choke us
     */
    record Peers(int connected, int connecting, int interesting, int choking) {
        static final Peers NONE = new Peers(0, 0, 0, 0);
    }

    /**
     * Where other peers could come from.
     *
     * @param dht empty if it is not asked
     * @param trouble why one of the failing addresses failed; may be empty
     */
    record Sources(
            int ready,
            int failing,
            int resting,
            String trouble,
            int filtered,
            int banned,
            Connections ofTorrent,
            Connections ofSession,
            List<TrackerStats> trackers,
            Optional<DhtSearch> dht) {
        static final Sources NONE =
                new Sources(0, 0, 0, "", 0, 0, Connections.ANY, Connections.ANY, List.of(), Optional.empty());
    }

    /**
     * @param over whether a round has been brought to its end
     * @param nodes how many nodes of the DHT were reached in the last one that was
     */
    record DhtSearch(boolean over, int nodes) {
        static final DhtSearch BEGUN = new DhtSearch(false, 0);
    }

    /** How many there are, and how many there may be. */
    record Connections(int open, int limit) {
        static final Connections ANY = new Connections(0, Integer.MAX_VALUE);

        boolean isFull() {
            return open >= limit;
        }
    }

    /** What is missing, and how far the connected peers have it. */
    record Needs(int missing, int nowhere, double copies) {
        static final Needs NONE = new Needs(0, 0, 0);
    }

    /**
     * @param offering connected peers that say they have it
     * @param refusing those of them that do not give it
     */
    record Metadata(int offering, int refusing) {
        static final Metadata NONE = new Metadata(0, 0);
    }
}
