package dev.spate.wire.bencode;

import dev.spate.wire.Decoding;
import java.util.Arrays;

/**
 * The one pass over bencoded bytes: checks that they are well-formed, finds the end, notes the landmarks.
 *
 * <p>It may be called again with more bytes and goes on where it stopped, at the beginning of the number or string that was
 * cut. Its only memory is a stack of at most {@link BencodeDecoder#MAX_DEPTH} open lists and dictionaries.
 */
final class BencodeScanner {
    private static final int NO_KEY = -1;

    /** Canonical 64-bit numbers have 20 characters; lenient ones may have some zeros more. */
    private static final int MAX_DIGITS = 32;

    /** Dictionaries out of order have to be sorted to be searched; real ones that long are always in order. */
    private static final int MAX_UNSORTED_KEYS = 1 << 16;

    private enum Place {
        LIST,
        KEY,
        VALUE
    }

    private final Strictness strictness;
    private final int maxLength;

    // The open lists and dictionaries, outermost first. Most inputs are a few levels deep.
    private Place[] places = new Place[4];
    private int[] begins = new int[4];
    private int[] previousKeys = new int[4];
    private int[] keyCounts = new int[4];
    private boolean[] unsorted = new boolean[4];
    private int depth;

    private int at;
    private boolean canonical = true;
    private long[] landmarks = new long[0];
    private int landmarkCount;

    // What the last token was, when it was not whole or not good.
    private int needed;
    private String trouble = "";
    private int troubleAt;

    /**
     * @param begin where the value begins
     * @param maxLength where the input ends at most, whatever a string claims
     */
    BencodeScanner(Strictness strictness, int begin, int maxLength) {
        this.strictness = strictness;
        this.maxLength = maxLength;
        this.at = begin;
    }

    /** Where the scan stands: behind the value once it was decoded. */
    int position() {
        return at;
    }

    /** Goes on; {@code bytes} must begin with all that were given before. */
    Decoding<Encoded> scan(byte[] bytes, int limit) {
        do {
            if (at >= limit) {
                return needMore(limit + 1);
            }
            boolean whole = switch (bytes[at]) {
                case 'l' -> open(Place.LIST);
                case 'd' -> open(Place.KEY);
                case 'e' -> close();
                case 'i' -> integer(bytes, limit);
                case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> string(bytes, limit);
                default -> trouble(at, "not the beginning of a value");
            };
            if (!whole) {
                return needed > 0 ? needMore(needed) : new Decoding.Malformed<>(troubleAt, trouble);
            }
        } while (depth > 0);
        long[] sorted = Arrays.copyOf(landmarks, landmarkCount);
        Arrays.sort(sorted);
        return new Decoding.Decoded<>(new Encoded(bytes, sorted, canonical));
    }

    private Decoding<Encoded> needMore(int bytes) {
        return bytes > maxLength
                ? new Decoding.Malformed<>(at, "the input ends within the value")
                : new Decoding.NeedMore<>(bytes);
    }

    private boolean open(Place place) {
        if (depth == BencodeDecoder.MAX_DEPTH) {
            return trouble(at, "nested deeper than " + BencodeDecoder.MAX_DEPTH);
        }
        if (!valueExpected()) {
            return trouble(at, "a key must be a string");
        }
        if (depth == places.length) {
            places = Arrays.copyOf(places, 2 * depth);
            begins = Arrays.copyOf(begins, 2 * depth);
            previousKeys = Arrays.copyOf(previousKeys, 2 * depth);
            keyCounts = Arrays.copyOf(keyCounts, 2 * depth);
            unsorted = Arrays.copyOf(unsorted, 2 * depth);
        }
        places[depth] = place;
        begins[depth] = at;
        previousKeys[depth] = NO_KEY;
        keyCounts[depth] = 0;
        unsorted[depth] = false;
        depth++;
        at++;
        return true;
    }

    private boolean close() {
        if (depth == 0) {
            return trouble(at, "not the beginning of a value");
        }
        if (places[depth - 1] == Place.VALUE) {
            return trouble(at, "a key without a value");
        }
        depth--;
        at++;
        if (at - begins[depth] >= Encoded.LANDMARK_LENGTH) {
            if (landmarkCount == landmarks.length) {
                landmarks = Arrays.copyOf(landmarks, Math.max(4, 2 * landmarkCount));
            }
            landmarks[landmarkCount++] = (long) begins[depth] << 32 | at;
        }
        return valueRead();
    }

