package dev.spate.classic.course.log;

/**
 * A line of a log that was read.
 *
 * @param number from 1
 * @param seconds when it was written, on a scale that only differences are taken on; {@link #NO_TIME} when that cannot be read
 * @param event what it says
 * @param exact whether its text is word for word the project text's
 */
public record LogLine(int number, long seconds, LogEvent event, boolean exact) {
    /** In place of a time that is not there. */
    public static final long NO_TIME = Long.MIN_VALUE;
}
