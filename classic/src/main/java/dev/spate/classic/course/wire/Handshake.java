package dev.spate.classic.course.wire;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first 32 bytes in either direction: a header of 18 bytes, ten zero bytes, and the id of the peer that sends it.
 *
 * @param peerId at least 1
 */
public record Handshake(int peerId) {
    /** Bytes of a handshake. */
    public static final int LENGTH = 32;

    private static final byte[] HEADER = "P2PFILESHARINGPROJ".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_AT = 28;

    public Handshake {
        if (peerId < 1) {
            throw new IllegalArgumentException("not a peer id: " + peerId);
        }
    }

    /** Puts the 32 bytes at the buffer's position. */
    public void encode(ByteBuffer into) {
        into.put(HEADER);
        for (int i = HEADER.length; i < ID_AT; i++) {
            into.put((byte) 0);
        }
        into.putInt(peerId);
    }

    /**
     * Reads a handshake from the buffer's position and moves the position behind it; leaves it where it is unless all is there and good.
     * A wrong header is seen at its first wrong byte. The ten bytes between header and id may be anything: the text asks nobody to look
     * at them, and some groups put digits there.
     */
    public static Decoding<Handshake> decode(ByteBuffer data) {
        int begin = data.position();
        int there = Math.min(HEADER.length, data.remaining());
        for (int i = 0; i < there; i++) {
            if (data.get(begin + i) != HEADER[i]) {
                return new Decoding.Malformed<>(i, "no handshake of the course's protocol");
            }
        }
        if (data.remaining() < LENGTH) {
            return new Decoding.NeedMore<>(LENGTH);
        }
        int id = data.getInt(begin + ID_AT);
        if (id < 1) {
            return new Decoding.Malformed<>(ID_AT, "peer id " + id + " in the handshake");
        }
        data.position(begin + LENGTH);
        return new Decoding.Decoded<>(new Handshake(id));
    }
}
