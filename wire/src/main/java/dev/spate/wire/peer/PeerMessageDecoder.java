package dev.spate.wire.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Decoding.NeedMore;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import dev.spate.wire.peer.PeerMessage.HashSpan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the messages of one torrent's peers out of whatever bytes have arrived.
 *
 * <p>It keeps nothing between two calls, so one decoder serves all connections of a torrent, from any thread. It never
 * reads behind the buffer's limit and believes no length before it has been held against its bound.
 *
 * <p>How strict it is. The length of a message whose type fixes it must be exactly that; numbers of pieces must name a
 * piece of the torrent; a bitfield has the right length and no spare bits; a block is 1 byte to {@link #MAX_BLOCK_LENGTH}
 * long and ends within the longest piece there may be (whether it lies within <em>its</em> piece is the swarm's question).
 * A peer that breaks one of these speaks about another torrent or is broken itself, and what it says next cannot be
 * trusted. A type that is not known is no offence: it is decoded as {@link PeerMessage.Unknown} and passed over. Whether a
 * message is allowed at this moment, or without an extension, is not a question of bytes and not asked here.
 */
public final class PeerMessageDecoder {

    /** The longest message in bytes, without its length prefix; also the longest bitfield fits. */
    public static final int MAX_LENGTH = 1 << 20;

    /** The longest block in bytes. BEP 3 knows only 2^14; clients have asked for up to 2^17 and been served. */
    public static final int MAX_BLOCK_LENGTH = 1 << 17;

    /**
     * The longest extension message or answer of hashes that is read; longer ones are passed over. Known extensions need half
     * of it (a piece of BEP 9's metadata is 16 KiB and a little), BEP 52 advises 16 KiB of hashes. An unfinished message has to be
     * kept, for each connection: with the general bound some hundred strangers could fill any heap.
     */
    public static final int MAX_KEPT = 1 << 15;

    // Messages without content are the same value each time, and so are the commonest needs.
    private static final Decoding<PeerMessage> KEEP_ALIVE = new Decoded<>(new PeerMessage.KeepAlive());
    private static final Decoding<PeerMessage> CHOKE = new Decoded<>(new PeerMessage.Choke());
    private static final Decoding<PeerMessage> UNCHOKE = new Decoded<>(new PeerMessage.Unchoke());
    private static final Decoding<PeerMessage> INTERESTED = new Decoded<>(new PeerMessage.Interested());
    private static final Decoding<PeerMessage> NOT_INTERESTED = new Decoded<>(new PeerMessage.NotInterested());
    private static final Decoding<PeerMessage> HAVE_ALL = new Decoded<>(new PeerMessage.HaveAll());
    private static final Decoding<PeerMessage> HAVE_NONE = new Decoded<>(new PeerMessage.HaveNone());
    private static final Decoding<PeerMessage> NEED_PREFIX = new NeedMore<>(MessageType.PREFIX);
    private static final Decoding<PeerMessage> NEED_HEADER = new NeedMore<>(MessageType.HEADER);
    private static final Decoding<PeerMessage> NEED_PIECE_HEADER = new NeedMore<>(MessageType.PIECE_HEADER);

    private static final int BLOCK = 3 * 4;

    private final int pieces;

    /** Whether a bitfield may have any length, since the number of pieces is not known. */
    private final boolean anyBitfield;

    /**
     * A decoder for a torrent of so many pieces.
     *
     * @param pieces 0 to {@link PieceLayout#MAX_PIECES}
     */
    public PeerMessageDecoder(int pieces) {
        if (pieces < 0 || pieces > PieceLayout.MAX_PIECES) {
            throw new IllegalArgumentException("not a number of pieces: " + pieces);
        }
        this.pieces = pieces;
        this.anyBitfield = false;
    }

    private PeerMessageDecoder() {
        this.pieces = PieceLayout.MAX_PIECES;
        this.anyBitfield = true;
    }

    /**
     * A decoder for a torrent of which nothing is known, as when its metadata is still to be had from the peers. Numbers of
     * pieces are bounded by {@link PieceLayout#MAX_PIECES} only, and a bitfield is a set of as many pieces as it has bits, spare
     * ones included.
     */
    public static PeerMessageDecoder ofUnknownTorrent() {
        return new PeerMessageDecoder();
    }

    /**
     * Reads the message at the buffer's position.
     *
     * @param buffer in network byte order
     * @return {@link Decoded}, with the position behind the message, or behind its header when it is one with a {@link
     *     PeerMessage#payloadLength() payload}; {@link NeedMore}, with the position where it was, and the number of bytes
     *     from there that the message, or else that header, takes as far as can be known; {@link Malformed}, with the
     *     position where it was and the offset counted from there
     */
    public Decoding<PeerMessage> decode(ByteBuffer buffer) {
        assert buffer.order() == ByteOrder.BIG_ENDIAN : "the wire is big-endian";
        int at = buffer.position();
        int available = buffer.limit() - at;
        if (available < MessageType.PREFIX) {
            return NEED_PREFIX;
        }
        int length = buffer.getInt(at);
        if (length <= 0 || length > MAX_LENGTH) {
            if (length != 0) {
                return new Malformed<>(0, "message of " + Integer.toUnsignedString(length) + " bytes");
            }
            buffer.position(at + MessageType.PREFIX);
            return KEEP_ALIVE;
        }
        if (available < MessageType.HEADER) {
            return NEED_HEADER;
        }
        int type = buffer.get(at + MessageType.PREFIX) & 0xff;
        return type == MessageType.PIECE
                ? piece(buffer, at, length, available)
                : other(buffer, at, type, length, available);
    }

    private Decoding<PeerMessage> piece(ByteBuffer buffer, int at, int length, int available) {
        int blockLength = length - (MessageType.PIECE_HEADER - MessageType.PREFIX);
        if (blockLength <= 0 || blockLength > MAX_BLOCK_LENGTH) {
            return new Malformed<>(0, "block of " + blockLength + " bytes");
        }
        if (available < MessageType.PIECE_HEADER) {
            return NEED_PIECE_HEADER;
        }
        int piece = buffer.getInt(at + MessageType.HEADER);
        int begin = buffer.getInt(at + MessageType.HEADER + 4);
        if (isNoBlock(piece, begin, blockLength)) {
            return noBlock(piece, begin, blockLength);
        }
        buffer.position(at + MessageType.PIECE_HEADER);
        return new Decoded<>(new PeerMessage.Piece(new BlockRange(piece, begin, blockLength)));
    }

    private Decoding<PeerMessage> other(ByteBuffer buffer, int at, int type, int length, int available) {
        int content = length - 1;
        int expected = expectedContent(type, content);
        if (expected < 0) {
            buffer.position(at + MessageType.HEADER);
            return new Decoded<>(new PeerMessage.Unknown(type, content));
        }
        if (content != expected) {
            return new Malformed<>(
                    0, "message of type " + type + " with " + content + " bytes of content, not " + expected);
        }
        if (available - MessageType.PREFIX < length) {
            return new NeedMore<>(MessageType.PREFIX + length);
        }
        Decoding<PeerMessage> message = content(buffer, at + MessageType.HEADER, type, content);
        if (message instanceof Decoded) {
            buffer.position(at + MessageType.PREFIX + length);
        }
        return message;
    }

    /**
     * How many bytes must follow a type.
     *
     * @param content how many do follow; also the answer for a type whose messages vary, if so many are possible
     * @return -1 for a type that is not known, or a message that is not worth its memory
     */
    private int expectedContent(int type, int content) {
        return switch (type) {
            case MessageType.CHOKE,
                    MessageType.UNCHOKE,
                    MessageType.INTERESTED,
                    MessageType.NOT_INTERESTED,
                    MessageType.HAVE_ALL,
                    MessageType.HAVE_NONE -> 0;
            case MessageType.HAVE, MessageType.SUGGEST_PIECE, MessageType.ALLOWED_FAST -> 4;
            case MessageType.REQUEST, MessageType.CANCEL, MessageType.REJECT_REQUEST -> BLOCK;
            case MessageType.PORT -> 2;
            case MessageType.BITFIELD ->
                anyBitfield ? Math.clamp(content, 1, PieceSet.bitfieldLength(pieces)) : PieceSet.bitfieldLength(pieces);
            case MessageType.EXTENDED -> content > MAX_KEPT ? -1 : Math.max(content, 1);
            case MessageType.HASH_REQUEST, MessageType.HASH_REJECT -> MessageType.HASH_SPAN;
            case MessageType.HASHES ->
                content > MAX_KEPT
                        ? -1
                        : Math.max(
                                content - (content - MessageType.HASH_SPAN) % Digest.SHA256_LENGTH,
                                MessageType.HASH_SPAN + Digest.SHA256_LENGTH);
            default -> -1;
        };
    }

    /** Decodes the content of a whole message of a known type and of the right length. */
    private Decoding<PeerMessage> content(ByteBuffer buffer, int at, int type, int content) {
        return switch (type) {
            case MessageType.REQUEST, MessageType.CANCEL, MessageType.REJECT_REQUEST -> block(buffer, at, type);
            case MessageType.HAVE, MessageType.SUGGEST_PIECE, MessageType.ALLOWED_FAST -> pieceNumber(buffer, at, type);
            case MessageType.CHOKE -> CHOKE;
            case MessageType.UNCHOKE -> UNCHOKE;
            case MessageType.INTERESTED -> INTERESTED;
            case MessageType.NOT_INTERESTED -> NOT_INTERESTED;
            case MessageType.HAVE_ALL -> HAVE_ALL;
            case MessageType.HAVE_NONE -> HAVE_NONE;
            case MessageType.PORT -> new Decoded<>(new PeerMessage.Port(buffer.getShort(at) & 0xffff));
            case MessageType.BITFIELD -> bitfield(bytes(buffer, at, content));
            case MessageType.EXTENDED ->
                new Decoded<>(new PeerMessage.Extended(
                        buffer.get(at) & 0xff, ByteBuffer.wrap(bytes(buffer, at + 1, content - 1))));
            case MessageType.HASH_REQUEST, MessageType.HASHES, MessageType.HASH_REJECT ->
                hashes(buffer, at, type, content);
            default -> throw new AssertionError("not a type of known length: " + type);
        };
    }

    private Decoding<PeerMessage> block(ByteBuffer buffer, int at, int type) {
        int piece = buffer.getInt(at);
        int begin = buffer.getInt(at + 4);
        int length = buffer.getInt(at + 8);
        if (isNoBlock(piece, begin, length)) {
            return noBlock(piece, begin, length);
        }
        BlockRange block = new BlockRange(piece, begin, length);
        return new Decoded<>(
                type == MessageType.REQUEST
                        ? new PeerMessage.Request(block)
                        : type == MessageType.CANCEL
                                ? new PeerMessage.Cancel(block)
                                : new PeerMessage.RejectRequest(block));
    }

    private boolean isNoBlock(int piece, int begin, int length) {
        return piece < 0
                || piece >= pieces
                || length <= 0
                || length > MAX_BLOCK_LENGTH
                || begin < 0
                || begin > PieceLayout.MAX_PIECE_LENGTH - length;
    }

    private static Decoding<PeerMessage> noBlock(int piece, int begin, int length) {
        return new Malformed<>(
                MessageType.HEADER,
                "no such block: piece " + Integer.toUnsignedString(piece) + ", begin " + Integer.toUnsignedString(begin)
                        + ", length " + Integer.toUnsignedString(length));
    }

    private Decoding<PeerMessage> pieceNumber(ByteBuffer buffer, int at, int type) {
        int piece = buffer.getInt(at);
        if (piece < 0 || piece >= pieces) {
            return new Malformed<>(MessageType.HEADER, "no piece " + Integer.toUnsignedString(piece) + " of " + pieces);
        }
        return new Decoded<>(
                type == MessageType.HAVE
                        ? new PeerMessage.Have(piece)
                        : type == MessageType.SUGGEST_PIECE
                                ? new PeerMessage.SuggestPiece(piece)
                                : new PeerMessage.AllowedFast(piece));
    }

    private Decoding<PeerMessage> bitfield(byte[] bytes) {
        return switch (PieceSet.ofBitfield(bytes, anyBitfield ? bytes.length * Byte.SIZE : pieces)) {
            case Decoded<PieceSet>(PieceSet set) -> new Decoded<>(new PeerMessage.Bitfield(set));
            case Malformed<PieceSet>(int offset, String reason) -> new Malformed<>(MessageType.HEADER + offset, reason);
            case NeedMore<PieceSet> more -> throw new AssertionError("a bitfield is whole or wrong: " + more);
        };
    }

    private static Decoding<PeerMessage> hashes(ByteBuffer buffer, int at, int type, int content) {
        int numbers = at + Digest.SHA256_LENGTH;
        int baseLayer = buffer.getInt(numbers);
        int index = buffer.getInt(numbers + 4);
        int length = buffer.getInt(numbers + 8);
        int proofLayers = buffer.getInt(numbers + 12);
        if (!HashSpan.isValid(baseLayer, index, length, proofLayers)) {
            return new Malformed<>(MessageType.HEADER + Digest.SHA256_LENGTH, "no hashes of a tree");
        }
        HashSpan span = new HashSpan(hash(buffer, at), baseLayer, index, length, proofLayers);
        if (type != MessageType.HASHES) {
            return new Decoded<>(
                    type == MessageType.HASH_REQUEST
                            ? new PeerMessage.HashRequest(span)
                            : new PeerMessage.HashReject(span));
        }
        int count = (content - MessageType.HASH_SPAN) / Digest.SHA256_LENGTH;
        if (count < length || count - length > proofLayers) {
            return new Malformed<>(0, count + " hashes for " + length + " and at most " + proofLayers + " uncles");
        }
        List<Digest> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hashes.add(hash(buffer, at + MessageType.HASH_SPAN + i * Digest.SHA256_LENGTH));
        }
        return new Decoded<>(new PeerMessage.Hashes(span, hashes));
    }

    private static Digest hash(ByteBuffer buffer, int at) {
        return Digest.of(bytes(buffer, at, Digest.SHA256_LENGTH));
    }

    private static byte[] bytes(ByteBuffer buffer, int at, int length) {
        byte[] bytes = new byte[length];
        buffer.get(at, bytes);
        return bytes;
    }
}
