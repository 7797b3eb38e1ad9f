package dev.spate.engine.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A piece that stays in memory until it is whole and verified: bad data never reaches the disk, and nothing is read back. */
final class WholePiece implements ArrivingPiece {
    private final int piece;
    private final PieceWork work;
    /** Each of the length of a slab, but the last, which ends where the piece does. */
    private final List<ByteBuffer> parts;

    private final Hold hold;

    WholePiece(int piece, PieceWork work, PieceBuffers.Memory memory) {
        this.piece = piece;
        this.work = work;
        this.hold = new Hold(memory::close);
        this.parts = new ArrayList<>(memory.parts());
        int before = (parts.size() - 1) * PieceBuffers.SLAB_LENGTH;
        parts.addLast(parts.removeLast().slice(0, work.layout().length(piece) - before));
    }

    @Override
    public int piece() {
        return piece;
    }

    @Override
    public void put(int begin, ByteBuffer source) {
        int at = begin;
        while (source.hasRemaining()) {
            ByteBuffer part = parts.get(at / PieceBuffers.SLAB_LENGTH);
            int index = at % PieceBuffers.SLAB_LENGTH;
            int length = Math.min(source.remaining(), part.limit() - index);
            part.put(index, source, source.position(), length);
            source.position(source.position() + length);
            at += length;
        }
    }

    @Override
    public boolean blockArrived(int begin) {
        return false;
    }

    @Override
    public boolean isShortOfMemory() {
        return false;
    }

    @Override
    public void spill() {}

    @Override
    public Verdict verify(boolean digestBlocks) {
        hold.enter();
        try {
            boolean good = work.checker().matches(work.hashes(), piece, parts);
            return new Verdict(
                    good,
                    good && !digestBlocks
                            ? Optional.empty()
                            : Optional.of(
                                    work.checker().blockDigests(work.layout().blocks(piece), parts)));
        } finally {
            hold.leave();
        }
    }

    @Override
    public void flush() throws StorageException {
        hold.enter();
        try {
            work.checkpoint().begun(piece);
            long offset = work.layout().offset(piece);
            for (ByteBuffer part : parts) {
                work.storage().write(offset, part);
                offset += part.limit();
            }
            work.checkpoint().written(piece);
        } finally {
            hold.leave();
        }
    }

    @Override
    public void close() {
        hold.close();
    }
}
