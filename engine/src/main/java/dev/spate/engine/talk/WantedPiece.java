package dev.spate.engine.talk;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** One piece on its way from a single peer: which blocks to ask for, and which of them came. */
final class WantedPiece {

    /** Requests at a time; no client keeps fewer in its queue. */
    static final int IN_FLIGHT = 32;

    private final PieceLayout layout;
    private final int piece;
    private final byte[] content;
    private final BitSet asked = new BitSet();
    private final BitSet arrived = new BitSet();

    WantedPiece(PieceLayout layout, int piece) {
        this.layout = layout;
        this.piece = piece;
        this.content = new byte[layout.length(piece)];
    }

    int piece() {
        return piece;
    }

    /** What is to be asked for now. */
    List<BlockRange> requests() {
        List<BlockRange> requests = new ArrayList<>();
        int blocks = layout.blocks(piece);
        int room = IN_FLIGHT - (asked.cardinality() - arrived.cardinality());
        for (int next = asked.nextClearBit(0); next < blocks && room > 0; next = asked.nextClearBit(next + 1)) {
            asked.set(next);
            requests.add(layout.block(piece, next));
            room--;
        }
        return requests;
    }

    /** What was asked for and did not come will not come. */
    void choked() {
        asked.clear();
        asked.or(arrived);
    }

    /** Whether a block is asked for and has not come. */
    boolean isAwaited(BlockRange block) {
        int number = PieceLayout.blockNumber(block.begin());
        return block.piece() == piece && layout.isBlock(block) && asked.get(number) && !arrived.get(number);
    }

    /** One that {@link #isAwaited} came. */
    void arrived(BlockRange block, ByteBuffer payload) {
        arrived.set(PieceLayout.blockNumber(block.begin()));
        payload.get(content, block.begin(), block.length());
    }

    boolean isWhole() {
        return arrived.cardinality() == layout.blocks(piece);
    }

    /** How much of it came, for a person. */
    @Override
    public String toString() {
        return arrived.cardinality() + " of " + layout.blocks(piece) + " blocks of piece " + piece;
    }

    byte[] sha1() {
        try {
            return MessageDigest.getInstance("SHA-1").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
