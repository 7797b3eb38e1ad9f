package dev.spate.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The 20 bytes by which a peer names itself in a handshake (BEP 3, BEP 20). Immutable. */
public final class PeerId {
    public static final int LENGTH = 20;

    private final byte[] bytes;

    private PeerId(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a peer id has 20 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** A copy of 20 bytes. */
    public static PeerId of(byte[] bytes) {
        return new PeerId(bytes.clone());
    }

    /**
     * A fresh id.
     *
     * @param prefix ASCII, at most 20 characters, such as {@code -Sp0100-} (BEP 20, Azureus style)
     */
    public static PeerId random(String prefix, RandomGenerator random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        byte[] ascii = prefix.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, bytes, 0, ascii.length);
        return new PeerId(bytes);
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Puts the 20 bytes at the buffer's position, without a copy in between. */
    public void writeTo(ByteBuffer into) {
        into.put(bytes);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof PeerId other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Printable characters as they are, others as {@code %xx}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            if (b > 0x20 && b < 0x7f && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(String.format("%02x", b));
            }
        }
        return text.toString();
    }
}