    private boolean integer(byte[] bytes, int limit) {
        if (!valueExpected()) {
            return trouble(at, "a key must be a string");
        }
        int digits = at + 1;
        boolean negative = digits < limit && bytes[digits] == '-';
        if (negative) {
            digits++;
        }
        // Kept negative, as Long.MIN_VALUE has no positive counterpart.
        long value = 0;
        int end = digits;
        while (end < limit && isDigit(bytes[end])) {
            int digit = bytes[end] - '0';
            if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit || end - digits == MAX_DIGITS) {
                return trouble(at, "an integer beyond 64 bits");
            }
            value = value * 10 - digit;
            end++;
        }
        if (end == limit) {
            return cut(limit + 1);
        }
        if (bytes[end] != 'e' || end == digits) {
            return trouble(end, "not an integer");
        }
        if (!negative && value == Long.MIN_VALUE) {
            return trouble(at, "an integer beyond 64 bits");
        }
        boolean needlessZero = bytes[digits] == '0' && (end - digits > 1 || negative);
        if (needlessZero && !forgiven()) {
            return trouble(at, "an integer with a needless zero");
        }
        at = end + 1;
        return valueRead();
    }

    private boolean string(byte[] bytes, int limit) {
        int end = at;
        long length = 0;
        while (end < limit && isDigit(bytes[end])) {
            length = length * 10 + (bytes[end] - '0');
            if (length > Integer.MAX_VALUE || end - at == MAX_DIGITS) {
                return trouble(at, "a string longer than the input");
            }
            end++;
        }
        if (end == limit) {
            return cut(limit + 1);
        }
        if (bytes[end] != ':') {
            return trouble(end, "not the length of a string");
        }
        if (bytes[at] == '0' && end - at > 1 && !forgiven()) {
            return trouble(at, "a length with a needless zero");
        }
        int content = end + 1;
        if (length > maxLength - content) {
            return trouble(at, "a string longer than the input");
        }
        if (length > limit - content) {
            return cut(content + (int) length);
        }
        if (depth > 0 && places[depth - 1] == Place.KEY) {
            return key(bytes, content, content + (int) length);
        }
        at = content + (int) length;
        return valueRead();
    }

    private boolean key(byte[] bytes, int content, int end) {
        int level = depth - 1;
        int previous = previousKeys[level];
        keyCounts[level]++;
        if (previous != NO_KEY) {
            int previousContent = previous;
            while (bytes[previousContent] != ':') {
                previousContent++;
            }
            previousContent++;
            int previousEnd = previousContent + stringLength(bytes, previous);
            int order = Arrays.compareUnsigned(bytes, previousContent, previousEnd, bytes, content, end);
            if (order >= 0) {
                if (!forgiven()) {
                    return trouble(at, order == 0 ? "a key twice" : "keys out of order");
                }
                unsorted[level] = true;
            }
        }
        if (unsorted[level] && keyCounts[level] > MAX_UNSORTED_KEYS) {
            return trouble(at, "too many keys out of order");
        }
        previousKeys[level] = at;
        places[level] = Place.VALUE;
        at = end;
        return true;
    }

    private static int stringLength(byte[] bytes, int string) {
        int length = 0;
        for (int i = string; bytes[i] != ':'; i++) {
            length = length * 10 + (bytes[i] - '0');
        }
        return length;
    }

    private boolean valueExpected() {
        return depth == 0 || places[depth - 1] != Place.KEY;
    }

    private boolean valueRead() {
        if (depth > 0 && places[depth - 1] == Place.VALUE) {
            places[depth - 1] = Place.KEY;
        }
        return true;
    }

    /** Notes a departure from the canonical form; whether it is allowed. */
    private boolean forgiven() {
        canonical = false;
        return strictness == Strictness.LENIENT;
    }

    private boolean cut(int bytesNeeded) {
        needed = bytesNeeded;
        return false;
    }

    private boolean trouble(int offset, String reason) {
        needed = 0;
        trouble = reason;
        troubleAt = offset;
        return false;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
