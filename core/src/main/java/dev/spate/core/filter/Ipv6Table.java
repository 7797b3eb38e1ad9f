package dev.spate.core.filter;

import java.util.ArrayList;
import java.util.List;

/** Sorted ranges of IPv6 addresses that neither touch nor overlap. An address is two longs, unsigned. */
final class Ipv6Table {

    /** From the first to the last address, both included. */
    private record Range(long firstHigh, long firstLow, long lastHigh, long lastLow) implements Comparable<Range> {
        @Override
        public int compareTo(Range other) {
            return compare(firstHigh, firstLow, other.firstHigh, other.firstLow);
        }

        /** Whether {@code next}, which does not begin before this one, overlaps it or begins right behind its end. */
        boolean reaches(Range next) {
            long low = lastLow + 1;
            long high = low == 0 ? lastHigh + 1 : lastHigh;
            boolean isLastOfAll = high == 0 && low == 0;
            return isLastOfAll || compare(next.firstHigh, next.firstLow, high, low) <= 0;
        }

        Range joined(Range next) {
            return compare(next.lastHigh, next.lastLow, lastHigh, lastLow) > 0
                    ? new Range(firstHigh, firstLow, next.lastHigh, next.lastLow)
                    : this;
        }
    }

    private static final int LONGS = 4;

    /** Four longs for each range. */
    private final long[] ranges;

    private Ipv6Table(long[] ranges) {
        this.ranges = ranges;
    }

    boolean contains(long high, long low) {
        int from = 0;
        int to = size();
        // The first range that begins behind the address; the one before it is the only one that can hold it.
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(ranges[LONGS * middle], ranges[LONGS * middle + 1], high, low) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        int last = LONGS * (from - 1) + 2;
        return from > 0 && compare(high, low, ranges[last], ranges[last + 1]) <= 0;
    }

    int size() {
        return ranges.length / LONGS;
    }

    void print(StringBuilder to, int level) {
        for (int i = 0; i < ranges.length; i += LONGS) {
            to.append(Bits.ipv6(ranges[i], ranges[i + 1]))
                    .append(" - ")
                    .append(Bits.ipv6(ranges[i + 2], ranges[i + 3]))
                    .append(" , ")
                    .append(level)
                    .append('\n');
        }
    }

    static int compare(long aHigh, long aLow, long bHigh, long bLow) {
        int order = Long.compareUnsigned(aHigh, bHigh);
        return order != 0 ? order : Long.compareUnsigned(aLow, bLow);
    }

    /** Ranges in any order, up to a bound. */
    static final class Collector {
        private final int bound;
        private List<Range> ranges = new ArrayList<>();

        Collector(int bound) {
            this.bound = bound;
        }

        /** Adds a range whose end is not before its beginning; false if there is no room for another. */
        boolean add(long firstHigh, long firstLow, long lastHigh, long lastLow) {
            if (ranges.size() == bound) {
                merge();
                if (ranges.size() > bound - bound / 8) {
                    return false;
                }
            }
            ranges.add(new Range(firstHigh, firstLow, lastHigh, lastLow));
            return true;
        }

        Ipv6Table table() {
            merge();
            long[] longs = new long[LONGS * ranges.size()];
            int at = 0;
            for (Range range : ranges) {
                longs[at++] = range.firstHigh;
                longs[at++] = range.firstLow;
                longs[at++] = range.lastHigh;
                longs[at++] = range.lastLow;
            }
            return new Ipv6Table(longs);
        }

        private void merge() {
            ranges.sort(null);
            List<Range> merged = new ArrayList<>();
            for (Range next : ranges) {
                if (!merged.isEmpty() && merged.getLast().reaches(next)) {
                    merged.set(merged.size() - 1, merged.getLast().joined(next));
                } else {
                    merged.add(next);
                }
            }
            ranges = merged;
        }
    }
}
