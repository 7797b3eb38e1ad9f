package dev.spate.wire;

/**
 * A contiguous part of one piece, the unit of transfer (BEP 3 {@code request}).
 *
 * @param piece piece index, from 0
 * @param begin offset within the piece, in bytes
 * @param length in bytes, at least 1
 */
public record BlockRange(int piece, int begin, int length) {
    public BlockRange {
        if (piece < 0 || begin < 0 || length <= 0 || begin > Integer.MAX_VALUE - length) {
            throw new IllegalArgumentException("not a block: " + piece + "/" + begin + "+" + length);
        }
    }

    /** The offset behind the last byte, within the piece. */
    public int end() {
        return begin + length;
    }

    @Override
    public String toString() {
        return piece + "/" + begin + "+" + length;
    }
}
