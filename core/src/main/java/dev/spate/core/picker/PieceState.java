package dev.spate.core.picker;

/**
 * How far a piece has come.
 *
 * <pre>
 *        opened            last block         hash matched        on disk
 *  FREE --------> PARTIAL ------------> FULL --------------> VERIFIED ----> FLUSHED
 *   ^                |                   |                      |              |
 *   +---- discarded -+----- failed ------+---- write failed ----+---- lost ----+
 * </pre>
 */
public enum PieceState {
    /** Nothing of it is here and nothing of it has been asked for. */
    FREE,
    /** Begun: the shell holds a buffer for it, some blocks are missing. */
    PARTIAL,
    /** All blocks have arrived; the hash is not known yet. */
    FULL,
    /** The hash matched; it is not on disk yet. */
    VERIFIED,
    /** On disk. */
    FLUSHED
}
