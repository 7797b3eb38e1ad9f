package dev.spate.core.queue;

/** What becomes of a torrent that has seeded enough. */
public enum AfterSeeding {
    /** It rests. */
    PAUSE,
    /** It leaves the session; its files stay. */
    REMOVE,
    /** It goes on; the user is told. */
    NOTHING
}
