package dev.spate.classic.course.wire;

import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;

/** Writes messages in a dialect. Pure. */
public final class MessageEncoder {
    private final PieceLayout layout;

    /** For a network that shares this file. */
    public MessageEncoder(PieceLayout layout) {
        this.layout = layout;
    }

    /** How many bytes {@link #encode} writes, at most; of a piece those before its content. */
    public int length(Message message) {
        return switch (message) {
            case Message.Choke _, Message.Unchoke _, Message.Interested _, Message.NotInterested _ -> Type.PREFIX;
            case Message.Have _, Message.Request _, Message.Piece _ -> Type.PREFIX + Type.INDEX;
            case Message.Bitfield _ -> Type.PREFIX + PieceSet.bitfieldLength(layout.pieces());
        };
    }

    /** Puts a message at the buffer's position, of a piece all but the content. The buffer is big-endian. */
    public void encode(Message message, Dialect dialect, ByteBuffer into) {
        switch (message) {
            case Message.Choke _ -> prefix(dialect, 0, Type.CHOKE, into);
            case Message.Unchoke _ -> prefix(dialect, 0, Type.UNCHOKE, into);
            case Message.Interested _ -> prefix(dialect, 0, Type.INTERESTED, into);
            case Message.NotInterested _ -> prefix(dialect, 0, Type.NOT_INTERESTED, into);
            case Message.Have(var piece) -> indexed(dialect, Type.HAVE, piece, 0, into);
            case Message.Request(var piece) -> indexed(dialect, Type.REQUEST, piece, 0, into);
            case Message.Piece(var piece, var padding) ->
                indexed(dialect, Type.PIECE, piece, layout.length(piece) + padding, into);
            case Message.Bitfield(var pieces) -> bitfield(dialect, pieces, into);
        }
    }

    private static void prefix(Dialect dialect, int payload, int type, ByteBuffer into) {
        into.putInt(dialect.integer(dialect.lengthField(payload))).put((byte) type);
    }

    private static void indexed(Dialect dialect, int type, int piece, int content, ByteBuffer into) {
        prefix(dialect, Type.INDEX + content, type, into);
        into.putInt(dialect.integer(piece));
    }

    private static void bitfield(Dialect dialect, PieceSet pieces, ByteBuffer into) {
        byte[] bytes = pieces.toBitfield();
        int length = bytes.length;
        if (dialect.has(Deviation.LOW_BIT)) {
            BitOrder.reverse(bytes);
            while (length > 0 && bytes[length - 1] == 0) {
                length--;
            }
        }
        prefix(dialect, length, Type.BITFIELD, into);
        into.put(bytes, 0, length);
    }
}
