package dev.spate.classic.course.wire;

/**
 * A way of writing the course's messages. The project text describes one; groups that read it differently speak others, and
 * are understood when the difference is known.
 *
 * @param lengthCountsType whether the length field counts the type byte (the text) or the payload alone
 * @param lowBitFirst whether piece 0 is the lowest bit of the first byte of a bitfield, and zero bytes at its end may be left out, or
 *     the highest (the text), where every byte is there
 */
public record Dialect(boolean lengthCountsType, boolean lowBitFirst) {

    /** What the project text says. */
    public static final Dialect STRICT = new Dialect(true, false);

    /** What the length field says of a message with so many bytes behind its type byte. */
    int lengthField(int payload) {
        return payload + (lengthCountsType ? 1 : 0);
    }

    /** How many bytes lie behind the type byte of a message with this length field; -1 if the field cannot be. */
    int payload(int lengthField) {
        return lengthCountsType ? lengthField - 1 : lengthField;
    }
}
