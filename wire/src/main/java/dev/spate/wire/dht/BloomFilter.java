package dev.spate.wire.dht;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A set of IP addresses of which one can only tell roughly how many they are, and which can be joined with others (BEP 33).
 * Mutable; for one thread.
 */
public final class BloomFilter {
    /** In bytes. */
    public static final int LENGTH = 256;

    // BEP 33, "fixed parameters".
    private static final int HASHES = 2;
    private static final int BITS = LENGTH * 8;

    private final byte[] bits;
    private final MessageDigest sha1;

    /** An empty set. */
    public BloomFilter() {
        this.bits = new byte[LENGTH];
        try {
            this.sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }

    public void add(InetAddress address) {
        byte[] hash = sha1.digest(address.getAddress());
        set((hash[0] & 0xff) | (hash[1] & 0xff) << 8);
        set((hash[2] & 0xff) | (hash[3] & 0xff) << 8);
    }

    /** Whether the address may have been added; false is certain. */
    public boolean mayContain(InetAddress address) {
        byte[] hash = sha1.digest(address.getAddress());
        return isSet((hash[0] & 0xff) | (hash[1] & 0xff) << 8) && isSet((hash[2] & 0xff) | (hash[3] & 0xff) << 8);
    }

    /** Adds all that a filter of {@link #LENGTH} bytes holds. */
    public void addAll(Bytes filter) {
        if (filter.length() != LENGTH) {
            throw new IllegalArgumentException("a Bloom filter has 256 bytes, not " + filter.length());
        }
        for (int i = 0; i < LENGTH; i++) {
            bits[i] |= filter.content[i];
        }
    }

    /** Roughly how many addresses are in the set; useless beyond some 6,000. */
    public double estimate() {
        int zeros = BITS;
        for (byte b : bits) {
            zeros -= Integer.bitCount(b & 0xff);
        }
        // BEP 33, "calculating the estimate"; at least one zero, as the logarithm of none is infinite.
        double c = Math.clamp(zeros, 1, BITS - 1);
        return zeros == BITS ? 0 : Math.log(c / BITS) / (HASHES * Math.log(1 - 1.0 / BITS));
    }

    public Bytes toBytes() {
        return Bytes.of(bits);
    }

    private void set(int hash) {
        int index = hash % BITS;
        bits[index / 8] |= (byte) (1 << index % 8);
    }

    private boolean isSet(int hash) {
        int index = hash % BITS;
        return (bits[index / 8] & 1 << index % 8) != 0;
    }
}
