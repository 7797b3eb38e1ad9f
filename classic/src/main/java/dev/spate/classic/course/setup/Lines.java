package dev.spate.classic.course.setup;

import dev.spate.wire.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The lines of a configuration file, cut into words; and the problems that were found in them, of which the first few are kept. */
final class Lines {
    /** Nobody mends more at a time. */
    static final int MOST_PROBLEMS = 20;

    /** Many times what a network of a thousand peers needs. */
    static final int MAX_TEXT = 1 << 20;

    private static final int MAX_QUOTED = 60;

    /** A line that is not empty. */
    record Line(int number, List<String> words) {}

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    Lines(String file) {
        this.file = file;
    }

    /** Cuts the text at line feeds with or without carriage returns, and lines at blanks; empty lines are passed over. */
    void each(String text, Consumer<Line> to) {
        if (text.length() > MAX_TEXT) {
            problem(0, "more than " + MAX_TEXT + " characters", "see whether it is the right file");
            return;
        }
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        int number = 0;
        for (String line : body.split("\r\n|\n|\r", -1)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty()) {
                to.accept(new Line(number, List.of(stripped.split("\\s+"))));
            }
        }
    }

    void problem(int line, String what, String remedy) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(file, line, what, remedy));
        }
    }

    List<Problem> problems() {
        return problems;
    }

    /** A whole number from {@code min} to {@code max}; what else it is becomes a problem, and the answer {@code min - 1}. */
    long number(Line line, String name, String word, long min, long max) {
        boolean digits = word.length() <= 19 && word.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            long value = digits ? Long.parseLong(word) : min - 1;
            if (digits && value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException tooLong) {
            // Nineteen digits may be more than a long takes; it is out of bounds all the same.
        }
        problem(line.number(), name + " is '" + quoted(word) + "'", "write a whole number from " + min + " to " + max);
        return min - 1;
    }

    static String quoted(String word) {
        return PlainText.of(word, MAX_QUOTED);
    }
}
