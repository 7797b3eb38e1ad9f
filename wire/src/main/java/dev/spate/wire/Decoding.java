package dev.spate.wire;

/**
 * What came of decoding bytes that a stranger sent.
 *
 * <p>Hostile and broken input is ordinary, so it is a value and not an exception: a decoder of this module returns one of
 * these three and never throws on its input.
 *
 * @param <T> what the bytes stand for
 */
public sealed interface Decoding<T> {

    /** The bytes were whole and well-formed. */
    record Decoded<T>(T value) implements Decoding<T> {}

    /**
     * The bytes are a good beginning.
     *
     * @param bytes how many bytes, counted from the same beginning, are needed before another try can get further; a lower
     *     bound, always more than there were
     */
    record NeedMore<T>(int bytes) implements Decoding<T> {
        public NeedMore {
            if (bytes <= 0) {
                throw new IllegalArgumentException("needs no more: " + bytes);
            }
        }
    }

    /**
     * No continuation can make these bytes well-formed.
     *
     * @param offset where the trouble was seen, in bytes from the beginning of the input
     * @param reason a phrase for a person, without the offset
     */
    record Malformed<T>(int offset, String reason) implements Decoding<T> {

        /** The same trouble, as the outcome of decoding another type. */
        public <U> Malformed<U> as() {
            return new Malformed<>(offset, reason);
        }

        @Override
        public String toString() {
            return reason + " (at byte " + offset + ")";
        }
    }
}
