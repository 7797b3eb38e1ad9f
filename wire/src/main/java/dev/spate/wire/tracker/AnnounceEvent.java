package dev.spate.wire.tracker;

/** Why an announce is made (BEP 3 {@code event}, BEP 15 the same as a number). */
public enum AnnounceEvent {
    /** A regular announce. */
    NONE,
    /** The download has become complete; never sent for a torrent that was complete when it was added. */
    COMPLETED,
    /** The first announce. */
    STARTED,
    /** The last announce. */
    STOPPED,
    /** Any announce but the last of a partial seed: it wants nothing and does not have all (BEP 21). BEP 15 has no number for it. */
    PAUSED
}
