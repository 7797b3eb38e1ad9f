package dev.spate.classic.course.wire;

import dev.spate.wire.Decoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * The first 32 bytes in either direction: a header of 18 bytes, ten zero bytes, and the id of the peer that sends it.
 *
 * @param peerId at least 1; with {@link IdForm#DIGITS} at most {@link IdForm#MOST_IN_DIGITS}
 * @param form how the id is written
 */
public record Handshake(int peerId, IdForm form) {
    /** Bytes of a handshake. */
    public static final int LENGTH = 32;

    private static final byte[] HEADER = "P2PFILESHARINGPROJ".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_AT = 28;

    public Handshake {
        if (peerId < 1 || (form == IdForm.DIGITS && peerId > IdForm.MOST_IN_DIGITS)) {
            throw new IllegalArgumentException("not a peer id: " + peerId + ", " + form);
        }
    }

    /** As the text has it. */
    public Handshake(int peerId) {
        this(peerId, IdForm.HIGH_BYTE_FIRST);
    }

    /** Puts the 32 bytes at the buffer's position. */
    public void encode(ByteBuffer into) {
        into.put(HEADER);
        for (int i = HEADER.length; i < ID_AT; i++) {
            into.put((byte) 0);
        }
        into.putInt(form.write(peerId));
    }

    /**
     * Reads a handshake whose id is written in this form from the buffer's position and moves the position behind it; leaves it where it is
     * unless all is there and good. A wrong header is seen at its first wrong byte. The ten bytes between header and id may be anything: the
     * text asks nobody to look at them, and some groups put digits there.
     */
    public static Decoding<Handshake> decode(ByteBuffer data, IdForm form) {
        return switch (header(data)) {
            case Decoding.Decoded<Integer>(var bytes) -> taken(data, bytes, form);
            case Decoding.NeedMore<Integer>(var bytes) -> new Decoding.NeedMore<>(bytes);
            case Decoding.Malformed<Integer>(var offset, var reason) -> new Decoding.Malformed<>(offset, reason);
        };
    }

    /** The same, in the first form in which its id is one that is known; in the text's if it is none in any. */
    public static Decoding<Handshake> decode(ByteBuffer data, IntPredicate known) {
        return switch (header(data)) {
            case Decoding.Decoded<Integer>(var bytes) -> taken(data, bytes, form(bytes, known));
            case Decoding.NeedMore<Integer>(var bytes) -> new Decoding.NeedMore<>(bytes);
            case Decoding.Malformed<Integer>(var offset, var reason) -> new Decoding.Malformed<>(offset, reason);
        };
    }

    private static IdForm form(int bytes, IntPredicate known) {
        for (IdForm form : IdForm.values()) {
            int id = form.read(bytes);
            if (id >= 1 && known.test(id)) {
                return form;
            }
        }
        return IdForm.HIGH_BYTE_FIRST;
    }

    /** The bytes of the id, if all before them is right; moves nothing. */
    private static Decoding<Integer> header(ByteBuffer data) {
        int begin = data.position();
        int there = Math.min(HEADER.length, data.remaining());
        for (int i = 0; i < there; i++) {
            if (data.get(begin + i) != HEADER[i]) {
                return new Decoding.Malformed<>(i, "no handshake of the course's protocol");
            }
        }
        return data.remaining() < LENGTH
                ? new Decoding.NeedMore<>(LENGTH)
                : new Decoding.Decoded<>(data.getInt(begin + ID_AT));
    }

    private static Decoding<Handshake> taken(ByteBuffer data, int bytes, IdForm form) {
        int id = form.read(bytes);
        if (id < 1) {
            return new Decoding.Malformed<>(ID_AT, "peer id " + bytes + " in the handshake");
        }
        data.position(data.position() + LENGTH);
        return new Decoding.Decoded<>(new Handshake(id, form));
    }
}
