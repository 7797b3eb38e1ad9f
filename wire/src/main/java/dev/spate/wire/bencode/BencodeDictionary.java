package dev.spate.wire.bencode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A dictionary, {@code d3:cow3:mooe}: keys of any bytes, ascending as unsigned bytes, each with a value.
 *
 * <p>The questions by key answer empty both when the key is missing and when its value is of another kind: a reader of a
 * stranger's dictionary mostly treats the two alike. {@link #get} tells them apart. Where the input repeats a key, the first
 * one counts.
 */
public final class BencodeDictionary implements BencodeValue, Iterable<BencodeDictionary.Entry> {

    /** A key with its value. */
    public record Entry(BencodeString key, BencodeValue value) {}

    final Encoded encoded;
    private final int begin;
    private final int end;

    /** Where each key begins, in the order of the keys. */
    private final int[] keys;

    BencodeDictionary(Encoded encoded, int begin, int end) {
        this.encoded = encoded;
        this.begin = begin;
        this.end = end;
        this.keys = index(encoded, begin, end);
    }

    private static int[] index(Encoded encoded, int begin, int end) {
        int[] keys = new int[4];
        int count = 0;
        for (int at = begin + 1; at < end - 1; at = encoded.endOf(encoded.endOfString(at))) {
            if (count == keys.length) {
                keys = Arrays.copyOf(keys, 2 * count);
            }
            keys[count++] = at;
        }
        keys = count == keys.length ? keys : Arrays.copyOf(keys, count);
        return encoded.canonical ? keys : sorted(encoded, keys);
    }

    private static int[] sorted(Encoded encoded, int[] keys) {
        int count = 0;
        for (int key : keys) {
            if (count > 0 && compare(encoded, keys[count - 1], key) >= 0) {
                SortedMap<BencodeString, Integer> first = new TreeMap<>();
                for (int any : keys) {
                    first.putIfAbsent(new BencodeString(encoded, any, encoded.endOfString(any)), any);
                }
                return first.values().stream().mapToInt(Integer::intValue).toArray();
            }
            count++;
        }
        return keys;
    }

    private static int compare(Encoded encoded, int keyA, int keyB) {
        byte[] bytes = encoded.bytes;
        return Arrays.compareUnsigned(
                bytes,
                encoded.contentOf(keyA),
                encoded.endOfString(keyA),
                bytes,
                encoded.contentOf(keyB),
                encoded.endOfString(keyB));
    }

    /** Begins a dictionary. */
    public static BencodeDictionaryBuilder builder() {
        return new BencodeDictionaryBuilder();
    }

    /** The number of keys. */
    public int size() {
        return keys.length;
    }

    public boolean isEmpty() {
        return keys.length == 0;
    }

    public boolean contains(String key) {
        return find(key) >= 0;
    }

    /** The value of the key whose bytes are {@code key} in UTF-8. */
    public Optional<BencodeValue> get(String key) {
        int index = find(key);
        return index < 0 ? Optional.empty() : Optional.of(value(index));
    }

    /** The value of the key of exactly these bytes. */
    public Optional<BencodeValue> get(byte[] key) {
        int index = find(key);
        return index < 0 ? Optional.empty() : Optional.of(value(index));
    }

    public OptionalLong integer(String key) {
        return get(key).orElse(null) instanceof BencodeInteger integer
                ? OptionalLong.of(integer.value())
                : OptionalLong.empty();
    }

    public Optional<BencodeString> string(String key) {
        return get(key).orElse(null) instanceof BencodeString string ? Optional.of(string) : Optional.empty();
    }

    /** The string's bytes. */
    public Optional<byte[]> bytes(String key) {
        return string(key).map(BencodeString::bytes);
    }

    /** The string's bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public Optional<String> text(String key) {
        return string(key).map(BencodeString::text);
    }

    public Optional<BencodeList> list(String key) {
        return get(key).orElse(null) instanceof BencodeList list ? Optional.of(list) : Optional.empty();
    }

    public Optional<BencodeDictionary> dictionary(String key) {
        return get(key).orElse(null) instanceof BencodeDictionary dictionary
                ? Optional.of(dictionary)
                : Optional.empty();
    }

    /** The entries in the order of their keys. */
    @Override
    public Iterator<Entry> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < keys.length;
            }

            @Override
            public Entry next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int key = keys[next];
                return new Entry(new BencodeString(encoded, key, encoded.endOfString(key)), value(next++));
            }
        };
    }

    private int find(String key) {
        return find(key.getBytes(StandardCharsets.UTF_8));
    }

    private int find(byte[] key) {
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int from = encoded.contentOf(keys[middle]);
            int to = encoded.endOfString(keys[middle]);
            int order = Arrays.compareUnsigned(encoded.bytes, from, to, key, 0, key.length);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private BencodeValue value(int index) {
        return encoded.valueAt(encoded.endOfString(keys[index]));
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
        return object instanceof BencodeDictionary other
                && Encoded.equal(encoded, begin, end, other.encoded, other.begin, other.end);
    }

    @Override
    public int hashCode() {
        return encoded.hash(begin, end);
    }

    @Override
    public String toString() {
        return "dictionary of " + keys.length + " keys";
    }
}
