package dev.spate.classic.course.peer;

/**
 * What a peer does beyond the text of the project.
 *
 * @param listensFirst whether it lets the other side speak first for a moment, so as to answer in its dialect
 * @param patienceNanos after how long without any progress in the whole network it gives up; three rounds of choking at
 *     least
 */
public record PeerSettings(boolean listensFirst, long patienceNanos) {
    /** Ten minutes: longer than any round, shorter than a night. */
    public static final long PATIENCE_NANOS = 600_000_000_000L;

    /** Speaks at once, as the text says. */
    public static final PeerSettings PROMPT = new PeerSettings(false, PATIENCE_NANOS);

    public PeerSettings {
        if (patienceNanos < 1) {
            throw new IllegalArgumentException("no patience: " + patienceNanos);
        }
    }
}
