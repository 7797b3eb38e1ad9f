package dev.spate.wire.bencode;

/** How closely bencoded bytes must keep to BEP 3. */
public enum Strictness {
    /** Only the canonical form: keys ascending and unique, no needless zeros, no {@code -0}. */
    STRICT,

    /**
     * What is met in the wild as well: keys out of order or repeated (the first one counts), needless zeros before a
     * number, {@code -0}.
     */
    LENIENT
}
