package dev.spate.classic.course.wire;

import dev.spate.wire.Decoding;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the handshake and the messages of one neighbour, in a dialect that is given or that its first bytes tell. Not safe for use by
 * several threads.
 *
 * <p>Implementation note: the form of the id in the handshake shows when one of its readings is a peer that is known, and tells the order of
 * bytes in integers. Where it does not, the first length field does, since the other order would make it longer than any first message
 * is. With the length field and the type byte of one message it is clear what the length counts, because the length of every message is
 * known but that of a bitfield, and a bitfield has its full length unless zero bytes were left out at its end. The order of bits shows
 * in the spare bits of a full bitfield, and in bytes that were left out; where neither tells, the text is right.
 */
public final class MessageDecoder {
    private final PieceLayout layout;
    private final int bitfieldLength;
    private final @Nullable IntPredicate knownPeers;

    /** As far as it is known. */
    private Dialect dialect;

    private boolean lengthKnown;
    private boolean orderKnown;

    /**
     * Finds the dialect out.
     *
     * @param layout of the file that is shared
     * @param knownPeers whether there is a peer with this id
     */
    public static MessageDecoder guessing(PieceLayout layout, IntPredicate knownPeers) {
        return new MessageDecoder(layout, Dialect.STRICT, knownPeers);
    }

    /** Understands this dialect and no other. */
    public static MessageDecoder of(PieceLayout layout, Dialect dialect) {
        return new MessageDecoder(layout, dialect, null);
    }

    private MessageDecoder(PieceLayout layout, Dialect dialect, @Nullable IntPredicate knownPeers) {
        this.layout = layout;
        this.bitfieldLength = PieceSet.bitfieldLength(layout.pieces());
        this.dialect = dialect;
        this.knownPeers = knownPeers;
        this.lengthKnown = knownPeers == null;
        this.orderKnown = knownPeers == null;
    }

    private boolean guessing() {
        return knownPeers != null;
    }

    /** The dialect to answer in: the neighbour's, and the text's in what is not known yet. */
    public Dialect dialect() {
        return dialect;
    }

    /** Reads the handshake; see {@link Handshake#decode(ByteBuffer, IdForm)}. */
    public Decoding<Handshake> handshake(ByteBuffer data) {
        if (knownPeers == null) {
            return Handshake.decode(data, dialect.idForm());
        }
        Decoding<Handshake> decoding = Handshake.decode(data, knownPeers);
        if (decoding instanceof Decoding.Decoded<Handshake>(var handshake)) {
            dialect = dialect.with(Deviation.ASCII_ID, handshake.form() == IdForm.DIGITS)
                    .with(Deviation.LITTLE_ENDIAN, handshake.form() == IdForm.LOW_BYTE_FIRST);
            // An id that is the same from both ends tells nothing.
            orderKnown =
                    handshake.form() != IdForm.DIGITS && Integer.reverseBytes(handshake.peerId()) != handshake.peerId();
        }
        return decoding;
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
        int bytes = data.getInt(begin);
        int type = data.get(begin + 4) & 0xff;
        Dialect now = orderKnown ? dialect : dialect.with(Deviation.LITTLE_ENDIAN, isLittleEndian(bytes));
        int field = now.integer(bytes);
        if (!lengthKnown) {
            now = now.with(Deviation.PAYLOAD_LENGTH, !countsType(field, type));
        }
        int payload = now.has(Deviation.PAYLOAD_LENGTH) ? field : field - 1;
        if (payload < 0) {
            return new Decoding.Malformed<>(0, "length " + Integer.toUnsignedString(field) + " of a message");
        }
        Decoding<Message> decoding = switch (type) {
            case Type.CHOKE -> empty(payload, new Message.Choke());
            case Type.UNCHOKE -> empty(payload, new Message.Unchoke());
            case Type.INTERESTED -> empty(payload, new Message.Interested());
            case Type.NOT_INTERESTED -> empty(payload, new Message.NotInterested());
            case Type.HAVE, Type.REQUEST, Type.PIECE -> indexed(data, type, payload, now);
            case Type.BITFIELD -> bitfield(data, payload, now);
            default -> new Decoding.Malformed<>(4, "message of unknown type " + type);
        };
        if (decoding instanceof Decoding.Decoded<Message>(var message)) {
            data.position(begin + consumed(message, payload));
            if (guessing()) {
                learn(message, now);
                orderKnown |= bytes != 0;
            }
        }
        return decoding;
    }

