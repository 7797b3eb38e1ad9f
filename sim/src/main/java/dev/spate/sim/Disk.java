package dev.spate.sim;

import dev.spate.core.swarm.BlockDigests;
import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A host's memory for pieces that arrive, and what is on its disk; it holds marks instead of bytes. */
final class Disk {
    private static final long NOTHING = -1;

    private final String who;
    private final PieceLayout layout;
    private final DiskOptions options;
    private final PieceSet pieces;

    /** The marks of each piece that is in memory. */
    private final long[] @Nullable [] buffers;

    private int buffered;

    Disk(String who, PieceLayout layout, DiskOptions options, PieceSet pieces) {
        this.who = who;
        this.layout = layout;
        this.options = options;
        this.pieces = pieces;
        this.buffers = new long[layout.pieces()][];
    }

    /** Reserves memory for a piece; the {@code Picker.Budget} of the host's swarm. */
    boolean tryOpen(int piece) {
        if (buffers[piece] != null || pieces.contains(piece)) {
            throw broken("piece " + piece + " is begun, though it is begun or on disk already");
        }
        if (buffered == options.buffers()) {
            return false;
        }
        long[] marks = new long[layout.blocks(piece)];
        Arrays.fill(marks, NOTHING);
        buffers[piece] = marks;
        buffered++;
        return true;
    }

    void store(BlockRange block, long mark) {
        long[] marks = buffer(block.piece());
        int number = PieceLayout.blockNumber(block.begin());
        if (marks[number] != NOTHING) {
            throw broken("block " + block + " is stored twice");
        }
        marks[number] = mark;
    }

    boolean isWhole(int piece) {
        return Arrays.stream(buffer(piece)).noneMatch(mark -> mark == NOTHING);
    }

    boolean isGood(int piece) {
        long[] marks = buffer(piece);
        for (int i = 0; i < marks.length; i++) {
            if (marks[i] != Marks.good(layout.block(piece, i))) {
                return false;
            }
        }
        return true;
    }

    BlockDigests digests(int piece) {
        return BlockDigests.of(buffer(piece));
    }

    void write(int piece) {
        if (!isGood(piece)) {
            throw broken("piece " + piece + " is written, and it is bad");
        }
        forget(piece);
        pieces.add(piece);
    }

    void free(int piece) {
        if (buffers[piece] == null) {
            throw broken("piece " + piece + " is discarded, and it was not begun");
        }
        forget(piece);
    }

    private void forget(int piece) {
        buffers[piece] = null;
        buffered--;
    }

    /** What is not on disk is lost. */
    void crash() {
        Arrays.fill(buffers, null);
        buffered = 0;
    }

    boolean has(int piece) {
        return pieces.contains(piece);
    }

    boolean isBuffered(int piece) {
        return buffers[piece] != null;
    }

    /** The pieces on disk; not a copy. */
    PieceSet pieces() {
        return pieces;
    }

    private InvariantBroken broken(String what) {
        return new InvariantBroken(who + ": " + what);
    }

    private long[] buffer(int piece) {
        long[] marks = buffers[piece];
        if (marks == null) {
            throw broken("piece " + piece + " has no buffer");
        }
        return marks;
    }
}
