package dev.spate.wire.bencode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A string of any bytes, {@code 4:spam}, ordered as unsigned bytes; often, but not always, text in UTF-8. */
public final class BencodeString implements BencodeValue, Comparable<BencodeString> {
    final Encoded encoded;
    private final int begin;
    private final int content;
    private final int end;

    BencodeString(Encoded encoded, int begin, int end) {
        this.encoded = encoded;
        this.begin = begin;
        this.content = encoded.contentOf(begin);
        this.end = end;
    }

    public static BencodeString of(byte[] content) {
        byte[] bytes = BencodeEncoder.string(content);
        return new BencodeString(new Encoded(bytes, new long[0], true), 0, bytes.length);
    }

    /** The string of a text's bytes in UTF-8. */
    public static BencodeString of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of bytes. */
    public int length() {
        return end - content;
    }

    /** A copy of the bytes, without the length before them. */
    public byte[] bytes() {
        return encoded.copy(content, end);
    }

    /** The bytes without copying them, read-only. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(encoded.bytes, content, end - content).slice().asReadOnlyBuffer();
    }

    /** The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String text() {
        return new String(encoded.bytes, content, end - content, StandardCharsets.UTF_8);
    }

    /** Whether the bytes are those of {@code text} in UTF-8. */
    public boolean isText(String text) {
        byte[] other = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(encoded.bytes, content, end, other, 0, other.length);
    }

    @Override
    public Span span() {
        return new Span(begin, end - begin);
    }

    @Override
    public byte[] rawBytes() {
        return encoded.copy(begin, end);
    }

    @Override
    public int compareTo(BencodeString other) {
        return Arrays.compareUnsigned(encoded.bytes, content, end, other.encoded.bytes, other.content, other.end);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof BencodeString other && compareTo(other) == 0;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = content; i < end; i++) {
            hash = 31 * hash + encoded.bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return text();
    }
}
