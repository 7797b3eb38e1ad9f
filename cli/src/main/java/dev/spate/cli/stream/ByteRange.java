package dev.spate.cli.stream;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client wants of a file (RFC 9110, 14.2 "Range").
 *
 * <p>One range is answered; a header with several, in another unit or with mistakes is ignored, as the RFC allows, and the whole file
 * is sent.
 */
sealed interface ByteRange {

    /** All of it. */
    record Whole() implements ByteRange {}

    /**
     * A part of it.
     *
     * @param first the first byte
     * @param last the last one, within the file
     */
    record Part(long first, long last) implements ByteRange {
        long length() {
            return last - first + 1;
        }
    }

    /** A part that the file does not have. */
    record Unsatisfiable() implements ByteRange {}

    /** {@code bytes=} and first and last byte, of which one may be missing; of numbers so long a long has room for. */
    Pattern SYNTAX = Pattern.compile("\\s*bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the header's value.
     *
     * @param length of the file
     */
    static ByteRange of(String header, long length) {
        Matcher matcher = SYNTAX.matcher(header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new Whole();
        }
        if (matcher.group(1).isEmpty()) {
            long suffix = Math.min(length, Long.parseLong(matcher.group(2)));
            return suffix == 0 ? new Unsatisfiable() : new Part(length - suffix, length - 1);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        if (last < first) {
            return new Whole();
        }
        return first >= length ? new Unsatisfiable() : new Part(first, Math.min(last, length - 1));
    }
}
