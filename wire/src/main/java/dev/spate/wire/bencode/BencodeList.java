package dev.spate.wire.bencode;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A list of values of any kinds, {@code l4:spami42ee}. Made to be walked through; finding the n-th value is a walk too. */
public final class BencodeList implements BencodeValue, Iterable<BencodeValue> {
    final Encoded encoded;
    private final int begin;
    private final int end;

    BencodeList(Encoded encoded, int begin, int end) {
        this.encoded = encoded;
        this.begin = begin;
        this.end = end;
    }

    /**
     * The list of these values.
     *
     * @throws IllegalArgumentException if it would be nested deeper than can be decoded
     */
    public static BencodeList of(List<? extends BencodeValue> values) {
        byte[] bytes = BencodeEncoder.list(values);
        return new BencodeList(BencodeEncoder.checked(bytes), 0, bytes.length);
    }

    /** The list of texts in UTF-8. */
    public static BencodeList ofTexts(List<String> texts) {
        List<BencodeValue> values = new ArrayList<>(texts.size());
        for (String text : texts) {
            values.add(BencodeString.of(text));
        }
        return of(values);
    }

    public boolean isEmpty() {
        return end - begin == 2;
    }

    @Override
    public Iterator<BencodeValue> iterator() {
        return new Iterator<>() {
            private int at = begin + 1;

            @Override
            public boolean hasNext() {
                return at < end - 1;
            }

            @Override
            public BencodeValue next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int from = at;
                at = encoded.endOf(from);
                return encoded.valueAt(from, at);
            }
        };
    }

    /** The values in order. */
    public Stream<BencodeValue> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** Those of the values that are strings, in order. */
    public Stream<BencodeString> strings() {
        return stream().filter(BencodeString.class::isInstance).map(BencodeString.class::cast);
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
        return object instanceof BencodeList other
                && Encoded.equal(encoded, begin, end, other.encoded, other.begin, other.end);
    }

    @Override
    public int hashCode() {
        return encoded.hash(begin, end);
    }

    @Override
    public String toString() {
        return "list of " + (end - begin) + " bytes";
    }
}
