package dev.spate.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** The immutable bytes of a SHA-1 (20) or SHA-256 (32) hash, ordered as unsigned bytes. */
public final class Digest implements Comparable<Digest> {
    public static final int SHA1_LENGTH = 20;
    public static final int SHA256_LENGTH = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        if (bytes.length != SHA1_LENGTH && bytes.length != SHA256_LENGTH) {
            throw new IllegalArgumentException("not the length of a hash: " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** A copy of 20 or 32 bytes. */
    public static Digest of(byte[] bytes) {
        return new Digest(bytes.clone());
    }

    /**
     * Reads 40 or 64 hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Digest ofHex(String hex) {
        return new Digest(HexFormat.of().parseHex(hex));
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Puts the bytes at the buffer's position, without a copy in between. */
    public void writeTo(ByteBuffer into) {
        into.put(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** The first 20 bytes; how a v2 info-hash is named where there is room for a v1 only (BEP 52, "handshake"). */
    public Digest truncated() {
        return bytes.length == SHA1_LENGTH ? this : new Digest(Arrays.copyOf(bytes, SHA1_LENGTH));
    }

    @Override
    public int compareTo(Digest other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Digest other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
