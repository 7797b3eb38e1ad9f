package dev.spate.classic.course.setup;

import java.util.List;

/**
 * What came of reading a configuration file.
 *
 * @param <T> what the file says
 */
public sealed interface Parsed<T> {

    /** The file is good. */
    record Good<T>(T value) implements Parsed<T> {}

    /**
     * It is not.
     *
     * @param problems at least one, in the order of the file; of many the first
     */
    record Bad<T>(List<Problem> problems) implements Parsed<T> {
        public Bad {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("nothing is bad");
            }
        }
    }
}
