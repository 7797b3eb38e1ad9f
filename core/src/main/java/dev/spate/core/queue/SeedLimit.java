package dev.spate.core.queue;

/** By what seeding can end. */
public enum SeedLimit {
    /** Enough was uploaded, as a multiple of the torrent's size. */
    RATIO,
    /** It has seeded for long enough. */
    TIME,
    /** Nobody wanted anything for long enough. */
    IDLE
}
