package dev.spate.wire.bencode;

/** An integer of 64 bits, {@code i42e}. */
public final class BencodeInteger implements BencodeValue {
    final Encoded encoded;
    private final int begin;
    private final int end;

    BencodeInteger(Encoded encoded, int begin, int end) {
        this.encoded = encoded;
        this.begin = begin;
        this.end = end;
    }

    public static BencodeInteger of(long value) {
        byte[] bytes = BencodeEncoder.integer(value);
        return new BencodeInteger(new Encoded(bytes, new long[0], true), 0, bytes.length);
    }

    public long value() {
        boolean negative = encoded.bytes[begin + 1] == '-';
        long value = 0;
        for (int i = negative ? begin + 2 : begin + 1; i < end - 1; i++) {
            value = value * 10 - (encoded.bytes[i] - '0');
        }
        return negative ? value : -value;
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
    public boolean equals(Object object) {
        return object instanceof BencodeInteger other && value() == other.value();
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value());
    }

    @Override
    public String toString() {
        return Long.toString(value());
    }
}
