package dev.spate.wire.dht;

import dev.spate.wire.bencode.BencodeDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Reads bencoded bytes from front to back, without remembering any.
 *
 * <p>{@link BencodeDecoder} gives a view in which anything can be looked up, and checks the whole input before; a node reads
 * a hundred thousand small messages a second, of each every key once and in order, and this costs a third of that. What is
 * not canonical passes here, as it does in lenient decoding: numbers with needless zeros, keys in any order.
 *
 * <p>A question that cannot be answered, as the bytes are of another kind or end, answers false and changes nothing but
 * {@link #trouble}.
 */
final class KrpcCursor {
    /** Longer keys are of no interest and read as this one. */
    private static final String LONG_KEY = "";

    private static final int MAX_KEY = 20;

    final byte[] bytes;
    int at;

    /** Where the last string begins and ends. */
    int from;

    int to;

    /** The last integer. */
    long number;

    /** What is wrong with the bytes; empty while all is well. */
    String trouble = "";

    KrpcCursor(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isAt(char kind) {
        return at < bytes.length && bytes[at] == kind;
    }

    boolean isAtString() {
        return at < bytes.length && isDigit(bytes[at]);
    }

    /** Steps over one byte if it is this one. */
    boolean take(char kind) {
        if (!isAt(kind)) {
            return false;
        }
        at++;
        return true;
    }

    /** Reads a string to {@link #from} and {@link #to}. */
    boolean string() {
        int length = 0;
        int i = at;
        while (i < bytes.length && isDigit(bytes[i])) {
            length = length * 10 + (bytes[i++] - '0');
            if (length > bytes.length) {
                return fail("a string longer than the message");
            }
        }
        if (i == at || i == bytes.length || bytes[i] != ':') {
            return fail("not a string");
        }
        if (length > bytes.length - i - 1) {
            return fail("a string longer than the message");
        }
        from = i + 1;
        to = from + length;
        at = to;
        return true;
    }

    int length() {
        return to - from;
    }

    Bytes content() {
        return Bytes.copyOf(bytes, from, to);
    }

    /** Reads the key of an entry; null at the end of the dictionary, which is stepped over, and in trouble. */
    @SuppressWarnings(
            "deprecation") // The constructor that makes Latin-1 of bytes is exactly what is needed, and the fastest.
    @Nullable
    String key() {
        if (take('e') || !string()) {
            return null;
        }
        return length() > MAX_KEY ? LONG_KEY : new String(bytes, 0, from, length());
    }

    /** Reads an integer to {@link #number}. */
    boolean integer() {
        int i = at + 1;
        boolean negative = i < bytes.length && bytes[i] == '-';
        if (negative) {
            i++;
        }
        int digits = i;
        // Kept negative, as Long.MIN_VALUE has no positive counterpart.
        long value = 0;
        while (i < bytes.length && isDigit(bytes[i])) {
            int digit = bytes[i++] - '0';
            if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) {
                return fail("an integer beyond 64 bits");
            }
            value = value * 10 - digit;
        }
        if (!isAt('i') || i == digits || i == bytes.length || bytes[i] != 'e') {
            return fail("not an integer");
        }
        if (!negative && value == Long.MIN_VALUE) {
            return fail("an integer beyond 64 bits");
        }
        number = negative ? value : -value;
        at = i + 1;
        return true;
    }

    /** Steps over one value of any kind. */
    boolean skip() {
        int depth = 0;
        do {
            if (isAtString()) {
                if (!string()) {
                    return false;
                }
            } else if (isAt('i')) {
                if (!integer()) {
                    return false;
                }
            } else if (isAt('l') || isAt('d')) {
                if (++depth > BencodeDecoder.MAX_DEPTH) {
                    return fail("nested deeper than " + BencodeDecoder.MAX_DEPTH);
                }
                at++;
            } else if (depth > 0 && take('e')) {
                depth--;
            } else {
                return fail("not the beginning of a value");
            }
        } while (depth > 0);
        return true;
    }

    boolean fail(String reason) {
        trouble = reason;
        return false;
    }

    boolean isInTrouble() {
        return !trouble.isEmpty();
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
