package dev.spate.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A command as a user writes it, taken apart without a shell. Words are divided by white space; what is in single or double quotes
 * belongs to one word; a backslash takes the next character as it is, but not within single quotes. Nothing else means anything.
 */
final class CommandWords {
    private CommandWords() {}

    /**
     * The words, at least one.
     *
     * @throws IllegalArgumentException with the reason, if a quote is not closed, the last character is a backslash or there is no
     *     word
     */
    static List<String> of(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (c == '\\' && quote != '\'') {
                if (++i == command.length()) {
                    throw new IllegalArgumentException("it ends in a backslash");
                }
                word.append(command.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw new IllegalArgumentException("it names no program");
        }
        return words;
    }
}
