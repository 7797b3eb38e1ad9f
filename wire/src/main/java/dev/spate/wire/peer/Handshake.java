package dev.spate.wire.peer;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.Decoding.NeedMore;
import dev.spate.wire.Digest;
import dev.spate.wire.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first 68 bytes of each side of a connection (BEP 3, "peer protocol").
 *
 * <pre>
 *   0   1  length of the name, 19
 *   1  19  "BitTorrent protocol"
 *  20   8  reserved
 *  28  20  info-hash
 *  48  20  peer id
 * </pre>
 *
 * @param reserved what the sender speaks
 * @param infoHash the 20 bytes that name the swarm; of a v2-only torrent the first 20 of its 32 (BEP 52)
 * @param peerId who the sender says it is
 */
public record Handshake(Reserved reserved, Digest infoHash, PeerId peerId) {

    /** Bytes of every handshake. */
    public static final int LENGTH = 68;

    /** So many bytes suffice for {@link #decodeInfoHash}. */
    public static final int INFO_HASH_END = 48;

    private static final byte[] PROTOCOL = "\023BitTorrent protocol".getBytes(StandardCharsets.US_ASCII);
    private static final int INFO_HASH = PROTOCOL.length + Long.BYTES;

    public Handshake {
        if (infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("a handshake has room for 20 bytes of info-hash: " + infoHash);
        }
    }

    /**
     * Reads a handshake at the buffer's position.
     *
     * @return {@link Decoded}, with the position behind the handshake; or, with the position where it was, {@link
     *     NeedMore} while the bytes are a good beginning, {@link Malformed} as soon as they are not BitTorrent's
     */
    public static Decoding<Handshake> decode(ByteBuffer buffer) {
        int at = buffer.position();
        int wrong = mismatch(buffer);
        if (wrong >= 0) {
            return new Malformed<>(wrong, NOT_OURS);
        }
        if (buffer.remaining() < LENGTH) {
            return new NeedMore<>(LENGTH);
        }
        byte[] peerId = new byte[PeerId.LENGTH];
        buffer.get(at + INFO_HASH_END, peerId);
        Handshake handshake =
                new Handshake(new Reserved(buffer.getLong(at + PROTOCOL.length)), infoHash(buffer), PeerId.of(peerId));
        buffer.position(at + LENGTH);
        return new Decoded<>(handshake);
    }

    /**
     * Reads only the info-hash of a handshake and leaves the position where it is, because a side that listens for many
     * swarms must know the swarm before it can answer, and the peer id may come only after the answer.
     *
     * @return as {@link #decode}, with {@link #INFO_HASH_END} bytes needed
     */
    public static Decoding<Digest> decodeInfoHash(ByteBuffer buffer) {
        int wrong = mismatch(buffer);
        if (wrong >= 0) {
            return new Malformed<>(wrong, NOT_OURS);
        }
        return buffer.remaining() < INFO_HASH_END ? new NeedMore<>(INFO_HASH_END) : new Decoded<>(infoHash(buffer));
    }

    /** Puts the {@link #LENGTH} bytes at the buffer's position. */
    public void encode(ByteBuffer into) {
        into.put(PROTOCOL);
        into.putLong(reserved.bits());
        infoHash.writeTo(into);
        peerId.writeTo(into);
    }

    private static final String NOT_OURS = "not the handshake of the BitTorrent protocol";

    /** The first byte of the buffer that contradicts the protocol's name, or -1. */
    private static int mismatch(ByteBuffer buffer) {
        int known = Math.min(buffer.remaining(), PROTOCOL.length);
        for (int i = 0; i < known; i++) {
            if (buffer.get(buffer.position() + i) != PROTOCOL[i]) {
                return i;
            }
        }
        return -1;
    }

    private static Digest infoHash(ByteBuffer buffer) {
        byte[] bytes = new byte[Digest.SHA1_LENGTH];
        buffer.get(buffer.position() + INFO_HASH, bytes);
        return Digest.of(bytes);
    }
}
