package dev.spate.engine.storage;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one torrent that are arriving, and their part of the session's piece memory. Confined to the swarm's lane.
 *
 * <p>{@link #tryOpen} is what a picker asks before it begins a piece: memory is taken right then, so that a block that was
 * requested always has a place to go.
 */
public final class ArrivingPieces implements AutoCloseable {
    private final PieceWork work;
    private final PieceBuffers buffers;
    private final PieceBuffers.Share share;
    private final Map<Integer, ArrivingPiece> open = new HashMap<>();

    /**
     * @param freed called, on any thread, when {@link #tryOpen} was refused before and may succeed now
     */
    public ArrivingPieces(
            TorrentStorage storage,
            Checkpoint checkpoint,
            PieceChecker checker,
            PieceChecker.PieceHashes hashes,
            PieceBuffers buffers,
            Runnable freed) {
        this.work = new PieceWork(storage, checkpoint, checker, hashes);
        this.buffers = buffers;
        this.share = buffers.share(freed);
    }

    /** Opens a piece that is not open; false when there is no memory for it now. */
    public boolean tryOpen(int piece) {
        if (open.containsKey(piece)) {
            throw new IllegalStateException("piece " + piece + " is open");
        }
        int length = work.layout().length(piece);
        boolean streamed = buffers.isStreamed(length);
        PieceBuffers.Memory memory = share.take(streamed ? buffers.streamSlabs() * PieceBuffers.SLAB_LENGTH : length);
        if (memory == null) {
            return false;
        }
        open.put(piece, streamed ? new StreamedPiece(piece, work, share, memory) : new WholePiece(piece, work, memory));
        return true;
    }

    /** An open piece, or null. */
    public @Nullable ArrivingPiece get(int piece) {
        return open.get(piece);
    }

    /** Closes an open piece, be it flushed or given up; does nothing if it is not open. */
    public void close(int piece) {
        ArrivingPiece closed = open.remove(piece);
        if (closed != null) {
            closed.close();
        }
    }

    /** The number of open pieces. */
    public int count() {
        return open.size();
    }

    /** Closes all. */
    @Override
    public void close() {
        open.values().forEach(ArrivingPiece::close);
        open.clear();
    }
}