    private void learn(Message message, Dialect spoken) {
        // The order of bits was noted where they were read.
        dialect = spoken.with(Deviation.LOW_BIT, dialect.has(Deviation.LOW_BIT));
        if (message instanceof Message.Piece piece && piece.padding() > 0) {
            dialect = dialect.with(Deviation.PADDED_PIECE, true);
        }
        lengthKnown = true;
    }

    /** Whether the first length field, read as the text says, is too long for a first message, and the other way round is not. */
    private boolean isLittleEndian(int bytes) {
        return !isFirstLength(bytes) && isFirstLength(Integer.reverseBytes(bytes));
    }

    private boolean isFirstLength(int field) {
        return field >= 0 && field <= Math.max(1 + Type.INDEX, 1 + bitfieldLength);
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

    private Decoding<Message> indexed(ByteBuffer data, int type, int payload, Dialect now) {
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
        int piece = now.integer(data.getInt(data.position() + Type.PREFIX));
        if (piece < 0 || piece >= layout.pieces()) {
            return new Decoding.Malformed<>(
                    Type.PREFIX,
                    "piece " + Integer.toUnsignedString(piece) + " where there are " + layout.pieces() + " pieces");
        }
        if (type != Type.PIECE) {
            return new Decoding.Decoded<>(type == Type.HAVE ? new Message.Have(piece) : new Message.Request(piece));
        }
        int padding = payload - Type.INDEX - layout.length(piece);
        if (padding != 0 && !isPadding(piece, padding, now)) {
            return new Decoding.Malformed<>(
                    0, "piece " + piece + " of " + (payload - Type.INDEX) + " bytes, not " + layout.length(piece));
        }
        return new Decoding.Decoded<>(new Message.Piece(piece, padding));
    }

    private boolean isPadding(int piece, int bytes, Dialect now) {
        return (guessing() || now.has(Deviation.PADDED_PIECE))
                && piece == layout.pieces() - 1
                && layout.length(piece) + bytes == layout.pieceLength();
    }

    private Decoding<Message> bitfield(ByteBuffer data, int payload, Dialect now) {
        boolean mayBeShort = !lengthKnown || now.has(Deviation.LOW_BIT);
        if (payload > bitfieldLength || (payload < bitfieldLength && !mayBeShort)) {
            return new Decoding.Malformed<>(0, "bitfield of " + payload + " bytes, not " + bitfieldLength);
        }
        if (data.remaining() < Type.PREFIX + payload) {
            return new Decoding.NeedMore<>(Type.PREFIX + payload);
        }
        byte[] bytes = new byte[bitfieldLength];
        data.get(data.position() + Type.PREFIX, bytes, 0, payload);
        boolean lowBitFirst =
                now.has(Deviation.LOW_BIT) || (guessing() && (payload < bitfieldLength || sparesSayLowBitFirst(bytes)));
        if (lowBitFirst) {
            BitOrder.reverse(bytes);
        }
        return switch (PieceSet.ofBitfield(bytes, layout.pieces())) {
            case Decoding.Decoded<PieceSet>(var pieces) -> {
                if (guessing()) {
                    dialect = dialect.with(Deviation.LOW_BIT, lowBitFirst);
                }
                yield new Decoding.Decoded<>(new Message.Bitfield(pieces));
            }
            case Decoding.NeedMore<PieceSet> _ -> throw new AssertionError("a bitfield has its length");
            case Decoding.Malformed<PieceSet>(var offset, var reason) ->
                new Decoding.Malformed<>(Type.PREFIX + offset, reason);
        };
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
