package dev.spate.classic.course.setup;

/**
 * Something wrong with a configuration file.
 *
 * @param file the file's name
 * @param line from 1, or 0 if it is about the file as a whole
 * @param what a phrase for a person
 * @param remedy what to do about it
 */
public record Problem(String file, int line, String what, String remedy) {
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + what + "; " + remedy;
    }
}
