package dev.spate.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A mutable set of piece indexes of a fixed range, with its size counted along.
 *
 * <p>Not safe for use by several threads. Stored as 64-bit words, lowest piece in the lowest bit, so that questions about
 * two sets go through 64 pieces at a time; {@link #toBitfield} and {@link #ofBitfield} speak BEP 3's order of bits, where
 * the first piece is the highest bit of the first byte.
 */
public final class PieceSet {
    private final int pieces;
    private final long[] words;
    private int count;

    /** An empty set of pieces below {@code pieces}. */
    public PieceSet(int pieces) {
        if (pieces < 0 || pieces > PieceLayout.MAX_PIECES) {
            throw new IllegalArgumentException("not a number of pieces: " + pieces);
        }
        this.pieces = pieces;
        this.words = new long[(pieces + 63) >>> 6];
    }

    private PieceSet(PieceSet other) {
        this.pieces = other.pieces;
        this.words = other.words.clone();
        this.count = other.count;
    }

    /** The set of all pieces below {@code pieces}. */
    public static PieceSet full(int pieces) {
        PieceSet set = new PieceSet(pieces);
        set.addAll();
        return set;
    }

    /** The number of bytes of the bitfield of so many pieces. */
    public static int bitfieldLength(int pieces) {
        return (pieces + 7) >>> 3;
    }

    /**
     * Reads BEP 3's bitfield.
     *
     * @return the set; malformed when the length is not exactly that of {@code pieces} pieces, or when a spare bit is set
     */
    public static Decoding<PieceSet> ofBitfield(byte[] bitfield, int pieces) {
        if (bitfield.length != bitfieldLength(pieces)) {
            return new Decoding.Malformed<>(
                    0, "bitfield of " + bitfield.length + " bytes, not " + bitfieldLength(pieces));
        }
        if ((pieces & 7) != 0 && (bitfield[bitfield.length - 1] & (0xff >>> (pieces & 7))) != 0) {
            return new Decoding.Malformed<>(bitfield.length - 1, "spare bits of the bitfield are set");
        }
        PieceSet set = new PieceSet(pieces);
        for (int i = 0; i < bitfield.length; i++) {
            long reversed = Integer.toUnsignedLong(Integer.reverse(bitfield[i]) >>> 24);
            set.words[i >>> 3] |= reversed << ((i & 7) << 3);
        }
        for (long word : set.words) {
            set.count += Long.bitCount(word);
        }
        return new Decoding.Decoded<>(set);
    }

    /** BEP 3's bitfield of this set: the first piece is the highest bit of the first byte, spare bits are 0. */
    public byte[] toBitfield() {
        byte[] bitfield = new byte[bitfieldLength(pieces)];
        writeBitfield(ByteBuffer.wrap(bitfield));
        return bitfield;
    }

    /** Puts the bitfield, as {@link #toBitfield} gives it, at the buffer's position. */
    public void writeBitfield(ByteBuffer into) {
        int length = bitfieldLength(pieces);
        for (int i = 0; i < length; i++) {
            int bits = (int) (words[i >>> 3] >>> ((i & 7) << 3)) & 0xff;
            into.put((byte) (Integer.reverse(bits) >>> 24));
        }
    }

    /** The number of pieces that there are, in the set or not. */
    public int pieces() {
        return pieces;
    }

    /** The number of pieces in the set. */
    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether every piece is in the set; true as well where there are no pieces at all. */
    public boolean isFull() {
        return count == pieces;
    }

    public boolean contains(int piece) {
        check(piece);
        return (words[piece >>> 6] >>> piece & 1) != 0;
    }

    /** Adds a piece; returns false if it was there. */
    public boolean add(int piece) {
        if (contains(piece)) {
            return false;
        }
        words[piece >>> 6] |= 1L << piece;
        count++;
        return true;
    }

    /** Removes a piece; returns false if it was not there. */
    public boolean remove(int piece) {
        if (!contains(piece)) {
            return false;
        }
        words[piece >>> 6] &= ~(1L << piece);
        count--;
        return true;
    }

    public void addAll() {
        Arrays.fill(words, -1L);
        if ((pieces & 63) != 0) {
            words[words.length - 1] = (1L << pieces) - 1;
        }
        count = pieces;
    }

    public void clear() {
        Arrays.fill(words, 0);
        count = 0;
    }

    /** The smallest piece of the set that is at least {@code from}, or -1. */
    public int next(int from) {
        if (from >= pieces) {
            return -1;
        }
        int index = from >>> 6;
        long word = words[index] & (-1L << from);
        while (word == 0) {
            if (++index == words.length) {
                return -1;
            }
            word = words[index];
        }
        return (index << 6) + Long.numberOfTrailingZeros(word);
    }

    /** The smallest piece that is not in the set and is at least {@code from}, or -1. */
    public int nextLacking(int from) {
        if (from >= pieces || isFull()) {
            return -1;
        }
        int index = from >>> 6;
        long word = ~words[index] & (-1L << from);
        while (word == 0) {
            if (++index == words.length) {
                return -1;
            }
            word = ~words[index];
        }
        int piece = (index << 6) + Long.numberOfTrailingZeros(word);
        return piece < pieces ? piece : -1;
    }

    /** The smallest piece of both sets that is at least {@code from}, or -1; looks at 64 pieces at a time. */
    public int nextInBoth(PieceSet other, int from) {
        checkSameRange(other);
        if (from >= pieces) {
            return -1;
        }
        int index = from >>> 6;
        long word = words[index] & other.words[index] & (-1L << from);
        while (word == 0) {
            if (++index == words.length) {
                return -1;
            }
            word = words[index] & other.words[index];
        }
        return (index << 6) + Long.numberOfTrailingZeros(word);
    }

    /** How many pieces of this set are not in {@code other}. */
    public int countWithout(PieceSet other) {
        checkSameRange(other);
        int result = 0;
        for (int i = 0; i < words.length; i++) {
            result += Long.bitCount(words[i] & ~other.words[i]);
        }
        return result;
    }

    public PieceSet copy() {
        return new PieceSet(this);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof PieceSet other && pieces == other.pieces && Arrays.equals(words, other.words);
    }

    @Override
    public int hashCode() {
        return 31 * pieces + Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return count + " of " + pieces + " pieces";
    }

    private void check(int piece) {
        if (piece < 0 || piece >= pieces) {
            throw new IndexOutOfBoundsException("no piece " + piece + " of " + pieces);
        }
    }

    private void checkSameRange(PieceSet other) {
        if (pieces != other.pieces) {
            throw new IllegalArgumentException("sets of " + pieces + " and of " + other.pieces + " pieces");
        }
    }
}
