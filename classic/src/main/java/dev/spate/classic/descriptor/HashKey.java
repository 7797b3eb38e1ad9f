package dev.spate.classic.descriptor;

import dev.spate.wire.PlainText;
import java.nio.charset.StandardCharsets;

/**
 * The key under which a file is known in the network: 1 to 35 bytes without a zero, UTF-8 where it is text. What it is the hash of, if of
 * anything, is its maker's business; see {@link Descriptor#of}.
 *
 * @param latin the bytes, one a character
 */
public record HashKey(String latin) {

    /** In bytes; the original has 36 with the zero at the end. */
    public static final int MAX_LENGTH = 35;

    public HashKey {
        if (latin.isEmpty() || latin.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a hash key has 1 to " + MAX_LENGTH + " bytes, not " + latin.length());
        }
        for (int i = 0; i < latin.length(); i++) {
            if (latin.charAt(i) == 0 || latin.charAt(i) > 0xff) {
                throw new IllegalArgumentException("a hash key has no byte of zero");
            }
        }
    }

    /**
     * The key that is this text in UTF-8.
     *
     * @throws IllegalArgumentException if it is empty, too long, or has a zero in it
     */
    public static HashKey of(String text) {
        return new HashKey(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** FNV-1a of 32 bits, by which the original chooses the bucket of its table. */
    int fnv1a() {
        int hash = 0x811c9dc5;
        for (int i = 0; i < latin.length(); i++) {
            hash = (hash ^ latin.charAt(i)) * 0x01000193;
        }
        return hash;
    }

    /** How far a node is: the sum of the differing bits of key and id, character by character, as the original reckons. */
    int distance(String nodeId) {
        int sum = 0;
        for (int i = 0; i < Math.min(latin.length(), nodeId.length()); i++) {
            sum += latin.charAt(i) ^ nodeId.charAt(i);
        }
        return sum;
    }

    /** The key as text, fit to be shown. */
    @Override
    public String toString() {
        return PlainText.of(new String(bytes(), StandardCharsets.UTF_8), 4 * MAX_LENGTH);
    }
}
