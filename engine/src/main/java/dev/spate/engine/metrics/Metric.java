package dev.spate.engine.metrics;

/** Something that a session counts from its begin; no count ever goes down. */
public enum Metric {
    /** Bytes of blocks that came, useless ones included. */
    DOWNLOADED_BYTES("payload bytes received"),
    /** Bytes of blocks that were handed to sockets. */
    UPLOADED_BYTES("payload bytes sent"),
    /** Pieces that matched their hash, not counting those that were on disk before. */
    PIECES_VERIFIED("downloaded pieces that matched their hash"),
    /** Pieces that did not. */
    PIECES_CORRUPT("downloaded pieces that did not match their hash"),
    /** Blocks that were asked for and did not come in time, so that others were asked for them. */
    BLOCKS_TIMED_OUT("requested blocks that did not come in time"),
    /** Connections whose handshakes were exchanged, of either direction. */
    PEERS_CONNECTED("connections to peers whose handshakes were exchanged"),
    /** Connections, and tries at one, that are over. */
    PEERS_DISCONNECTED("connections to peers, and tries at one, that ended"),
    /** Connections that came in and were turned away. */
    PEERS_REFUSED("incoming connections that were turned away"),
    /** Peers that were shut out. */
    PEERS_BANNED("peers that were shut out for what they did"),
    /** How often a peer was choked. */
    CHOKES("times that a peer was choked"),
    /** How often a peer was unchoked. */
    UNCHOKES("times that a peer was unchoked"),
    /** Announces that a tracker answered with peers. */
    ANNOUNCES_ANSWERED("announces that a tracker answered"),
    /** Announces that a tracker refused, or that did not reach one. */
    ANNOUNCES_FAILED("announces that a tracker refused or that did not reach it"),
    /** Reads of files. */
    DISK_READS("reads of files"),
    /** Bytes of these. */
    DISK_READ_BYTES("bytes read from files"),
    /** Writes to files. */
    DISK_WRITES("writes to files"),
    /** Bytes of these. */
    DISK_WRITTEN_BYTES("bytes written to files"),
    /** How often a file was forced to the device. */
    DISK_FORCES("times that a file was forced to its device"),
    /** Reads, writes and forces that took 100 ms or more. */
    DISK_SLOW("reads, writes and forces of files that took 100 ms or more"),
    /** Turns of a lane, the threads that serve all sockets, that took 50 ms or more. */
    LANE_STALLS("turns of a network thread that took 50 ms or more");

    private final String description;

    Metric(String description) {
        this.description = description;
    }

    /** What is counted, for a person. */
    public String description() {
        return description;
    }
}
