package dev.spate.core.dht;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Remembers a moment for each of many sources, in a memory of fixed size.
 *
 * <p>A moment that has passed is forgotten, so only sources of the present take a place. Each source has four places that it
 * may take, which nobody can foresee; when all are taken, the one whose moment comes first makes room.
 */
final class SourceTable {
    private static final int PLACES = 4;

    private final SipHash hash;
    private final int mask;
    private final long[] sources;
    private final long[] moments;

    /**
     * A table that remembers nothing.
     *
     * @param size a power of two
     */
    SourceTable(int size, RandomGenerator random, long now) {
        if (Integer.bitCount(size) != 1 || size < PLACES) {
            throw new IllegalArgumentException("not a power of two: " + size);
        }
        this.hash = SipHash.random(random);
        this.mask = size - 1;
        this.sources = new long[size];
        this.moments = new long[size];
        Arrays.fill(moments, now);
    }

    /** The source's moment, or {@code now} if none in the future is known. */
    long moment(long source, long now) {
        long tag = hash.of(source, 0);
        int place = find(tag);
        return place >= 0 && moments[place] - now > 0 ? moments[place] : now;
    }

    void remember(long source, long moment) {
        long tag = hash.of(source, 0);
        int place = find(tag);
        if (place < 0) {
            place = earliest(tag);
            sources[place] = tag;
        }
        moments[place] = moment;
    }

    private int find(long tag) {
        for (int i = 0; i < PLACES; i++) {
            int place = (int) tag + i & mask;
            if (sources[place] == tag) {
                return place;
            }
        }
        return -1;
    }

    private int earliest(long tag) {
        int earliest = (int) tag & mask;
        for (int i = 1; i < PLACES; i++) {
            int place = (int) tag + i & mask;
            if (moments[place] - moments[earliest] < 0) {
                earliest = place;
            }
        }
        return earliest;
    }
}
