package dev.spate.wire.bencode;

/**
 * Where a value's encoded bytes lie in the input that was decoded.
 *
 * @param offset of the first byte, from the beginning of the input
 * @param length in bytes, at least 2
 */
public record Span(int offset, int length) {
    public Span {
        if (offset < 0 || length < 2 || offset > Integer.MAX_VALUE - length) {
            throw new IllegalArgumentException("not the span of a value: " + offset + "+" + length);
        }
    }

    /** The offset behind the last byte. */
    public int end() {
        return offset + length;
    }
}
