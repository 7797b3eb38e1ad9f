package dev.spate.wire;

/**
 * How a torrent's bytes divide into pieces and blocks; all piece arithmetic of Spate is here.
 *
 * <p>The bytes of all files, in order, are one run of {@code totalLength} bytes (BEP 3, "info dictionary"). It is cut into
 * pieces of {@code pieceLength}, of which the last may be shorter, and each piece into blocks of {@link #BLOCK_LENGTH}, of
 * which again the last may be shorter.
 *
 * @param totalLength bytes in all, 0 or more
 * @param pieceLength bytes of every piece but the last, at least 1 and at most {@link #MAX_PIECE_LENGTH}
 */
public record PieceLayout(long totalLength, int pieceLength) {

    /** The unit of transfer. BEP 3, "peer messages": all current implementations use 2^14. */
    public static final int BLOCK_LENGTH = 1 << 14;

    /** The longest piece that Spate accepts, 64 MiB. */
    public static final int MAX_PIECE_LENGTH = 1 << 26;

    /** The most pieces that Spate accepts; their bitfield takes 512 KiB. */
    public static final int MAX_PIECES = 1 << 22;

    public PieceLayout {
        if (totalLength < 0) {
            throw new IllegalArgumentException("negative length: " + totalLength);
        }
        if (pieceLength < 1 || pieceLength > MAX_PIECE_LENGTH) {
            throw new IllegalArgumentException("piece length out of bounds: " + pieceLength);
        }
        if (Math.ceilDiv(totalLength, (long) pieceLength) > MAX_PIECES) {
            throw new IllegalArgumentException(
                    "too many pieces: " + totalLength + " bytes in pieces of " + pieceLength);
        }
    }

    /** The number of pieces. */
    public int pieces() {
        return (int) Math.ceilDiv(totalLength, (long) pieceLength);
    }

    /** Where a piece begins in the run of all bytes. */
    public long offset(int piece) {
        return (long) piece * pieceLength;
    }

    /** The length of a piece in bytes. */
    public int length(int piece) {
        checkPiece(piece);
        return (int) Math.min(pieceLength, totalLength - offset(piece));
    }

    /** The number of blocks of a piece. */
    public int blocks(int piece) {
        return Math.ceilDiv(length(piece), BLOCK_LENGTH);
    }

    /** The block with the given number, from 0, within its piece. */
    public BlockRange block(int piece, int number) {
        int begin = number * BLOCK_LENGTH;
        return new BlockRange(piece, begin, Math.min(BLOCK_LENGTH, length(piece) - begin));
    }

    /** Whether the range lies within an existing piece; it may be of any length and need not be one of ours. */
    public boolean contains(BlockRange range) {
        return range.piece() < pieces() && range.end() <= length(range.piece());
    }

    /** Whether the range is exactly one of the blocks that {@link #block} gives. */
    public boolean isBlock(BlockRange range) {
        return contains(range)
                && range.begin() % BLOCK_LENGTH == 0
                && range.length() == Math.min(BLOCK_LENGTH, length(range.piece()) - range.begin());
    }

    /** The number of the block that holds this byte of its piece. */
    public static int blockNumber(int begin) {
        return begin / BLOCK_LENGTH;
    }

    /** The piece that holds a byte of the run of all bytes. */
    public int pieceAt(long offset) {
        if (offset < 0 || offset >= totalLength) {
            throw new IndexOutOfBoundsException("no byte " + offset + " of " + totalLength);
        }
        return (int) (offset / pieceLength);
    }

    private void checkPiece(int piece) {
        if (piece < 0 || piece >= pieces()) {
            throw new IndexOutOfBoundsException("no piece " + piece + " of " + pieces());
        }
    }
}
