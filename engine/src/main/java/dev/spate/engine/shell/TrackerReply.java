package dev.spate.engine.shell;

/**
 * What came of asking a tracker.
 *
 * @param <T> what it was asked for: the outcome of an announce, or of a scrape
 */
public sealed interface TrackerReply<T> {

    /** It said something that could be understood, be it yes or no. */
    record Answered<T>(T outcome) implements TrackerReply<T> {}

    /** It has no address of the kind by which it was to be reached (BEP 7); no news to a person, for it has one of the other. */
    record NoRoute<T>(String reason) implements TrackerReply<T> {}

    /** It could not be asked, or not be understood; the reason is for a person. */
    record Failed<T>(String reason) implements TrackerReply<T> {}
}
