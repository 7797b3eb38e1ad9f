package dev.spate.core.dht;

import java.util.random.RandomGenerator;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of 16 bytes: a hash that nobody can foresee who does not have the key, for the
 * price of a few additions. Immutable.
 */
final class SipHash {
    private final long key0;
    private final long key1;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    static SipHash random(RandomGenerator random) {
        return new SipHash(random.nextLong(), random.nextLong());
    }

    /** The hash of two words, each in little-endian order. */
    long of(long first, long second) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        // Three words: the two, and one with nothing but the length in its highest byte. Then four empty rounds.
        for (int word = 0; word < 4; word++) {
            long m = word == 0 ? first : word == 1 ? second : word == 2 ? 16L << 56 : 0;
            if (word == 3) {
                v2 ^= 0xff;
            }
            v3 ^= m;
            int rounds = word == 3 ? 4 : 2;
            for (int round = 0; round < rounds; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
