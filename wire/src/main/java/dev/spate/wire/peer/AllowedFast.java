package dev.spate.wire.peer;

import dev.spate.wire.Digest;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashSet;
import java.util.List;

/** The pieces that a peer may request while it is choked (BEP 6, "allowed fast set generation"). */
public final class AllowedFast {

    /** How many pieces BEP 6 advises to allow. */
    public static final int ADVISED_COUNT = 10;

    /** The most pieces that are worth allowing; beyond, choking would mean nothing. */
    public static final int MAX_COUNT = 100;

    private AllowedFast() {}

    /**
     * The set that every client computes for the same peer; a set of fewer pieces is the beginning of one of more.
     *
     * @param ip of the peer that may request; BEP 6 defines the set for IPv4 only
     * @param infoHash the 20 bytes that name the swarm
     * @param pieces of the torrent, 0 or more
     * @param count of the set, 0 to {@link #MAX_COUNT}; a torrent with fewer pieces has them all in its set
     * @return different pieces, in the order of the algorithm
     */
    public static List<Integer> set(Inet4Address ip, Digest infoHash, int pieces, int count) {
        if (pieces < 0 || count < 0 || count > MAX_COUNT || infoHash.length() != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException(
                    "no allowed fast set: " + count + " of " + pieces + " pieces, info-hash " + infoHash);
        }
        int wanted = Math.min(count, pieces);
        MessageDigest sha1 = sha1();
        // Peers of one /24 share a set, so that many addresses do not earn many pieces.
        byte[] bytes = ip.getAddress();
        bytes[3] = 0;
        ByteBuffer seed = ByteBuffer.allocate(bytes.length + Digest.SHA1_LENGTH).put(bytes);
        infoHash.writeTo(seed);
        byte[] x = seed.array();
        LinkedHashSet<Integer> set = new LinkedHashSet<>();
        while (set.size() < wanted) {
            x = sha1.digest(x);
            ByteBuffer numbers = ByteBuffer.wrap(x);
            while (numbers.hasRemaining() && set.size() < wanted) {
                set.add(Integer.remainderUnsigned(numbers.getInt(), pieces));
            }
        }
        return List.copyOf(set);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
