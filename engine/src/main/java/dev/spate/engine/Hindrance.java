package dev.spate.engine;

import java.util.Locale;

/**
 * A reason why a torrent does not go on, as {@link Torrent#diagnose} tells. Values; safe to keep. What trackers and peers said is in
 * their own words.
 */
public sealed interface Hindrance {

    /** What is in the way, for a person: a clause without a full stop. */
    String sentence();

    /** What the user can do about it, or that nothing has to be done; likewise. */
    String remedy();

    /** Whom it concerns, where there may be several of a kind: the URL of a tracker, or the level of a limit. */
    default String about() {
        return "";
    }

    // ------------------------------------------------------------------ it does not run

    /** The user told it to rest. */
    record Paused() implements Hindrance {
        @Override
        public String sentence() {
            return "it is paused";
        }

        @Override
        public String remedy() {
            return "resume it";
        }
    }

    /**
     * Enough other torrents run.
     *
     * @param complete whether it is a seed, so that the limit on seeds holds, or else that on downloads
     * @param limit how many may run
     * @param ahead how many others wait before it
     */
    record Queued(boolean complete, int limit, int ahead) implements Hindrance {
        @Override
        public String sentence() {
            return "it waits in the queue: " + limit + " active " + (complete ? "seeds" : "downloads")
                    + " are allowed, and "
                    + (ahead == 0 ? "it is next" : Phrases.count(ahead, "torrent") + " before it");
        }

        @Override
        public String remedy() {
            return "wait, move it up in the queue, force its start, or raise the limit on active "
                    + (complete ? "seeds" : "downloads");
        }
    }

    /**
     * Its files are to be looked at after those of others: to read several at once would take longer for each.
     *
     * @param ahead how many others come before it
     */
    record CheckAwaited(int ahead) implements Hindrance {
        @Override
        public String sentence() {
            return "its files are to be checked, and those of " + Phrases.count(ahead, "torrent") + " before";
        }

        @Override
        public String remedy() {
            return "wait, or pause the torrents that are being checked";
        }
    }

    /**
     * Room is taken for its files before they are downloaded.
     *
     * @param missingBytes for so many there is none yet
     */
    record TakingRoom(long missingBytes) implements Hindrance {
        @Override
        public String sentence() {
            return "room is being taken for its files, " + (missingBytes >> 20) + " MiB to go";
        }

        @Override
        public String remedy() {
            return "wait, or add it without taking room beforehand";
        }
    }

    /** Its files are being looked at. */
    record Checking(int checkedPieces, int pieces) implements Hindrance {
        @Override
        public String sentence() {
            return "its files are being checked, " + checkedPieces + " of " + Phrases.count(pieces, "piece")
                    + " so far";
        }

        @Override
        public String remedy() {
            return "wait until they are";
        }
    }

    /** Its files are on their way to another folder. */
    record Moving() implements Hindrance {
        @Override
        public String sentence() {
            return "its files are being moved";
        }

        @Override
        public String remedy() {
            return "wait until they are";
        }
    }

    /** Trouble stopped it; the message of {@code failure} names the file. */
    record Failed(SpateException failure) implements Hindrance {
        @Override
        public String sentence() {
            return "it has failed: " + Phrases.problem(failure);
        }

        @Override
        public String remedy() {
            return failure instanceof SpateException.Storage storage
                    ? switch (storage.trouble()) {
                        case DISK_FULL -> "make room on the device or move the torrent to another one, then resume it";
                        case NOT_PERMITTED -> "give the program the right to read and write there, then resume it";
                        case NAME_CLASH -> "move what is in the way, or choose another folder, then resume it";
                        case MISSING -> "bring the file back, or check the files again to fetch it anew";
                        case CHANGED -> "check the files again, and keep other programs away from them";
                        case UNSAFE_PATH ->
                            "replace the link by a real folder, or choose another folder, then resume it";
                        case UNSUITABLE, FAILED -> "look at the file and its device, then resume it";
                    }
                    : "resume it to try again";
        }
    }

    /** It was removed, or its session is closed. */
    record Ended() implements Hindrance {
        @Override
        public String sentence() {
            return "it was removed, or its session is closed";
        }

        @Override
        public String remedy() {
            return "add it again";
        }
    }

    // ------------------------------------------------------------------ its metadata is not known

    /** Peers are connected, and none of them says that it has the metadata. */
    record NobodyOffersMetadata(int peers) implements Hindrance {
        @Override
        public String sentence() {
            return "none of the " + Phrases.count(peers, "connected peer") + " has the metadata";
        }

