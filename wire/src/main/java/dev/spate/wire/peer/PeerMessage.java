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
 * copied once, to where it belongs.
 */
public sealed interface PeerMessage {

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
    record Have(int piece) implements PeerMessage {}

    /** The pieces that the sender has (BEP 3); the receiver of this value owns the set. */
    record Bitfield(PieceSet pieces) implements PeerMessage {}

    /** Asks for a block (BEP 3). */
    record Request(BlockRange block) implements PeerMessage {}

    /** The header of a block; its {@code length()} bytes follow in the buffer (BEP 3). */
    record Piece(BlockRange block) implements PeerMessage {}

    /** Takes a request back (BEP 3). */
    record Cancel(BlockRange block) implements PeerMessage {}

    /** The UDP port of the sender's DHT node, 0 to 65535 (BEP 5). */
    record Port(int port) implements PeerMessage {}

    /** You might like this piece (BEP 6). */
    record SuggestPiece(int piece) implements PeerMessage {}

    /** The sender has all pieces (BEP 6). */
    record HaveAll() implements PeerMessage {}

    /** The sender has no pieces (BEP 6). */
    record HaveNone() implements PeerMessage {}

    /** This request will not be answered (BEP 6). */
    record RejectRequest(BlockRange block) implements PeerMessage {}

    /** This piece may be requested while choked (BEP 6). */
    record AllowedFast(int piece) implements PeerMessage {}

    /**
     * An extension message that is not decoded further here (BEP 10).
     *
     * @param id 0 is the extension handshake, others are what the receiver announced in its own handshake
     * @param payload what follows the id; the receiver of this value owns it
     */
    record Extended(int id, ByteBuffer payload) implements PeerMessage {}

    /** Asks for hashes of a file's tree (BEP 52). */
    record HashRequest(HashSpan span) implements PeerMessage {}

    /** Hashes of a file's tree, in order, the uncle hashes last (BEP 52); each of 32 bytes. */
    record Hashes(HashSpan span, List<Digest> hashes) implements PeerMessage {}

    /** This hash request will not be answered (BEP 52). */
    record HashReject(HashSpan span) implements PeerMessage {}

    /**
     * Which hashes of a tree are meant (BEP 52, "hash request").
     *
     * @param piecesRoot the root of the file's tree
     * @param baseLayer the layer of the hashes, 0 for the leaves
     * @param index of the first hash within the layer
     * @param length how many hashes, a power of two
     * @param proofLayers how many layers of uncle hashes
     */
    record HashSpan(Digest piecesRoot, int baseLayer, int index, int length, int proofLayers) {}
}
