package dev.spate.core.picker;

/**
 * How soon a peer would deliver what it is asked for now, and how soon others would.
 *
 * <p>Of a piece with a deadline a peer is asked for as many blocks as it delivers before the deadline, or not much later than the
 * soonest other that has the piece. So a slow peer never holds up what a fast one would deliver in time, the blocks of a
 * piece that is waited for spread over all who are about as fast, and the soonest of all may always be asked: no block
 * waits for nobody.
 *
 * @param first nanoseconds until the next block that it is asked for would be here
 * @param each nanoseconds more for each further one
 */
public record Prospect(long first, long each, Others others) {

    /** Of a peer that does not deliver. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Nobody is sooner. */
    public static final Prospect SOONEST = new Prospect(0, 0, piece -> NEVER);

    /** So many times as long as the soonest is about as fast. */
    private static final int MUCH_LATER = 2;

    /** What is known of all other peers. */
    public interface Others {
        /** Nanoseconds until the soonest of those that may be asked for the piece would deliver a block, or {@link #NEVER}. */
        long soonest(int piece);
    }

    public Prospect {
        if (first < 0 || each < 0) {
            throw new IllegalArgumentException("before it is asked: " + first + ", " + each);
        }
    }

    /** How many blocks, {@code most} at most, to ask for of a piece that is due in so many nanoseconds. */
    int blocksInTime(int piece, long dueIn, int most) {
        int inTime = blocksWithin(dueIn);
        if (inTime >= most) {
            return most;
        }
        long soonest = others.soonest(piece);
        return Math.min(
                most, Math.max(inTime, blocksWithin(soonest > NEVER / MUCH_LATER ? NEVER : soonest * MUCH_LATER)));
    }

    private int blocksWithin(long nanos) {
        if (first > nanos) {
            return 0;
        }
        return each == 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, (nanos - first) / each + 1);
    }
}
