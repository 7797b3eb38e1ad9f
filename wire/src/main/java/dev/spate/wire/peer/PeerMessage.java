package dev.spate.wire.peer;

import dev.spate.wire.BlockRange;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceSet;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A message of the peer wire protocol, after the handshake.
 *
 * <p>The payload of a {@link Piece} is not part of the value: it stays in the buffer behind the header, so that it can be
 * copied once, to where it belongs. The same goes for what follows an {@link Unknown} header, so that it can be passed
 * over without having been kept. {@link #payloadLength} says how much that is.
 *
 * <p>The numbers of pieces in these values are not negative, and there is no promise that the torrent has such a piece
 * unless a {@link PeerMessageDecoder} made the value.
 */
public sealed interface PeerMessage {

    /** How many bytes belong to the message but follow its header in the buffer; 0 for all but two kinds. */
    default int payloadLength() {
        return 0;
    }

    /** Nothing but a sign of life (BEP 3). */
    record KeepAlive() implements PeerMessage {}

    /** The sender will not answer requests (BEP 3). */
    record Choke() implements PeerMessage {}

    /** The sender answers requests (BEP 3). */
    record Unchoke() implements PeerMessage {}

    /** The sender would send requests if it were unchoked (BEP 3). */
    record Interested() implements PeerMessage {}

    /** The sender would not (BEP 3). */
    record NotInterested() implements PeerMessage {}

    /** The sender has this piece, verified (BEP 3). */
    record Have(int piece) implements PeerMessage {
        public Have {
            checkPiece(piece);
        }
    }

    /** The pieces that the sender has (BEP 3); the receiver of this value owns the set. */
    record Bitfield(PieceSet pieces) implements PeerMessage {}

    /** Asks for a block (BEP 3). */
    record Request(BlockRange block) implements PeerMessage {}

    /** The header of a block; its {@code length()} bytes follow in the buffer (BEP 3). */
    record Piece(BlockRange block) implements PeerMessage {
        @Override
        public int payloadLength() {
            return block.length();
        }
    }

    /** Takes a request back (BEP 3). */
    record Cancel(BlockRange block) implements PeerMessage {}

    /** The UDP port of the sender's DHT node, 0 to 65535 (BEP 5). */
    record Port(int port) implements PeerMessage {
        public Port {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("not a port: " + port);
            }
        }
    }

    /** You might like this piece (BEP 6). */
    record SuggestPiece(int piece) implements PeerMessage {
        public SuggestPiece {
            checkPiece(piece);
        }
    }

    /** The sender has all pieces (BEP 6). */
    record HaveAll() implements PeerMessage {}

    /** The sender has no pieces (BEP 6). */
    record HaveNone() implements PeerMessage {}

    /** This request will not be answered (BEP 6). */
    record RejectRequest(BlockRange block) implements PeerMessage {}

    /** This piece may be requested while choked (BEP 6). */
    record AllowedFast(int piece) implements PeerMessage {
        public AllowedFast {
            checkPiece(piece);
        }
    }

    /**
     * An extension message that is not decoded further here (BEP 10).
     *
     * @param id 0 is the extension handshake, others are what the receiver announced in its own handshake; up to 255
     * @param payload what follows the id; the receiver of this value owns it
     */
    record Extended(int id, ByteBuffer payload) implements PeerMessage {
        public Extended {
            if (id < 0 || id > 255) {
                throw new IllegalArgumentException("not the number of an extension: " + id);
            }
        }
    }

    /** Asks for hashes of a file's tree (BEP 52). */
    record HashRequest(HashSpan span) implements PeerMessage {}

    /** Hashes of a file's tree, in order, the uncle hashes last (BEP 52); each of 32 bytes. */
    record Hashes(HashSpan span, List<Digest> hashes) implements PeerMessage {
        public Hashes {
            hashes = List.copyOf(hashes);
            for (Digest hash : hashes) {
                if (hash.length() != Digest.SHA256_LENGTH) {
                    throw new IllegalArgumentException("a hash of a tree has 32 bytes: " + hash);
                }
            }
            if (hashes.size() < span.length() || hashes.size() - span.length() > span.proofLayers()) {
                throw new IllegalArgumentException(hashes.size() + " hashes do not answer " + span);
            }
        }
    }

    /** This hash request will not be answered (BEP 52). */
    record HashReject(HashSpan span) implements PeerMessage {}

    /**
     * The header of a message that no BEP known here defines; {@code length} bytes follow in the buffer, to be passed over.
     *
     * <p>A peer that speaks a newer or a private dialect is no enemy, so its connection lives.
     *
     * @param id the type of the message, 0 to 255
     * @param length bytes behind the type
     */
    record Unknown(int id, int length) implements PeerMessage {
        public Unknown {
            if (id < 0 || id > 255 || length < 0) {
                throw new IllegalArgumentException("not a message: type " + id + ", " + length + " bytes");
            }
        }

        @Override
        public int payloadLength() {
            return length;
        }
    }

    /**
     * Which hashes of a tree are meant (BEP 52, "hash request").
     *
     * @param piecesRoot the root of the file's tree, 32 bytes
     * @param baseLayer the layer of the hashes, 0 for the leaves, below {@link #MAX_LAYERS}
     * @param index of the first hash within the layer, a multiple of {@code length}
     * @param length how many hashes, a power of two, at most {@link #MAX_HASHES}
     * @param proofLayers how many layers of uncle hashes, below {@link #MAX_LAYERS}
     */
    record HashSpan(Digest piecesRoot, int baseLayer, int index, int length, int proofLayers) {

        /** A tree over 2^63 bytes of 16 KiB leaves has 50 layers. */
        public static final int MAX_LAYERS = 50;

        /** BEP 52 advises 512 but forbids no more; this is 256 KiB of hashes. */
        public static final int MAX_HASHES = 1 << 13;

        public HashSpan {
            if (piecesRoot.length() != Digest.SHA256_LENGTH || !isValid(baseLayer, index, length, proofLayers)) {
                throw new IllegalArgumentException("no hashes of a tree: root " + piecesRoot + ", layer " + baseLayer
                        + ", " + index + "+" + length + ", proof " + proofLayers);
            }
        }

        /** Whether a span may have these numbers. */
        static boolean isValid(int baseLayer, int index, int length, int proofLayers) {
            return baseLayer >= 0
                    && baseLayer < MAX_LAYERS
                    && proofLayers >= 0
                    && proofLayers < MAX_LAYERS
                    && length > 0
                    && length <= MAX_HASHES
                    && Integer.bitCount(length) == 1
                    && index >= 0
                    && index % length == 0;
        }
    }

    private static void checkPiece(int piece) {
        if (piece < 0) {
            throw new IllegalArgumentException("not a piece: " + piece);
        }
    }
}
