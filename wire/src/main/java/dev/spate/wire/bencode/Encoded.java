package dev.spate.wire.bencode;

import java.util.Arrays;

/**
 * Bytes that were checked to hold one well-formed value, and the means to find one's way in them.
 *
 * <p>To step over a value one must know its end. A string and an integer tell it in their first bytes, a list or dictionary
 * does not. Those of at least {@link #LANDMARK_LENGTH} bytes are remembered as landmarks; shorter ones are walked through
 * again. So nothing long is walked through twice on one level, and the memory is a fraction of the input at worst: with
 * nesting limited to 64, no more than one landmark for each 64 bytes of input.
 */
final class Encoded {
    static final int LANDMARK_LENGTH = 4096;

    final byte[] bytes;

    /** Whether the bytes are in the canonical form, so that a copy of them is as well. */
    final boolean canonical;

    /** Begin (high half) and end (low half) of every long list or dictionary, ascending. */
    private final long[] landmarks;

    Encoded(byte[] bytes, long[] landmarks, boolean canonical) {
        this.bytes = bytes;
        this.landmarks = landmarks;
        this.canonical = canonical;
    }

    /** A view of the value that begins at {@code offset}. */
    BencodeValue valueAt(int offset) {
        return valueAt(offset, endOf(offset));
    }

    /** A view of the value between two offsets. */
    BencodeValue valueAt(int offset, int end) {
        return switch (bytes[offset]) {
            case 'i' -> new BencodeInteger(this, offset, end);
            case 'l' -> new BencodeList(this, offset, end);
            case 'd' -> new BencodeDictionary(this, offset, end);
            default -> new BencodeString(this, offset, end);
        };
    }

    /** The offset behind the value that begins at {@code offset}. */
    int endOf(int offset) {
        return switch (bytes[offset]) {
            case 'i' -> endOfInteger(offset);
            case 'l', 'd' -> endOfContainer(offset);
            default -> endOfString(offset);
        };
    }

    /** The offset of the first byte of a string's content. */
    int contentOf(int string) {
        int at = string;
        while (bytes[at] != ':') {
            at++;
        }
        return at + 1;
    }

    int endOfString(int string) {
        int at = string;
        int length = 0;
        while (bytes[at] != ':') {
            length = length * 10 + (bytes[at++] - '0');
        }
        return at + 1 + length;
    }

    private int endOfInteger(int integer) {
        int at = integer;
        while (bytes[at] != 'e') {
            at++;
        }
        return at + 1;
    }

    private int endOfContainer(int container) {
        int landmark = Arrays.binarySearch(landmarks, (long) container << 32);
        // The end is never 0, so the search ends at the insertion point: the first landmark that begins here or later.
        int index = -landmark - 1;
        if (index < landmarks.length && (int) (landmarks[index] >>> 32) == container) {
            return (int) landmarks[index];
        }
        int depth = 0;
        int at = container;
        do {
            switch (bytes[at]) {
                case 'l', 'd' -> {
                    depth++;
                    at++;
                }
                case 'e' -> {
                    depth--;
                    at++;
                }
                case 'i' -> at = endOfInteger(at);
                default -> at = endOfString(at);
            }
        } while (depth > 0);
        return at;
    }

    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** Equality of two values by their canonical encodings. */
    static boolean equal(Encoded a, int fromA, int toA, Encoded b, int fromB, int toB) {
        if (Arrays.equals(a.bytes, fromA, toA, b.bytes, fromB, toB)) {
            return true;
        }
        return !(a.canonical && b.canonical)
                && Arrays.equals(
                        BencodeEncoder.encode(a.valueAt(fromA, toA)), BencodeEncoder.encode(b.valueAt(fromB, toB)));
    }

    /** A hash of a value's canonical encoding. */
    int hash(int from, int to) {
        byte[] canonicalBytes = canonical ? copy(from, to) : BencodeEncoder.encode(valueAt(from, to));
        return Arrays.hashCode(canonicalBytes);
    }
}
