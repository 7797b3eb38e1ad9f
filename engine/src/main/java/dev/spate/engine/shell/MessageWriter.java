package dev.spate.engine.shell;

import dev.spate.io.lane.Outbox;
import dev.spate.io.memory.Lease;
import dev.spate.wire.BlockRange;
import dev.spate.wire.peer.Handshake;
import dev.spate.wire.peer.PeerMessage;
import dev.spate.wire.peer.PeerMessageEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one peer: small messages as values, and blocks that were read from storage.
 *
 * <p>Messages are encoded only when the socket has room, straight into the memory that is written from; blocks are written
 * from the memory they were read into. Control messages go before blocks, so that a choke or a have never waits behind a
 * megabyte of payload.
 */
final class MessageWriter {

    /** A block in memory, ready to go. The lease counts one borrow for this block alone. */
    record Loaded(BlockRange block, ByteBuffer payload, Lease lease) {}

    private static final int PIECE_HEADER = 13;

    private @Nullable Handshake handshake;
    private final ArrayDeque<PeerMessage> messages = new ArrayDeque<>(4);
    private final ArrayDeque<Loaded> blocks = new ArrayDeque<>(0);
    private int blockBytes;
    private long bytesMoved;
    private long blockBytesMoved;

    void send(Handshake first) {
        handshake = first;
    }

    void send(PeerMessage message) {
        messages.add(message);
    }

    void send(Loaded loaded) {
        blocks.add(loaded);
        blockBytes += loaded.block().length();
    }

    /** Payload bytes that wait here. */
    int blockBytes() {
        return blockBytes;
    }

    /** All bytes that {@link #moveTo} has moved. */
    long bytesMoved() {
        return bytesMoved;
    }

    /** Those among them that are blocks, with their headers. */
    long blockBytesMoved() {
        return blockBytesMoved;
    }

    boolean isEmpty() {
        return handshake == null && messages.isEmpty() && blocks.isEmpty();
    }

    /**
     * Moves as much as there is room for.
     *
     * @param mostOfBlocks no block is begun once so many bytes of blocks were moved; other messages always go
     * @param sent told of each block that went
     * @return false when something had to stay
     */
    boolean moveTo(Outbox out, int mostOfBlocks, Consumer<BlockRange> sent) {
        if (handshake != null) {
            if (out.room() < Handshake.LENGTH) {
                return false;
            }
            handshake.encode(out.small(Handshake.LENGTH));
            handshake = null;
            bytesMoved += Handshake.LENGTH;
        }
        for (PeerMessage message = messages.peek(); message != null; message = messages.peek()) {
            int length = PeerMessageEncoder.length(message);
            if (out.room() < length) {
                return false;
            }
            PeerMessageEncoder.encode(message, out.small(length));
            messages.remove();
            bytesMoved += length;
        }
        int moved = 0;
        for (Loaded loaded = blocks.peek(); loaded != null; loaded = blocks.peek()) {
            int length = PIECE_HEADER + loaded.block().length();
            if (out.room() < length || moved >= mostOfBlocks) {
                return false;
            }
            PeerMessageEncoder.encode(new PeerMessage.Piece(loaded.block()), out.small(PIECE_HEADER));
            out.add(loaded.payload(), loaded.lease());
            blockBytes -= loaded.block().length();
            blocks.remove();
            moved += length;
            bytesMoved += length;
            blockBytesMoved += length;
            sent.accept(loaded.block());
        }
        return true;
    }

    /** Gives back what was read and will not be sent. */
    void clear() {
        handshake = null;
        messages.clear();
        for (Loaded loaded = blocks.poll(); loaded != null; loaded = blocks.poll()) {
            loaded.lease().close();
        }
        blockBytes = 0;
    }
}
