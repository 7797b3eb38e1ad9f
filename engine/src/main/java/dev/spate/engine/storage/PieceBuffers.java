package dev.spate.engine.storage;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The off-heap memory of a session for pieces that are arriving, under one bound. Safe for use by several threads.
 *
 * <p>All memory is cut into slabs of one length, so that it never fragments however many torrents with whatever piece lengths
 * share it: a piece takes whole slabs, and for its last part, or if it is small, a slot of a slab that is divided into equal
 * slots. Slabs are made when they are first needed, are used again without being cleared, the latest first because it is still
 * in the processor's cache, and go back to the system by {@link #trim}.
 *
 * <p>Torrents share by a dynamic threshold (Choudhury and Hahne, 1998): a torrent may hold at most {@link #GREED} times what is
 * free. One torrent alone gets eight ninths of the memory; a second finds room at once, and both drift towards equal shares.
 */
public final class PieceBuffers {

    /** What a positioned write of full speed needs is 64 KiB; more makes the system calls vanish and still fits the caches. */
    static final int SLAB_LENGTH = 256 * 1024;

    /** The smallest slot, a block. */
    static final int SLOT_LENGTH = 16 * 1024;

    static final int SLOTS = SLAB_LENGTH / SLOT_LENGTH;

    /** The smallest bound: room for two slabs in each of eight streamed pieces. */
    public static final long MIN_LIMIT = 4 << 20;

    private static final int GREED = 8;

    /** A piece longer than this part of the bound is streamed to disk as it arrives. */
    private static final int STREAM_PART = 8;

    private static final int CLASSES = Integer.numberOfTrailingZeros(SLOTS) + 1;

    private final int maxSlabs;
    private final ArrayDeque<Slab> free = new ArrayDeque<>();
    /** For each class of slots, the slabs of which some slots are taken and some are free. */
    private final List<LinkedHashSet<Slab>> partial = new ArrayList<>();
    /** Who was refused since memory was last given back. */
    private final LinkedHashSet<Share> refused = new LinkedHashSet<>();

    private int slabsTaken;
    private int fewestFree;

    /**
     * Takes no memory yet.
     *
     * @param limitBytes the bound, at least {@link #MIN_LIMIT}
     */
    public PieceBuffers(long limitBytes) {
        if (limitBytes < MIN_LIMIT) {
            throw new IllegalArgumentException("too little memory for pieces: " + limitBytes);
        }
        this.maxSlabs = Math.toIntExact(limitBytes / SLAB_LENGTH);
        for (int i = 0; i < CLASSES; i++) {
            partial.add(new LinkedHashSet<>());
        }
    }

    /** The bound in bytes. */
    public long limit() {
        return (long) maxSlabs * SLAB_LENGTH;
    }

    /** Bytes in use; more than {@link #limit} only while streamed pieces wait for the disk. */
    public synchronized long used() {
        return (long) slabsTaken * SLAB_LENGTH;
    }

    /** Whether pieces of this length are written as they arrive instead of being kept until they are whole. */
    boolean isStreamed(int pieceLength) {
        return pieceLength > limit() / STREAM_PART;
    }

    /** The slabs that a streamed piece begins with. */
    int streamSlabs() {
        return maxSlabs / STREAM_PART;
    }

    /** Gives memory back to the system that was free all the time since the last call; to be called every minute or so. */
    public void trim() {
        List<Slab> surplus = new ArrayList<>();
        synchronized (this) {
            for (int i = 0; i < fewestFree; i++) {
                surplus.add(free.removeLast());
            }
            fewestFree = free.size();
        }
        surplus.forEach(slab -> slab.arena.close());
    }

    /**
     * A torrent's part.
     *
     * @param freed called, on any thread and holding no lock, when memory has come back after the torrent was refused some
     */
    Share share(Runnable freed) {
        return new Share(freed);
    }

    /** What one torrent holds. */
    final class Share {
        private final Runnable freed;
        private long held;

        private Share(Runnable freed) {
            this.freed = freed;
        }

        /** Memory for a piece of so many bytes, or null when there is none now; {@code freed} is called later then. */
        @Nullable
        Memory take(int length) {
            int whole = length / SLAB_LENGTH;
            int rest = length % SLAB_LENGTH;
            synchronized (PieceBuffers.this) {
                int slotClass = rest == 0 ? 0 : slotClass(rest);
                int slotLength = rest == 0 ? 0 : SLOT_LENGTH << slotClass;
                long bytes = (long) whole * SLAB_LENGTH + slotLength;
                int slabs = whole + (rest > 0 && partial.get(slotClass).isEmpty() ? 1 : 0);
                if (!mayTake(slabs, bytes)) {
                    refused.add(this);
                    return null;
                }
                List<Slot> slots = new ArrayList<>(whole + 1);
                for (int i = 0; i < whole; i++) {
                    slots.add(takeSlot(CLASSES - 1));
                }
                if (rest > 0) {
                    slots.add(takeSlot(slotClass));
                }
                held += bytes;
                return new Memory(this, slots, bytes);
            }
        }

        /** One slab beyond all bounds, so that what is arriving can be taken off the wire; reading must pause then. */
        Memory overdraw() {
            synchronized (PieceBuffers.this) {
                held += SLAB_LENGTH;
                return new Memory(this, List.of(takeSlot(CLASSES - 1)), SLAB_LENGTH);
            }
        }

        private boolean mayTake(int slabs, long bytes) {
            int freeSlabs = maxSlabs - slabsTaken - slabs;
            return freeSlabs >= 0 && (held == 0 || held + bytes <= GREED * (long) freeSlabs * SLAB_LENGTH);
        }
    }

    /** Memory that was taken; given back exactly once. Its content is what its last user left. */
    final class Memory implements AutoCloseable {
        private final Share share;
        private final List<Slot> slots;
        private final long bytes;
        private boolean closed;

        private Memory(Share share, List<Slot> slots, long bytes) {
            this.share = share;
            this.slots = slots;
            this.bytes = bytes;
        }

        /** The parts in order: each of {@link #SLAB_LENGTH}, but the last, which may be shorter or longer than needed. */
        List<ByteBuffer> parts() {
            return slots.stream().map(Slot::memory).toList();
        }

        @Override
        public void close() {
            List<Share> told;
            synchronized (PieceBuffers.this) {
                if (closed) {
                    throw new IllegalStateException("piece memory given back twice");
                }
                closed = true;
                share.held -= bytes;
                slots.forEach(PieceBuffers.this::giveBack);
                told = List.copyOf(refused);
                refused.clear();
            }
            told.forEach(waiting -> waiting.freed.run());
        }
    }

    private static int slotClass(int length) {
        int slots = Math.ceilDiv(length, SLOT_LENGTH);
        return Integer.SIZE - Integer.numberOfLeadingZeros(slots - 1);
    }

    private Slot takeSlot(int slotClass) {
        LinkedHashSet<Slab> started = partial.get(slotClass);
        Slab slab;
        if (started.isEmpty()) {
            slab = free.isEmpty() ? new Slab() : free.removeFirst();
            fewestFree = Math.min(fewestFree, free.size());
            slabsTaken++;
            slab.divide(slotClass);
            started.add(slab);
        } else {
            slab = started.getFirst();
        }
        int number = Integer.numberOfTrailingZeros(slab.freeSlots);
        slab.freeSlots &= ~(1 << number);
        if (slab.freeSlots == 0) {
            started.remove(slab);
        }
        int length = SLOT_LENGTH << slotClass;
        return new Slot(slab, number, slab.memory.slice(number * length, length));
    }

    private void giveBack(Slot slot) {
        Slab slab = slot.slab;
        LinkedHashSet<Slab> started = partial.get(slab.slotClass);
        slab.freeSlots |= 1 << slot.number;
        if (slab.freeSlots == allSlots(slab.slotClass)) {
            started.remove(slab);
            slabsTaken--;
            free.addFirst(slab);
        } else {
            started.add(slab);
        }
    }

    private static int allSlots(int slotClass) {
        return (1 << (SLOTS >> slotClass)) - 1;
    }

    private record Slot(Slab slab, int number, ByteBuffer memory) {}

    private static final class Slab {
        // An arena of its own, so that memory goes back when we say so and not when the garbage collector comes by.
        final Arena arena = Arena.ofShared();
        final ByteBuffer memory = arena.allocate(SLAB_LENGTH, 4096).asByteBuffer();
        int slotClass;
        int freeSlots;

        void divide(int intoClass) {
            slotClass = intoClass;
            freeSlots = allSlots(intoClass);
        }
    }
}
