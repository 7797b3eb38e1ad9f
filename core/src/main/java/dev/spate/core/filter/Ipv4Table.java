package dev.spate.core.filter;

import java.util.Arrays;

/** Sorted ranges of IPv4 addresses that neither touch nor overlap. */
final class Ipv4Table {
    /*
     * Implementation note. An address is kept with its highest bit flipped, so that Java's signed order is the order of addresses.
     * While ranges are collected each is one long, first address above, last below: sorting longs is what the JDK is fastest at.
     */
    private final int[] firsts;
    private final int[] lasts;

    private Ipv4Table(int[] firsts, int[] lasts) {
        this.firsts = firsts;
        this.lasts = lasts;
    }

    boolean contains(int ip) {
        int key = ip ^ Integer.MIN_VALUE;
        int place = Arrays.binarySearch(firsts, key);
        if (place < 0) {
            place = -place - 2;
        }
        return place >= 0 && key <= lasts[place];
    }

    int size() {
        return firsts.length;
    }

    void print(StringBuilder to, int level) {
        for (int i = 0; i < firsts.length; i++) {
            to.append(Bits.ipv4(firsts[i] ^ Integer.MIN_VALUE))
                    .append(" - ")
                    .append(Bits.ipv4(lasts[i] ^ Integer.MIN_VALUE))
                    .append(" , ")
                    .append(level)
                    .append('\n');
        }
    }

    /** Ranges in any order, up to a bound. */
    static final class Collector {
        private final int bound;
        private long[] ranges = new long[64];
        private int size;

        Collector(int bound) {
            this.bound = bound;
        }

        /** Adds a range whose end is not before its beginning; false if there is no room for another. */
        boolean add(int first, int last) {
            if (size == bound) {
                // Worth a sort only if it makes a good deal of room, or each of the next lines would sort anew.
                merge();
                if (size > bound - bound / 8) {
                    return false;
                }
            }
            if (size == ranges.length) {
                ranges = Arrays.copyOf(ranges, Math.min(bound, 2 * size));
            }
            ranges[size++] = ((long) (first ^ Integer.MIN_VALUE) << 32) | (last & 0xffff_ffffL);
            return true;
        }

        Ipv4Table table() {
            merge();
            int[] firsts = new int[size];
            int[] lasts = new int[size];
            for (int i = 0; i < size; i++) {
                firsts[i] = first(ranges[i]);
                lasts[i] = last(ranges[i]);
            }
            return new Ipv4Table(firsts, lasts);
        }

        private void merge() {
            Arrays.sort(ranges, 0, size);
            int merged = 0;
            for (int i = 0; i < size; i++) {
                long next = ranges[i];
                if (merged > 0 && first(next) - 1L <= last(ranges[merged - 1])) {
                    if (last(next) > last(ranges[merged - 1])) {
                        ranges[merged - 1] = (ranges[merged - 1] & ~0xffff_ffffL) | (next & 0xffff_ffffL);
                    }
                } else {
                    ranges[merged++] = next;
                }
            }
            size = merged;
        }

        private static int first(long range) {
            return (int) (range >> 32);
        }

        private static int last(long range) {
            return (int) range ^ Integer.MIN_VALUE;
        }
    }
}