        @Override
        public String remedy() {
            return "wait for other peers, or use the torrent file instead of the magnet link";
        }
    }

    /** Those who say that they have the metadata do not give it, or gave what is wrong. */
    record MetadataRefused(int peers) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(peers, "peer") + (peers == 1 ? " has" : " have")
                    + " the metadata and refused it, kept silent, or sent what is wrong";
        }

        @Override
        public String remedy() {
            return "nothing has to be done: they and others are asked again; or use the torrent file";
        }
    }

    /** The metadata is being fetched. */
    record MetadataAwaited(int peers) implements Hindrance {
        @Override
        public String sentence() {
            return "the metadata is being asked of " + Phrases.count(peers, "peer");
        }

        @Override
        public String remedy() {
            return "wait a moment";
        }
    }

    // ------------------------------------------------------------------ there are no peers

    /** There is no tracker, and nobody has named a peer. */
    record NobodyToAsk() implements Hindrance {
        @Override
        public String sentence() {
            return "it has no tracker and no peers are known";
        }

        @Override
        public String remedy() {
            return "add a tracker, name a peer, or wait until one connects";
        }
    }

    /** The torrent is private, and none of its trackers tells of peers. */
    record OnlyTrackersMayTell() implements Hindrance {
        @Override
        public String sentence() {
            return "it is private: only its trackers may tell of peers, and none of them does";
        }

        @Override
        public String remedy() {
            return "see that one of its trackers works, or name a peer yourself";
        }
    }

    /** A tracker said No, in its words. */
    record TrackerRefuses(String url, String reason) implements Hindrance {
        @Override
        public String about() {
            return url;
        }

        @Override
        public String sentence() {
            return "the tracker " + url + " refuses: " + reason;
        }

        @Override
        public String remedy() {
            return "do as it says, or add another tracker";
        }
    }

    /** A tracker cannot be reached, or gives no answer that can be read. */
    record TrackerUnreachable(String url, String reason, int failures) implements Hindrance {
        @Override
        public String about() {
            return url;
        }

        @Override
        public String sentence() {
            return "the tracker " + url + " does not answer" + (failures > 1 ? " (" + failures + " tries)" : "") + ": "
                    + reason;
        }

        @Override
        public String remedy() {
            return "check its address and the network; it is tried again by itself";
        }
    }

    /** A tracker will not be asked any more. */
    record TrackerGivenUp(String url, String reason) implements Hindrance {
        @Override
        public String about() {
            return url;
        }

        @Override
        public String sentence() {
            return "the tracker " + url + " is not asked any more: " + reason;
        }

        @Override
        public String remedy() {
            return "remove it, or correct its address";
        }
    }

    /** A tracker was asked and has not answered yet. */
    record TrackerAwaited(String url) implements Hindrance {
        @Override
        public String about() {
            return url;
        }

        @Override
        public String sentence() {
            return "the tracker " + url + " is being asked for peers";
        }

        @Override
        public String remedy() {
            return "wait for its answer";
        }
    }

    /** A tracker works, and told of nobody who is of use. */
    record TrackerKnowsNobody(String url) implements Hindrance {
        @Override
        public String about() {
            return url;
        }

        @Override
        public String sentence() {
            return "the tracker " + url + " knows of no other peer that could be reached";
        }

        @Override
        public String remedy() {
            return "wait until others come, or add another tracker";
        }
    }

    /** The DHT is being searched for peers, for the first time. */
    record DhtAwaited() implements Hindrance {
        @Override
        public String sentence() {
            return "the DHT is being searched for peers";
        }

        @Override
        public String remedy() {
            return "wait a moment";
        }
    }

    /** No node of the DHT answers us. */
    record DhtUnreachable() implements Hindrance {
        @Override
        public String sentence() {
            return "the DHT cannot be searched: none of its nodes that are known answers";
        }

        @Override
        public String remedy() {
            return "see that the firewall lets UDP through, or name a node to begin with; it is tried again by itself";
        }
    }

    /**
     * The DHT was searched, and told of nobody who is of use.
     *
     * @param nodes of those nearest to the torrent that answered
     */
    record DhtKnowsNobody(int nodes) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(nodes, "node") + " of the DHT " + (nodes == 1 ? "knows" : "know")
                    + " of no other peer that could be reached";
        }

        @Override
        public String remedy() {
            return "wait until others come; it is searched again by itself";
        }
    }

    /** Addresses are known and are being tried. */
    record Connecting(int addresses) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(addresses, "address", "addresses") + " of peers " + (addresses == 1 ? "is" : "are")
                    + " being tried";
        }

        @Override
        public String remedy() {
            return "wait a moment";
        }
    }

    /**
     * Addresses are known that no connection could be made to.
     *
     * @param reason of one of them
     */
    record PeersUnreachable(int addresses, String reason) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(addresses, "known peer") + " cannot be connected to"
                    + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public String remedy() {
            return "they are tried again by themselves; check the firewall if no peer ever connects";
        }
    }

    /** Peers were connected, and left or were of no use; they are left alone for a while. */
    record PeersGone(int addresses) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(addresses, "peer") + (addresses == 1 ? " was" : " were")
                    + " connected before and closed the connection or had nothing for us";
        }

        @Override
        public String remedy() {
            return "they are tried again by themselves after a minute";
        }
    }

    /** The user's list of addresses shuts peers out. */
    record ShutOutByFilter(int addresses) implements Hindrance {
        @Override
        public String sentence() {
            return "the IP filter shuts out " + Phrases.count(addresses, "peer");
        }

        @Override
        public String remedy() {
            return "take their addresses off the list";
        }
    }

    /** Peers are shut out because they sent bad data. */
    record Banned(int peers) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(peers, "peer") + (peers == 1 ? " was" : " were") + " shut out for sending bad data";
        }

        @Override
        public String remedy() {
            return "find other peers, or have the torrent file made anew if nobody has its data";
        }
    }

    /**
     * There is no room for another connection.
     *
     * @param ofSession whether the limit is that of all torrents together
     */
    record TooManyConnections(int limit, boolean ofSession) implements Hindrance {
        @Override
        public String about() {
            return ofSession ? "session" : "torrent";
        }

        @Override
        public String sentence() {
            return "the limit of " + Phrases.count(limit, "connection") + " of the "
                    + (ofSession ? "session" : "torrent") + " is reached";
        }

        @Override
        public String remedy() {
            return "raise it";
        }
    }

    // ------------------------------------------------------------------ there are peers

    /** All peers that have what is missing choke us. */
    record AllChoke(int peers) implements Hindrance {
        @Override
        public String sentence() {
            return peers == 1
                    ? "the only peer that has what is missing lets us wait (it chokes us)"
                    : "all " + peers + " peers that have what is missing let us wait (they choke us)";
        }

        @Override
        public String remedy() {
            return "wait: peers serve by turns, and sooner those who give them something";
        }
    }

    /** Peers let us ask, and do not send. */
    record PeersSilent(int peers) implements Hindrance {
        @Override
        public String sentence() {
            return Phrases.count(peers, "peer") + (peers == 1 ? " lets" : " let") + " us ask, and "
                    + (peers == 1 ? "has" : "have") + " sent nothing yet";
        }

        @Override
        public String remedy() {
            return "wait: what they owe is asked of others, too";
        }
    }

    /**
     * Some of what is missing no connected peer has.
     *
     * @param missing pieces that are wanted and not on disk
     * @param nowhere those of them that nobody has
     * @param copies how often the connected peers together have what is missing; below 1
     */
    record NobodyHas(int missing, int nowhere, double copies) implements Hindrance {
        @Override
        public String sentence() {
            return "no connected peer has " + nowhere + " of the " + Phrases.count(missing, "missing piece")
                    + String.format(Locale.ROOT, " (%.2f distributed copies)", copies);
        }

        @Override
        public String remedy() {
            return "wait for a seed, or find somebody who has all of it";
        }
    }

    /**
     * A limit on the rate is set so low that next to nothing moves.
     *
     * @param level "session", "group", "torrent" or "peer"
     * @param bytesPerSecond downwards
     */
    record RateLimited(String level, long bytesPerSecond) implements Hindrance {
        @Override
        public String about() {
            return level;
        }

        @Override
        public String sentence() {
            return "the download rate " + (level.equals("peer") ? "of each peer" : "of the " + level)
                    + " is limited to " + bytesPerSecond + " bytes a second";
        }

        @Override
        public String remedy() {
            return "raise the limit";
        }
    }

    /** The memory for pieces that arrive is spent. */
    record MemorySpent(long usedBytes, long limitBytes) implements Hindrance {
        @Override
        public String sentence() {
            return "the memory for arriving pieces is spent, " + (usedBytes >> 20) + " of " + (limitBytes >> 20)
                    + " MiB: the disk is slower than the peers, or other torrents have it";
        }

        @Override
        public String remedy() {
            return "wait for the disk, or give the session more piece memory";
        }
    }
}
