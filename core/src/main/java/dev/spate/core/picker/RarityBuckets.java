package dev.spate.core.picker;

import java.util.Arrays;

/**
 * The free pieces of one priority, in buckets by rarity.
 *
 * <p>Implementation note: a bucket is an array in no order. Adding appends; removing moves the last piece into the gap; the
 * place of each piece in its bucket is kept in an array that all priorities share, since a piece is in one bucket at most.
 * So each change costs a few array accesses whatever the number of pieces, and any piece of a bucket can be drawn by index.
 * Buckets stand side by side in a window that begins at key {@code base}; keys may be negative, and where they drift out of
 * the window it is laid anew over the buckets in use. An emptied bucket gives its memory back, or a thousand peers that
 * join one after another would leave a thousand arrays of all pieces behind: no array is more than four times too long.
 */
final class RarityBuckets {
    private static final int[] NONE = {};
    private static final int LEAST_CAPACITY = 8;

    private final int[] place;
    private int base;
    private int[][] buckets = new int[4][];
    private int[] sizes = new int[4];

    /** @param place by piece: where it is in its bucket; shared by all priorities */
    RarityBuckets(int[] place) {
        this.place = place;
        Arrays.fill(buckets, NONE);
    }

    void add(int piece, int key) {
        int index = reach(key);
        int[] bucket = buckets[index];
        int size = sizes[index];
        if (size == bucket.length) {
            bucket = Arrays.copyOf(bucket, Math.max(LEAST_CAPACITY, size + (size >> 1)));
            buckets[index] = bucket;
        }
        bucket[size] = piece;
        place[piece] = size;
        sizes[index] = size + 1;
    }

    void remove(int piece, int key) {
        int index = key - base;
        int[] bucket = buckets[index];
        int size = --sizes[index];
        int at = place[piece];
        assert bucket[at] == piece : "piece " + piece + " is not in bucket " + key;
        int last = bucket[size];
        bucket[at] = last;
        place[last] = at;
        if (size == 0) {
            buckets[index] = NONE;
        } else if (size < bucket.length >> 2 && bucket.length > LEAST_CAPACITY) {
            buckets[index] = Arrays.copyOf(bucket, Math.max(LEAST_CAPACITY, size << 1));
        }
    }

    /** The smallest key that is at least {@code from} and has a piece, or {@link Integer#MAX_VALUE}. */
    int nextKey(int from) {
        for (int index = from <= base ? 0 : from - base; index < sizes.length; index++) {
            if (sizes[index] > 0) {
                return base + index;
            }
        }
        return Integer.MAX_VALUE;
    }

    /** How many pieces have this key. */
    int size(int key) {
        int index = key - base;
        return index < 0 || index >= sizes.length ? 0 : sizes[index];
    }

    /** The piece with this key that is at this index of its bucket. */
    int piece(int key, int index) {
        assert index < sizes[key - base] : "beyond the bucket";
        return buckets[key - base][index];
    }

    /** For how many pieces and buckets there is memory. */
    int capacity() {
        int result = buckets.length;
        for (int[] bucket : buckets) {
            result += bucket.length;
        }
        return result;
    }

    /** The index of the bucket with this key, once the window covers it. */
    private int reach(int key) {
        int index = key - base;
        if (index >= 0 && index < sizes.length) {
            return index;
        }
        int low = key;
        int high = key;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > 0) {
                low = Math.min(low, base + i);
                high = Math.max(high, base + i);
            }
        }
        int used = high - low + 1;
        int newBase = low - used / 2;
        int[][] newBuckets = new int[2 * used + 2][];
        int[] newSizes = new int[newBuckets.length];
        Arrays.fill(newBuckets, NONE);
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > 0) {
                newBuckets[base + i - newBase] = buckets[i];
                newSizes[base + i - newBase] = sizes[i];
            }
        }
        base = newBase;
        buckets = newBuckets;
        sizes = newSizes;
        return key - base;
    }
}
