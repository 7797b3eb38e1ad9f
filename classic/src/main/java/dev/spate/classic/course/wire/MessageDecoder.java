package dev.spate.classic.course.wire;

import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of one neighbour, in a dialect that is given or that its first message tells. Not safe for use by several
 * threads.
 *
 * <p>Implementation note: with the length field and the type byte of one message it is clear what the length counts, because the
 * length of every message is known but that of a bitfield, and a bitfield has its full length unless zero bytes were left out
 * at its end. The order of bits shows in the spare bits of a full bitfield, and in bytes that were left out; where neither tells,
 * the text is right.
 */
public final class MessageDecoder {
    private final PieceLayout layout;
    private final int bitfieldLength;
    private final boolean guessing;
    private @Nullable Dialect dialect;

    /**
     * Finds the dialect out.
     *
     * @param layout of the file that is shared
     */
    public static MessageDecoder guessing(PieceLayout layout) {
        return new MessageDecoder(layout, null);
    }

    /** Understands this dialect and no other. */
    public static MessageDecoder of(PieceLayout layout, Dialect dialect) {
        return new MessageDecoder(layout, dialect);
    }

    private MessageDecoder(PieceLayout layout, @Nullable Dialect dialect) {
        this.layout = layout;
        this.bitfieldLength = PieceSet.bitfieldLength(layout.pieces());
        this.guessing = dialect == null;
        this.dialect = dialect;
    }

    /** The dialect to answer in: the neighbour's, or the text's as long as that is not known. */
    public Dialect dialect() {
        return dialect == null ? Dialect.STRICT : dialect;
    }

    /**
     * Reads one message from the buffer's position and moves the position behind it, of a piece behind its index; leaves it where it
     * is unless all is there and good. Never asks for more than one message.
     *
     * @param data big-endian
     */
    public Decoding<Message> decode(ByteBuffer data) {
        if (data.remaining() < Type.PREFIX) {
            return new Decoding.NeedMore<>(Type.PREFIX);
        }
        int begin = data.position();
        int field = data.getInt(begin);
        int type = data.get(begin + 4) & 0xff;
        boolean countsType = dialect == null ? countsType(field, type) : dialect.lengthCountsType();
        int payload = countsType ? field - 1 : field;
        if (payload < 0) {
            return new Decoding.Malformed<>(0, "length " + Integer.toUnsignedString(field) + " of a message");
        }
        Decoding<Message> decoding = switch (type) {
            case Type.CHOKE -> empty(payload, new Message.Choke());
            case Type.UNCHOKE -> empty(payload, new Message.Unchoke());
            case Type.INTERESTED -> empty(payload, new Message.Interested());
            case Type.NOT_INTERESTED -> empty(payload, new Message.NotInterested());
            case Type.HAVE, Type.REQUEST, Type.PIECE -> indexed(data, type, payload);
            case Type.BITFIELD -> bitfield(data, payload);
            default -> new Decoding.Malformed<>(4, "message of unknown type " + type);
        };
        if (decoding instanceof Decoding.Decoded<Message>(var message)) {
            data.position(begin + consumed(message, payload));
            if (dialect == null) {
                dialect = new Dialect(countsType, false);
            }
        }
        return decoding;
    }

    private static int consumed(Message message, int payload) {
        return Type.PREFIX + (message instanceof Message.Piece ? Type.INDEX : payload);
    }

    /** Whether a first message counts its type byte in its length. */
    private boolean countsType(int field, int type) {
        return switch (type) {
            case Type.CHOKE, Type.UNCHOKE, Type.INTERESTED, Type.NOT_INTERESTED -> field != 0;
            case Type.HAVE, Type.REQUEST -> field != Type.INDEX;
            case Type.BITFIELD -> field != bitfieldLength && field != 0;
            // The index, which follows, would tell more exactly; but a piece is nobody's first message.
            default -> true;
        };
    }

    private static Decoding<Message> empty(int payload, Message message) {
        return payload == 0
                ? new Decoding.Decoded<>(message)
                : new Decoding.Malformed<>(0, message.title() + " with " + payload + " bytes of payload");
    }

    private Decoding<Message> indexed(ByteBuffer data, int type, int payload) {
        if (type != Type.PIECE && payload != Type.INDEX) {
            return new Decoding.Malformed<>(
                    0, (type == Type.HAVE ? "have" : "request") + " with " + payload + " bytes of payload, not 4");
        }
        if (payload < Type.INDEX) {
            return new Decoding.Malformed<>(0, "piece with " + payload + " bytes of payload");
        }
        if (data.remaining() < Type.PREFIX + Type.INDEX) {
            return new Decoding.NeedMore<>(Type.PREFIX + Type.INDEX);
        }
        int piece = data.getInt(data.position() + Type.PREFIX);
        if (piece < 0 || piece >= layout.pieces()) {
            return new Decoding.Malformed<>(
                    Type.PREFIX,
                    "piece " + Integer.toUnsignedString(piece) + " where there are " + layout.pieces() + " pieces");
        }
        if (type != Type.PIECE) {
            return new Decoding.Decoded<>(type == Type.HAVE ? new Message.Have(piece) : new Message.Request(piece));
        }
        if (payload - Type.INDEX != layout.length(piece)) {
            return new Decoding.Malformed<>(
                    0, "piece " + piece + " of " + (payload - Type.INDEX) + " bytes, not " + layout.length(piece));
        }
        return new Decoding.Decoded<>(new Message.Piece(piece));
    }

    private Decoding<Message> bitfield(ByteBuffer data, int payload) {
        boolean mayBeShort = dialect == null || dialect.lowBitFirst();
        if (payload > bitfieldLength || (payload < bitfieldLength && !mayBeShort)) {
            return new Decoding.Malformed<>(0, "bitfield of " + payload + " bytes, not " + bitfieldLength);
        }
        if (data.remaining() < Type.PREFIX + payload) {
            return new Decoding.NeedMore<>(Type.PREFIX + payload);
        }
        byte[] bytes = new byte[bitfieldLength];
        data.get(data.position() + Type.PREFIX, bytes, 0, payload);
        boolean lowBitFirst = dialect == null
                ? payload < bitfieldLength || sparesSayLowBitFirst(bytes)
                : dialect.lowBitFirst() || (guessing && sparesSayLowBitFirst(bytes));
        if (lowBitFirst) {
            BitOrder.reverse(bytes);
        }
        return switch (PieceSet.ofBitfield(bytes, layout.pieces())) {
            case Decoding.Decoded<PieceSet>(var pieces) -> {
                if (guessing) {
                    dialect = new Dialect(dialect == null ? countsType(data) : dialect.lengthCountsType(), lowBitFirst);
                }
                yield new Decoding.Decoded<>(new Message.Bitfield(pieces));
            }
            case Decoding.NeedMore<PieceSet> _ -> throw new AssertionError("a bitfield has its length");
            case Decoding.Malformed<PieceSet>(var offset, var reason) ->
                new Decoding.Malformed<>(Type.PREFIX + offset, reason);
        };
    }

    private boolean countsType(ByteBuffer data) {
        return countsType(data.getInt(data.position()), Type.BITFIELD);
    }

    /** Whether the last byte makes sense only when its lowest bit is the first. */
    private boolean sparesSayLowBitFirst(byte[] bitfield) {
        int used = layout.pieces() & 7;
        if (used == 0 || bitfield.length == 0) {
            return false;
        }
        int last = bitfield[bitfield.length - 1] & 0xff;
        boolean sense = (last & (0xff >>> used)) == 0;
        boolean senseReversed = last >>> used == 0;
        return !sense && senseReversed;
    }
}
