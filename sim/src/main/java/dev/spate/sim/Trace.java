package dev.spate.sim;

/**
 * What happened, as a hash of everything and the words of the last of it.
 *
 * <p>Two runs are the same if their hashes are. Only numbers are taken in, never an object's own hash, which may differ from one JVM
 * to the next.
 */
final class Trace {
    /** What can happen; the order is part of the hash. */
    enum Kind {
        DIAL,
        HANDSHAKE,
        MESSAGE,
        BLOCK_HEADER,
        BLOCK,
        DROP,
        VERIFY,
        GOOD,
        BAD,
        FLUSHED,
        DISCARD,
        CLOSE,
        CLOSED,
        ANNOUNCE,
        TIMEOUT,
        REPORT
    }

    private static final int REMEMBERED = 60;
    private static final int NUMBERS = 5;

    /** The last entries, five numbers each, and the kind of each. */
    private final long[] last = new long[REMEMBERED * NUMBERS];

    private final Kind[] kinds = new Kind[REMEMBERED];
    private long entries;
    private long hash = 0x9E3779B97F4A7C15L;

    void add(long at, Kind kind, int host, long a, long b, long c) {
        mix(at);
        mix(number(kind));
        mix(host);
        mix(a);
        mix(b);
        mix(c);
        int place = Math.floorMod(entries++, REMEMBERED);
        kinds[place] = kind;
        int first = place * NUMBERS;
        last[first] = at;
        last[first + 1] = host;
        last[first + 2] = a;
        last[first + 3] = b;
        last[first + 4] = c;
    }

    long hash() {
        return hash;
    }

    /** The last events, the latest at the end. */
    String tail() {
        StringBuilder text = new StringBuilder();
        for (long entry = Math.max(0, entries - REMEMBERED); entry < entries; entry++) {
            int place = Math.floorMod(entry, REMEMBERED);
            int first = place * NUMBERS;
            text.append(String.format(
                    "%n%12.6f s  host %-3d %-12s %d %d %d",
                    last[first] / 1e9,
                    last[first + 1],
                    kinds[place],
                    last[first + 2],
                    last[first + 3],
                    last[first + 4]));
        }
        return text.toString();
    }

    @SuppressWarnings("EnumOrdinal") // It need only be the same in each run.
    private static int number(Kind kind) {
        return kind.ordinal();
    }

    private void mix(long value) {
        // The finalizer of SplitMix64.
        long z = hash ^ value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        hash = (z ^ (z >>> 31)) + 0x9E3779B97F4A7C15L;
    }
}
