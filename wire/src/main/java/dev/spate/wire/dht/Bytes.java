package dev.spate.wire.dht;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of bytes that a message carries: a transaction id, a token, a key, a signature, a bencoded value. */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int SHOWN = 32;

    final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content.clone());
    }

    /** The bytes of a text in UTF-8. */
    public static Bytes ofText(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Four bytes in network order. */
    public static Bytes ofInt(int number) {
        return new Bytes(
                new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    /** Eight bytes in network order. */
    public static Bytes ofLong(long number) {
        return new Bytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** Copies the bytes between two offsets. */
    static Bytes copyOf(byte[] from, int begin, int end) {
        return begin == end ? EMPTY : new Bytes(Arrays.copyOfRange(from, begin, end));
    }

    public int length() {
        return content.length;
    }

    public boolean isEmpty() {
        return content.length == 0;
    }

    /** The number that {@link #ofInt} was given; these must be four bytes. */
    public int toInt() {
        if (content.length != Integer.BYTES) {
            throw new IllegalStateException("not four bytes: " + content.length);
        }
        return content[0] << 24 | (content[1] & 0xff) << 16 | (content[2] & 0xff) << 8 | (content[3] & 0xff);
    }

    /** The number that {@link #ofLong} was given; these must be eight bytes. */
    public long toLong() {
        if (content.length != Long.BYTES) {
            throw new IllegalStateException("not eight bytes: " + content.length);
        }
        return ByteBuffer.wrap(content).getLong();
    }

    public byte[] toBytes() {
        return content.clone();
    }

    /** Puts the bytes at the buffer's position, without a copy in between. */
    public void writeTo(ByteBuffer into) {
        into.put(content);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Bytes other && Arrays.equals(content, other.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** Hexadecimal digits, of a long string only the first ones. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return content.length <= SHOWN ? hex.formatHex(content) : hex.formatHex(content, 0, SHOWN) + "…";
    }
}
