package dev.spate.wire.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import java.nio.ByteBuffer;

/**
 * The sender has this piece no longer (BEP 54), the payload of a {@link PeerMessage.Extended}.
 *
 * @param piece piece index, from 0
 */
public record DontHave(int piece) {

    /** The name under which an {@link ExtensionHandshake} offers to understand this message. */
    public static final String NAME = "lt_donthave";

    public DontHave {
        if (piece < 0) {
            throw new IllegalArgumentException("not a piece: " + piece);
        }
    }

    /**
     * Reads the payload of the message that has the number that we gave to {@link #NAME}. The position does not move.
     *
     * @param pieces of the torrent
     * @return {@link Decoded}, or {@link Malformed} when the length is wrong or the torrent has no such piece
     */
    public static Decoding<DontHave> decode(ByteBuffer payload, int pieces) {
        if (payload.remaining() != Integer.BYTES) {
            return new Malformed<>(0, NAME + " of " + payload.remaining() + " bytes, not " + Integer.BYTES);
        }
        int piece = payload.getInt(payload.position());
        if (piece < 0 || piece >= pieces) {
            return new Malformed<>(0, NAME + ": no piece " + Integer.toUnsignedString(piece) + " of " + pieces);
        }
        return new Decoded<>(new DontHave(piece));
    }

    /**
     * The message to a peer.
     *
     * @param id the number that the peer gave to {@link #NAME}, 1 to 255
     */
    public PeerMessage.Extended message(int id) {
        return new PeerMessage.Extended(
                id, ByteBuffer.allocate(Integer.BYTES).putInt(0, piece).asReadOnlyBuffer());
    }
}
