package dev.spate.core.picker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RarityBucketsTest {
    private static final int PIECES = 200;

    @Test
    void holdsWhatAMapOfListsHolds() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            RarityBuckets buckets = new RarityBuckets(new int[PIECES]);
            TreeMap<Integer, Integer> keys = new TreeMap<>();
            int drift = 0;
            for (int step = 0; step < 2_000; step++) {
                drift += random.nextInt(5) - 1;
                int piece = random.nextInt(PIECES);
                Integer key = keys.remove(piece);
                if (key != null) {
                    buckets.remove(piece, key);
                } else {
                    int next = drift + random.nextInt(30);
                    buckets.add(piece, next);
                    keys.put(piece, next);
                }
            }
            assertThat(contents(buckets)).isEqualTo(byKey(keys));
        }
    }

    /** As when peers with all pieces but one join and leave as complete ones, for years. */
    @Test
    void keepsItsSizeWhileKeysDrift() {
        RarityBuckets buckets = new RarityBuckets(new int[PIECES]);
        for (int piece = 0; piece < PIECES; piece++) {
            buckets.add(piece, 0);
        }
        for (int key = 0; key > -5_000; key--) {
            for (int piece = 0; piece < PIECES; piece++) {
                buckets.remove(piece, key);
                buckets.add(piece, key - 1);
            }
        }
        assertThat(buckets.nextKey(Integer.MIN_VALUE)).isEqualTo(-5_000);
        assertThat(buckets.size(-5_000)).isEqualTo(PIECES);
        assertThat(buckets.capacity()).isLessThan(4 * PIECES + 100);
    }

    private static Map<Integer, List<Integer>> contents(RarityBuckets buckets) {
        TreeMap<Integer, List<Integer>> result = new TreeMap<>();
        for (int key = buckets.nextKey(Integer.MIN_VALUE); key != Integer.MAX_VALUE; key = buckets.nextKey(key + 1)) {
            List<Integer> pieces = new ArrayList<>();
            for (int i = 0; i < buckets.size(key); i++) {
                pieces.add(buckets.piece(key, i));
            }
            pieces.sort(null);
            result.put(key, pieces);
        }
        return result;
    }

    private static Map<Integer, List<Integer>> byKey(Map<Integer, Integer> keys) {
        TreeMap<Integer, List<Integer>> result = new TreeMap<>();
        keys.forEach((piece, key) ->
                result.computeIfAbsent(key, none -> new ArrayList<>()).add(piece));
        return result;
    }
}
