package dev.spate.engine;

/** What a torrent is doing. */
public enum TorrentState {
    /** Only its info-hash is known; its metadata is asked of peers. */
    FETCHING_METADATA,
    /** Reads what is on disk and compares hashes; no peers yet. */
    CHECKING,
    /** Wants pieces. */
    DOWNLOADING,
    /** Has every piece that is wanted, and serves them. */
    SEEDING,
    /** Its files are on their way to another folder; no peers meanwhile. */
    MOVING,
    /** Asked to rest by {@link Torrent#pause}: no peers, no trackers. */
    PAUSED,
    /** Waits until it may run: enough others do, see {@link SessionRules#setQueueLimits}. No peers, no trackers. */
    QUEUED,
    /** Stopped by trouble with its files; {@link TorrentStats#failure} tells which. {@link Torrent#resume} tries again. */
    FAILED,
    /** Removed, or its session was closed; the handle is of no more use. */
    REMOVED
}
