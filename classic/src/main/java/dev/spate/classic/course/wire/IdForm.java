package dev.spate.classic.course.wire;

/** How a peer id is written in the four last bytes of a handshake. */
public enum IdForm {
    /** An integer, as the text says. */
    HIGH_BYTE_FIRST,
    LOW_BYTE_FIRST,
    /** Four decimal digits in ASCII. */
    DIGITS;

    /** The highest id of four digits. */
    public static final int MOST_IN_DIGITS = 9999;

    /** The id that four bytes, read as a big-endian integer, mean; below 1 if they mean none. */
    int read(int bytes) {
        return switch (this) {
            case HIGH_BYTE_FIRST -> bytes;
            case LOW_BYTE_FIRST -> Integer.reverseBytes(bytes);
            case DIGITS -> {
                int id = 0;
                for (int shift = 24; shift >= 0; shift -= 8) {
                    int digit = (bytes >>> shift & 0xff) - '0';
                    if (digit < 0 || digit > 9) {
                        yield 0;
                    }
                    id = 10 * id + digit;
                }
                yield id;
            }
        };
    }

    /** The opposite of {@link #read}, of an id that has this form. */
    int write(int id) {
        return switch (this) {
            case HIGH_BYTE_FIRST -> id;
            case LOW_BYTE_FIRST -> Integer.reverseBytes(id);
            case DIGITS -> {
                int bytes = 0;
                for (int place = 1000; place > 0; place /= 10) {
                    bytes = bytes << 8 | '0' + id / place % 10;
                }
                yield bytes;
            }
        };
    }
}
