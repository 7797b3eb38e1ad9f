package dev.spate.core.swarm;

/**
 * Eight bytes of each block of a piece, by which two copies of the piece are compared block by block.
 *
 * <p>Whoever makes them may use any hash of which a stranger cannot make collisions within 64 bits; both copies must be hashed
 * alike. Immutable.
 */
public final class BlockDigests {
    private final long[] digests;

    private BlockDigests(long[] digests) {
        this.digests = digests;
    }

    /** The digests of all blocks of a piece in order. */
    public static BlockDigests of(long... digests) {
        return new BlockDigests(digests.clone());
    }

    /** How many blocks the piece has. */
    public int blocks() {
        return digests.length;
    }

    long digest(int block) {
        return digests[block];
    }
}
