package dev.spate.wire.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage.HashSpan;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes messages as bytes. Allocates nothing. */
public final class PeerMessageEncoder {
    private PeerMessageEncoder() {}

    /**
     * How many bytes {@link #encode} writes, length prefix included, and {@link PeerMessage#payloadLength() payload} not: a
     * {@code Piece} has 13, an {@code Unknown} 5.
     */
    public static int length(PeerMessage message) {
        return MessageType.PREFIX + wireLength(message) - message.payloadLength();
    }

    /**
     * Puts the message at the buffer's position; of one with a payload only the header, behind which the caller sends the
     * payload.
     *
     * @param into in network byte order
     * @throws BufferOverflowException if fewer than {@link #length} bytes remain; nothing has been written then
     */
    public static void encode(PeerMessage message, ByteBuffer into) {
        assert into.order() == ByteOrder.BIG_ENDIAN : "the wire is big-endian";
        int wireLength = wireLength(message);
        if (into.remaining() < MessageType.PREFIX + wireLength - message.payloadLength()) {
            throw new BufferOverflowException();
        }
        into.putInt(wireLength);
        switch (message) {
            case PeerMessage.Request(BlockRange block) -> block(MessageType.REQUEST, block, into);
            case PeerMessage.Piece(BlockRange block) ->
                type(MessageType.PIECE, into).putInt(block.piece()).putInt(block.begin());
            case PeerMessage.Have(int piece) -> type(MessageType.HAVE, into).putInt(piece);
            case PeerMessage.Cancel(BlockRange block) -> block(MessageType.CANCEL, block, into);
            case PeerMessage.KeepAlive() -> {}
            case PeerMessage.Choke() -> type(MessageType.CHOKE, into);
            case PeerMessage.Unchoke() -> type(MessageType.UNCHOKE, into);
            case PeerMessage.Interested() -> type(MessageType.INTERESTED, into);
            case PeerMessage.NotInterested() -> type(MessageType.NOT_INTERESTED, into);
            case PeerMessage.Bitfield(PieceSet pieces) -> pieces.writeBitfield(type(MessageType.BITFIELD, into));
            case PeerMessage.Port(int port) -> type(MessageType.PORT, into).putShort((short) port);
            case PeerMessage.SuggestPiece(int piece) ->
                type(MessageType.SUGGEST_PIECE, into).putInt(piece);
            case PeerMessage.HaveAll() -> type(MessageType.HAVE_ALL, into);
            case PeerMessage.HaveNone() -> type(MessageType.HAVE_NONE, into);
            case PeerMessage.RejectRequest(BlockRange block) -> block(MessageType.REJECT_REQUEST, block, into);
            case PeerMessage.AllowedFast(int piece) ->
                type(MessageType.ALLOWED_FAST, into).putInt(piece);
            case PeerMessage.Extended(int id, ByteBuffer payload) -> {
                type(MessageType.EXTENDED, into).put((byte) id);
                // The payload keeps its position, because the same message may go to many peers.
                into.put(into.position(), payload, payload.position(), payload.remaining());
                into.position(into.position() + payload.remaining());
            }
            case PeerMessage.HashRequest(HashSpan span) -> span(MessageType.HASH_REQUEST, span, into);
            case PeerMessage.Hashes(HashSpan span, List<Digest> hashes) -> {
                span(MessageType.HASHES, span, into);
                for (int i = 0; i < hashes.size(); i++) {
                    hashes.get(i).writeTo(into);
                }
            }
            case PeerMessage.HashReject(HashSpan span) -> span(MessageType.HASH_REJECT, span, into);
            case PeerMessage.Unknown unknown -> type(unknown.id(), into);
        }
    }

    /** The number that stands in front of the message: all its bytes but that number's own four. */
    private static int wireLength(PeerMessage message) {
        return switch (message) {
            case PeerMessage.Request r -> 13;
            case PeerMessage.Piece piece -> 9 + piece.payloadLength();
            case PeerMessage.Have h -> 5;
            case PeerMessage.Cancel c -> 13;
            case PeerMessage.KeepAlive k -> 0;
            case PeerMessage.Choke c -> 1;
            case PeerMessage.Unchoke u -> 1;
            case PeerMessage.Interested i -> 1;
            case PeerMessage.NotInterested n -> 1;
            case PeerMessage.Bitfield(PieceSet pieces) -> 1 + PieceSet.bitfieldLength(pieces.pieces());
            case PeerMessage.Port p -> 3;
            case PeerMessage.SuggestPiece s -> 5;
            case PeerMessage.HaveAll h -> 1;
            case PeerMessage.HaveNone h -> 1;
            case PeerMessage.RejectRequest r -> 13;
            case PeerMessage.AllowedFast a -> 5;
            case PeerMessage.Extended extended -> 2 + extended.payload().remaining();
            case PeerMessage.HashRequest h -> 1 + MessageType.HASH_SPAN;
            case PeerMessage.Hashes h -> 1 + MessageType.HASH_SPAN + h.hashes().size() * Digest.SHA256_LENGTH;
            case PeerMessage.HashReject h -> 1 + MessageType.HASH_SPAN;
            case PeerMessage.Unknown unknown -> 1 + unknown.length();
        };
    }

    private static ByteBuffer type(int type, ByteBuffer into) {
        return into.put((byte) type);
    }

    private static void block(int type, BlockRange block, ByteBuffer into) {
        type(type, into).putInt(block.piece()).putInt(block.begin()).putInt(block.length());
    }

    private static void span(int type, HashSpan span, ByteBuffer into) {
        span.piecesRoot().writeTo(type(type, into));
        into.putInt(span.baseLayer()).putInt(span.index()).putInt(span.length()).putInt(span.proofLayers());
    }
}
