package dev.spate.wire.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.nio.ByteBuffer;

/**
 * How peers hand each other the info dictionary, in pieces of 16 KiB; the payload of a {@link PeerMessage.Extended} (BEP 9).
 *
 * <p>The pieces of these messages are those of the info dictionary, and have nothing to do with the torrent's.
 */
public sealed interface MetadataMessage {

    /** The name under which an {@link ExtensionHandshake} offers to understand these messages. */
    String NAME = "ut_metadata";

    /** BEP 9: "The metadata is handled in blocks of 16KiB". */
    int PIECE_LENGTH = 1 << 14;

    /** The longest info dictionary that is exchanged, in bytes; the largest real ones have some 10 MiB. */
    int MAX_METADATA = 16 << 20;

    /** The most pieces an info dictionary may have. */
    int MAX_PIECES = MAX_METADATA / PIECE_LENGTH;

    /** Asks for a piece. */
    record Request(int piece) implements MetadataMessage {
        public Request {
            check(piece);
        }
    }

    /**
     * A piece.
     *
     * @param totalSize of the info dictionary in bytes as the sender says, or 0 if it does not
     * @param bytes 1 to {@link #PIECE_LENGTH} of them, not to be changed
     */
    record Data(int piece, int totalSize, ByteBuffer bytes) implements MetadataMessage {
        public Data {
            check(piece);
            if (totalSize < 0 || !bytes.hasRemaining() || bytes.remaining() > PIECE_LENGTH) {
                throw new IllegalArgumentException(
                        "not a piece of metadata: " + bytes.remaining() + " bytes of " + totalSize);
            }
        }
    }

    /** The sender does not give this piece. */
    record Reject(int piece) implements MetadataMessage {
        public Reject {
            check(piece);
        }
    }

    /** Of a type that BEP 9 does not define, and says to ignore. */
    record Unrecognized(long type) implements MetadataMessage {
        public Unrecognized {
            if (type >= 0 && type <= 2) {
                throw new IllegalArgumentException("a type that is known: " + type);
            }
        }
    }

    private static void check(int piece) {
        if (piece < 0 || piece >= MAX_PIECES) {
            throw new IllegalArgumentException("not a piece of metadata: " + piece);
        }
    }

    /** How many pieces an info dictionary of so many bytes has. */
    static int pieces(int totalSize) {
        return Math.ceilDiv(totalSize, PIECE_LENGTH);
    }

    /**
     * Reads the payload of the message that has the number that we gave to {@link #NAME}. The position does not move.
     *
     * @return {@link Decoded}, or {@link Malformed}: no dictionary, no type, a piece out of bounds, bytes that are too many or where
     *     none belong
     */
    static Decoding<MetadataMessage> decode(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return switch (BencodeDecoder.decodePrefix(bytes, Strictness.LENIENT)) {
            case Decoded<BencodeValue>(BencodeValue value) ->
                value instanceof BencodeDictionary dictionary
                        ? read(
                                dictionary,
                                ByteBuffer.wrap(bytes)
                                        .position(dictionary.span().end())
                                        .slice()
                                        .asReadOnlyBuffer())
                        : new Malformed<>(0, NAME + " without a dictionary");
            case Malformed<BencodeValue> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeValue> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    private static Decoding<MetadataMessage> read(BencodeDictionary dictionary, ByteBuffer rest) {
        if (dictionary.integer("msg_type").isEmpty()) {
            return new Malformed<>(0, NAME + " without a type");
        }
        long type = dictionary.integer("msg_type").getAsLong();
        if (type < 0 || type > 2) {
            return new Decoded<>(new Unrecognized(type));
        }
        long piece = dictionary.integer("piece").orElse(-1);
        if (piece < 0 || piece >= MAX_PIECES) {
            return new Malformed<>(0, NAME + " without a piece that could be");
        }
        boolean data = type == 1;
        if (data ? !rest.hasRemaining() || rest.remaining() > PIECE_LENGTH : rest.hasRemaining()) {
            return new Malformed<>(
                    dictionary.span().end(), NAME + " of type " + type + " with " + rest.remaining() + " bytes");
        }
        long totalSize = dictionary.integer("total_size").orElse(0);
        return new Decoded<>(
                data
                        ? new Data((int) piece, totalSize < 0 || totalSize > MAX_METADATA ? 0 : (int) totalSize, rest)
                        : type == 0 ? new Request((int) piece) : new Reject((int) piece));
    }

    /** The payload of the message, the same for every receiver; only to be read. */
    default ByteBuffer payload() {
        return switch (this) {
            case Request(int piece) -> dictionary(0, piece, 0, ByteBuffer.allocate(0));
            case Data(int piece, int totalSize, ByteBuffer bytes) -> dictionary(1, piece, totalSize, bytes);
            case Reject(int piece) -> dictionary(2, piece, 0, ByteBuffer.allocate(0));
            case Unrecognized(long type) ->
                ByteBuffer.wrap(BencodeEncoder.encode(BencodeDictionary.builder()
                                .put("msg_type", type)
                                .build()))
                        .asReadOnlyBuffer();
        };
    }

    private static ByteBuffer dictionary(int type, int piece, int totalSize, ByteBuffer rest) {
        BencodeDictionaryBuilder dictionary =
                BencodeDictionary.builder().put("msg_type", type).put("piece", piece);
        if (totalSize != 0) {
            dictionary.put("total_size", totalSize);
        }
        byte[] head = BencodeEncoder.encode(dictionary.build());
        return ByteBuffer.allocate(head.length + rest.remaining())
                .put(head)
                .put(rest.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    /**
     * The message to a peer.
     *
     * @param id the number that the peer gave to {@link #NAME}, 1 to 255
     */
    default PeerMessage.Extended message(int id) {
        return new PeerMessage.Extended(id, payload());
    }
}
