package dev.spate.core.dht;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Remembers a moment for each of many sources, in bounded memory.
 *
 * <p>A moment that has passed is forgotten, so only sources of the present take a place. Each source has four places that it
 * may take, which nobody can foresee; when all are taken the table grows, and when it may not, the one whose moment comes first
 * makes room.
 */
final class SourceTable {
    private static final int PLACES = 4;

    private static final int FIRST_SIZE = 16;

    private final SipHash hash;
    private final int maxSize;
    private long[] sources;
    private long[] moments;

    /**
     * A table that remembers nothing.
     *
     * @param maxSize a power of two, at least 16
     */
    SourceTable(int maxSize, RandomGenerator random, long now) {
        if (Integer.bitCount(maxSize) != 1 || maxSize < FIRST_SIZE) {
            throw new IllegalArgumentException("not a power of two: " + maxSize);
        }
        this.hash = SipHash.random(random);
        this.maxSize = maxSize;
        this.sources = new long[FIRST_SIZE];
        this.moments = new long[FIRST_SIZE];
        Arrays.fill(moments, now);
    }

    /** The source's moment, or {@code now} if none in the future is known. */
    long moment(long source, long now) {
        long tag = hash.of(source, 0);
        int place = find(tag);
        return place >= 0 && moments[place] - now > 0 ? moments[place] : now;
    }

    void remember(long source, long moment, long now) {
        long tag = hash.of(source, 0);
        int place = find(tag);
        if (place < 0) {
            place = earliest(tag);
            while (moments[place] - now > 0 && sources.length < maxSize) {
                grow(now);
                place = earliest(tag);
            }
            sources[place] = tag;
        }
        moments[place] = moment;
    }

    private void grow(long now) {
        long[] oldSources = sources;
        long[] oldMoments = moments;
        sources = new long[2 * oldSources.length];
        moments = new long[2 * oldMoments.length];
        Arrays.fill(moments, now);
        for (int i = 0; i < oldSources.length; i++) {
            if (oldMoments[i] - now > 0) {
                int place = earliest(oldSources[i]);
                sources[place] = oldSources[i];
                moments[place] = oldMoments[i];
            }
        }
    }

    private int find(long tag) {
        for (int i = 0; i < PLACES; i++) {
            int place = (int) tag + i & sources.length - 1;
            if (sources[place] == tag) {
                return place;
            }
        }
        return -1;
    }

    private int earliest(long tag) {
        int earliest = (int) tag & sources.length - 1;
        for (int i = 1; i < PLACES; i++) {
            int place = (int) tag + i & sources.length - 1;
            if (moments[place] - moments[earliest] < 0) {
                earliest = place;
            }
        }
        return earliest;
    }
}
