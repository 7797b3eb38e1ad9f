package dev.spate.wire.metainfo;

/** A growing set of 64-bit hashes: open addressing, 16 bytes or less for each, no objects. */
final class LongSet {
    // 0 marks an empty slot; the value 0 itself is kept apart.
    private long[] slots = new long[16];
    private int count;
    private boolean hasZero;

    /** Adds a value; returns false if it was there. */
    boolean add(long value) {
        if (value == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        int slot = slot(slots, value);
        if (slots[slot] == value) {
            return false;
        }
        slots[slot] = value;
        count++;
        if (count > slots.length / 4 * 3) {
            grow();
        }
        return true;
    }

    boolean contains(long value) {
        return value == 0 ? hasZero : slots[slot(slots, value)] == value;
    }

    int size() {
        return hasZero ? count + 1 : count;
    }

    private void grow() {
        long[] grown = new long[slots.length * 2];
        for (long value : slots) {
            if (value != 0) {
                grown[slot(grown, value)] = value;
            }
        }
        slots = grown;
    }

    private static int slot(long[] slots, long value) {
        int mask = slots.length - 1;
        int slot = (int) (value ^ (value >>> 32)) & mask;
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
