package dev.spate.wire.metainfo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees to it that no two files of a torrent land on one path, nor a file where another one needs a folder, on file systems
 * with and without regard to case.
 *
 * <p>First every path {@linkplain #claimFolders claims its folders}, which are shared and never renamed; then every file, in
 * order, {@linkplain #claimFile claims its own place} and gets a number when that is taken. So the outcome depends on
 * nothing but the metainfo.
 *
 * <p>Paths are known by 64-bit hashes of their {@linkplain SafeNames#folded folded} parts. Equal paths have equal hashes, so
 * a clash is never missed; unequal ones that meet by chance cost a file a number in its name and nothing else. The hashes
 * begin with a key that is taken from the info-hash, which whoever wants to craft clashing names changes with every name.
 */
final class PathClaims {
    private final long key;
    private final LongSet folders = new LongSet();
    private final LongSet files = new LongSet();

    /**
     * The next number to try, by the hash of the numbered name with the number left open, so that no taken number is tried
     * again.
     */
    private final Map<Long, Integer> nextNumbers = new HashMap<>();

    PathClaims(long key) {
        this.key = key;
    }

    /** Claims every folder on the way to a file; returns how many folders there are now. */
    int claimFolders(List<String> path) {
        long hash = key;
        for (int i = 0; i < path.size() - 1; i++) {
            hash = hash(hash, path.get(i));
            folders.add(hash);
        }
        return folders.size();
    }

    /** Claims the place of a file; returns 0, or the number that its name must bear, from 2. */
    int claimFile(List<String> path) {
        long folder = key;
        for (int i = 0; i < path.size() - 1; i++) {
            folder = hash(folder, path.get(i));
        }
        String name = path.getLast();
        if (claim(hash(folder, name))) {
            return 0;
        }
        long series = hash(folder, SafeNames.numbered(name, 0));
        int number = nextNumbers.getOrDefault(series, 2);
        while (!claim(hash(folder, SafeNames.numbered(name, number)))) {
            number++;
        }
        nextNumbers.put(series, number + 1);
        return number;
    }

    private boolean claim(long hash) {
        return !folders.contains(hash) && files.add(hash);
    }

    private static long hash(long folder, String name) {
        String folded = SafeNames.folded(name);
        long hash = folder;
        for (int i = 0; i < folded.length(); i++) {
            hash = (hash ^ folded.charAt(i)) * 0x100000001B3L;
        }
        // The length keeps parts apart; the rest is MurmurHash3's finalizer, which mixes all bits.
        hash ^= folded.length();
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}
