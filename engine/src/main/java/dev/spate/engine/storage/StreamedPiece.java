package dev.spate.engine.storage;

import dev.spate.wire.PieceLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A piece too long to be kept in memory: its blocks are written in runs as they arrive, and hashed in order.
 *
 * <p>A block lives in a slot of its own from its first byte until it was written. Runs of {@link #RUN} blocks are written when
 * they are whole; when more than half of the memory is taken, whatever has arrived is. The hash goes along behind: a run that
 * continues it is hashed from memory, and only what was written out of order is read back when its turn comes. So unverified data
 * lies on disk for a while, where nobody claims it.
 */
final class StreamedPiece implements ArrivingPiece {
    private static final int BLOCK = PieceLayout.BLOCK_LENGTH;

    /** Blocks of a run: 256 KiB. */
    private static final int RUN = PieceHasher.SCRATCH_LENGTH / BLOCK;

    private final int piece;
    private final PieceWork work;
    private final PieceBuffers.Share share;
    private final int blocks;
    private final Hold hold;

    // Guarded by this.
    private final List<PieceBuffers.Memory> memory = new ArrayList<>();
    private final ArrayDeque<ByteBuffer> freeSlots = new ArrayDeque<>();
    private final int plannedSlots;
    private final @Nullable ByteBuffer[] slots;
    private final BitSet arrived = new BitSet();
    /** Blocks that some thread is writing or has written. */
    private final BitSet taken = new BitSet();
    /** Whether a spill was asked for that has not begun. */
    private boolean spillAsked;

    /** Serializes the hash; taken before {@code this}, never the other way round. */
    private final ReentrantLock hashing = new ReentrantLock();

    private final Condition progress = hashing.newCondition();

    // Guarded by hashing.
    private final PieceHasher hasher = new PieceHasher();
    private final BitSet written = new BitSet();
    private int hashed;
    private @Nullable Boolean good;

    StreamedPiece(int piece, PieceWork work, PieceBuffers.Share share, PieceBuffers.Memory first) {
        this.piece = piece;
        this.work = work;
        this.share = share;
        this.blocks = work.layout().blocks(piece);
        this.slots = new @Nullable ByteBuffer[blocks];
        this.hold = new Hold(this::giveBack);
        addSlots(first);
        this.plannedSlots = freeSlots.size();
    }

    private void addSlots(PieceBuffers.Memory more) {
        memory.add(more);
        for (ByteBuffer slab : more.parts()) {
            for (int at = 0; at < slab.capacity(); at += BLOCK) {
                freeSlots.add(slab.slice(at, BLOCK));
            }
        }
    }

    private void giveBack() {
        List<PieceBuffers.Memory> all;
        synchronized (this) {
            all = List.copyOf(memory);
            memory.clear();
        }
        all.forEach(PieceBuffers.Memory::close);
    }

    @Override
    public int piece() {
        return piece;
    }

    @Override
    public void put(int begin, ByteBuffer source) {
        int at = begin;
        while (source.hasRemaining()) {
            int block = at / BLOCK;
            int index = at % BLOCK;
            int length = Math.min(source.remaining(), BLOCK - index);
            slot(block).put(index, source, source.position(), length);
            source.position(source.position() + length);
            at += length;
        }
    }

    private synchronized ByteBuffer slot(int block) {
        ByteBuffer slot = slots[block];
        if (slot == null) {
            if (freeSlots.isEmpty()) {
                addSlots(share.overdraw());
            }
            slot = freeSlots.pop();
            slots[block] = slot;
        }
        return slot;
    }

    @Override
    public synchronized boolean blockArrived(int begin) {
        int block = begin / BLOCK;
        arrived.set(block);
        if (spillAsked || !(isRunWhole(block / RUN) || isCrowded())) {
            return false;
        }
        spillAsked = true;
        return true;
    }

    @Override
    public synchronized boolean isShortOfMemory() {
        return freeSlots.isEmpty();
    }

    private boolean isRunWhole(int run) {
        int end = Math.min((run + 1) * RUN, blocks);
        return arrived.nextClearBit(run * RUN) >= end && taken.nextClearBit(run * RUN) < end;
    }

    private boolean isCrowded() {
        return freeSlots.size() < plannedSlots / 2;
    }

    @Override
    public void spill() throws StorageException {
        if (!hold.tryEnter()) {
            return;
        }
        try {
            synchronized (this) {
                spillAsked = false;
            }
            for (Run run = nextRun(false); run != null; run = nextRun(false)) {
                write(run);
            }
        } finally {
            hold.leave();
        }
    }

    /** Blocks that follow each other and belong to one thread from here on. */
    private record Run(int first, int end) {}

    private synchronized @Nullable Run nextRun(boolean all) {
        boolean anything = all || isCrowded();
        for (int first = nextReady(0); first >= 0; first = nextReady(first + 1)) {
            int run = first / RUN;
            if (anything || isRunWhole(run)) {
                int end = first;
                while (end < Math.min((run + 1) * RUN, blocks) && arrived.get(end) && !taken.get(end)) {
                    taken.set(end++);
                }
                return new Run(first, end);
            }
            first = (run + 1) * RUN - 1;
        }
        return null;
    }

    private synchronized boolean hasReady() {
        return nextReady(0) >= 0;
    }

    private int nextReady(int from) {
        int block = arrived.nextSetBit(from);
        while (block >= 0 && taken.get(block)) {
            block = arrived.nextSetBit(block + 1);
        }
        return block;
    }

    private void write(Run run) throws StorageException {
        PieceHasher mine = work.checker().take();
        boolean done = false;
        try {
            work.checkpoint().begun(piece);
            ByteBuffer scratch = mine.scratch();
            for (int block = run.first; block < run.end; block++) {
                scratch.put(content(block));
            }
            work.storage().write(offset(run.first), scratch.flip());
            hashing.lock();
            try {
                written.set(run.first, run.end);
                hashOn(mine);
                // Still under the lock: while another thread hashes, the memory that it sees must stay.
                free(run);
            } finally {
                hashing.unlock();
            }
            done = true;
        } finally {
            if (!done) {
                untake(run);
            }
            work.checker().giveBack(mine);
            tellProgress();
        }
    }

    private void tellProgress() {
        hashing.lock();
        try {
            progress.signalAll();
        } finally {
            hashing.unlock();
        }
    }

    private synchronized void free(Run run) {
        for (int block = run.first; block < run.end; block++) {
            ByteBuffer slot = slots[block];
            if (slot != null) {
                slots[block] = null;
                freeSlots.push(slot);
            }
        }
    }

    /** Lets another try write what this one could not. */
    private synchronized void untake(Run run) {
        taken.clear(run.first, run.end);
    }

    /** Takes the hash as far as blocks are written without a gap, from memory where they are still there. */
    private void hashOn(PieceHasher reader) throws StorageException {
        while (hashed < blocks && written.get(hashed)) {
            ByteBuffer content = contentIfThere(hashed);
            if (content != null) {
                hasher.update(content);
                hashed++;
            } else {
                int end = hashed + 1;
                while (end < Math.min(hashed + RUN, written.nextClearBit(hashed)) && contentIfThere(end) == null) {
                    end++;
                }
                hasher.update(readBack(hashed, end, reader));
                hashed = end;
            }
        }
    }

    private ByteBuffer readBack(int first, int end, PieceHasher reader) throws StorageException {
        int length = Math.min(end * BLOCK, work.layout().length(piece)) - first * BLOCK;
        ByteBuffer scratch = reader.scratch().limit(length);
        work.storage().read(offset(first), scratch);
        return scratch.flip();
    }

    private ByteBuffer content(int block) {
        ByteBuffer content = contentIfThere(block);
        if (content == null) {
            throw new AssertionError("block " + block + " has arrived and is not there");
        }
        return content;
    }

    private synchronized @Nullable ByteBuffer contentIfThere(int block) {
        ByteBuffer slot = slots[block];
        return slot == null
                ? null
                : slot.slice(0, work.layout().block(piece, block).length());
    }

    private long offset(int block) {
        return work.layout().offset(piece) + (long) block * BLOCK;
    }

    @Override
    public Verdict verify(boolean digestBlocks) throws StorageException {
        hold.enter();
        try {
            do {
                for (Run run = nextRun(true); run != null; run = nextRun(true)) {
                    write(run);
                }
            } while (!isHashed());
            boolean matches = matches();
            return new Verdict(
                    matches,
                    matches && !digestBlocks
                            ? Optional.empty()
                            : Optional.of(work.checker().blockDigests(piece, work.storage())));
        } finally {
            hold.leave();
        }
    }

    /** Waits while other workers are writing what is left; false if one of them failed and something must be written again. */
    private boolean isHashed() {
        hashing.lock();
        try {
            while (hashed < blocks && !hasReady()) {
                progress.awaitUninterruptibly();
            }
            return hashed == blocks;
        } finally {
            hashing.unlock();
        }
    }

    private boolean matches() {
        hashing.lock();
        try {
            Boolean known = good;
            if (known == null) {
                known = work.hashes().matches(piece, hasher.digest());
                good = known;
            }
            return known;
        } finally {
            hashing.unlock();
        }
    }

    @Override
    public void flush() {
        work.checkpoint().written(piece);
    }

    @Override
    public void close() {
        hold.close();
    }
}
