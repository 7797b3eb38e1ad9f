package dev.spate.wire.bencode;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the entries of a dictionary, in any order. For one thread. */
public final class BencodeDictionaryBuilder {
    private final SortedMap<BencodeString, BencodeValue> entries = new TreeMap<>();

    BencodeDictionaryBuilder() {}

    /** Adds an entry, or replaces the value of one. */
    public BencodeDictionaryBuilder put(BencodeString key, BencodeValue value) {
        entries.put(key, value);
        return this;
    }

    /** Adds an entry, or replaces the value of one; the key is written in UTF-8. */
    public BencodeDictionaryBuilder put(String key, BencodeValue value) {
        return put(BencodeString.of(key), value);
    }

    public BencodeDictionaryBuilder put(String key, long value) {
        return put(key, BencodeInteger.of(value));
    }

    /** Adds a text in UTF-8. */
    public BencodeDictionaryBuilder put(String key, String text) {
        return put(key, BencodeString.of(text));
    }

    public BencodeDictionaryBuilder put(String key, byte[] bytes) {
        return put(key, BencodeString.of(bytes));
    }

    /** Adds all entries of another dictionary, replacing those of the same keys. */
    public BencodeDictionaryBuilder putAll(BencodeDictionary dictionary) {
        for (BencodeDictionary.Entry entry : dictionary) {
            put(entry.key(), entry.value());
        }
        return this;
    }

    public BencodeDictionaryBuilder remove(String key) {
        entries.remove(BencodeString.of(key));
        return this;
    }

    /** The value given to a key so far. */
    public Optional<BencodeValue> get(String key) {
        return Optional.ofNullable(entries.get(BencodeString.of(key)));
    }

    /**
     * The dictionary of what was put so far.
     *
     * @throws IllegalArgumentException if it would be nested deeper than can be decoded
     */
    public BencodeDictionary build() {
        byte[] bytes = BencodeEncoder.dictionary(entries);
        return new BencodeDictionary(BencodeEncoder.checked(bytes), 0, bytes.length);
    }
}
