package dev.spate.engine.storage;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A piece whose blocks are arriving: collects them, compares the whole with its hash, and brings it to disk.
 *
 * <p>{@link #put}, {@link #blockArrived} and {@link #close} are called on the swarm's lane and never wait for the disk; the others
 * block and are called on workers. Closing is allowed at any time: memory that a worker still uses goes back when it is done.
 */
public sealed interface ArrivingPiece extends AutoCloseable permits WholePiece, StreamedPiece {

    /**
     * What the hash said.
     *
     * @param good whether the piece is what it should be
     * @param blockDigests 8 bytes for each block, to tell who sent what; there when the piece is bad or when asked for
     */
    record Verdict(boolean good, Optional<long[]> blockDigests) {}

    int piece();

    /** Takes all remaining bytes of {@code source}, a part of a block, to their place {@code begin} within the piece. */
    void put(int begin, ByteBuffer source);

    /**
     * The block that begins at {@code begin} is there as a whole.
     *
     * @return whether enough is there that {@link #spill} should be called on a worker
     */
    boolean blockArrived(int begin);

    /** Whether more arrived than there is memory for: its sources should not be read until a {@link #spill} has ended. */
    boolean isShortOfMemory();

    /**
     * Writes blocks that have arrived and gives their memory back. Does nothing for a piece that is kept as a whole, nor for one that was
     * closed before its turn came, because it is complete or given up.
     */
    void spill() throws StorageException;

    /** Compares with the hash, once all blocks have arrived. */
    Verdict verify(boolean digestBlocks) throws StorageException;

    /** Brings the piece to disk, once it was verified; from then on it counts as flushed. May be tried again after a failure. */
    void flush() throws StorageException;

    /** Drops the piece and gives its memory back. */
    @Override
    void close();
}
