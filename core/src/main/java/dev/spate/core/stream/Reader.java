package dev.spate.core.stream;

import dev.spate.wire.PieceLayout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One reader: where it is, how fast it goes, and the window of pieces that it will need next.
 *
 * <p>The window is what the reader uses up in {@link #WINDOW} at its rate, at least {@link #FEWEST_PIECES}, at most {@link
 * #MOST_BYTES} and {@link #MOST_PIECES}, but the piece that follows the present one is always in it. A piece is due when the reader
 * gets there, and {@link #GRACE} later: what is late is asked of several peers, and a piece that was asked for just now is not.
 */
final class Reader {

    /** Outlasts the pipeline of a peer (3 s) and the loss of one (it is noticed within seconds), and then some. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    static final int FEWEST_PIECES = 4;

    static final int MOST_PIECES = 256;

    /** As much as a session has for pieces that arrive. */
    static final long MOST_BYTES = 64 << 20;

    static final long GRACE = Duration.ofMillis(500).toNanos();

    /** A film of 8 Mbit/s; taken until the reader has shown its own rate. */
    static final long FIRST_RATE = 1 << 20;

    /** A player that stands still will go on, and then not slower than music plays. */
    static final long LEAST_RATE = 128 << 10;

    /** What is faster than any network makes windows of all bytes that are allowed. */
    static final long MOST_RATE = 1L << 30;

    /** The rate is measured over such a time, and then mixed in equal parts with what was measured before. */
    static final long MEASURE = Duration.ofSeconds(1).toNanos();

    /** A step forward that is longer is a seek and says nothing about the rate. */
    static final long LONGEST_STEP = 1 << 20;

    /** Deadlines that differ by less are the same: each change costs the swarm a look at its peers. */
    static final long TOLERANCE = Duration.ofMillis(500).toNanos();

    private static final long SECOND = 1_000_000_000L;
    private static final long[] NOTHING = {};

    private final PieceLayout layout;
    private final long end;
    private boolean began;
    private long position;
    private boolean waits;
    private long waitsSince;
    private long rate = FIRST_RATE;
    private long measuredAt;
    private long measuredBytes;
    private long plannedAt;
    private int first;
    private long[] deadlines = NOTHING;

    /** @param end the offset behind the last byte of its file in the run of all bytes */
    Reader(PieceLayout layout, long end) {
        this.layout = layout;
        this.end = end;
    }

    /** It is here, and waits if the byte here is not. */
    void at(long offset, boolean waiting, long now) {
        measure(offset, now);
        position = offset;
        if (waiting && !waits) {
            waitsSince = now;
        }
        waits = waiting;
        plan(now);
    }

    private void measure(long offset, long now) {
        long step = offset - position;
        if (!began || step < 0 || step > LONGEST_STEP) {
            began = true;
            waits = false;
            measuredAt = now;
            measuredBytes = 0;
            return;
        }
        measuredBytes += step;
        long time = now - measuredAt;
        if (time >= MEASURE) {
            // Few bytes in years or many in a second: neither product overflows.
            long measured = time / SECOND > measuredBytes ? 0 : (long) (measuredBytes * ((double) SECOND / time));
            rate = Math.clamp((rate + measured) / 2, LEAST_RATE, MOST_RATE);
            measuredAt = now;
            measuredBytes = 0;
        }
    }

    /** Lays the window anew. */
    void plan(long now) {
        plannedAt = now;
        if (position >= end) {
            deadlines = NOTHING;
            return;
        }
        int from = layout.pieceAt(position);
        int length = behindWindow(from) - from;
        long[] planned = new long[length];
        for (int i = 0; i < length; i++) {
            planned[i] = settled(from + i, deadline(from + i, now));
        }
        first = from;
        deadlines = planned;
    }

    private int behindWindow(int from) {
        long least = Math.min(MOST_BYTES, (long) FEWEST_PIECES * layout.pieceLength());
        long bytes = Math.clamp(rate * WINDOW.toSeconds(), least, MOST_BYTES);
        int behindFile = layout.pieceAt(end - 1) + 1;
        int behindBytes = layout.pieceAt(Math.min(end, position + bytes) - 1) + 1;
        return Math.min(behindFile, Math.clamp(behindBytes, from + 2, from + MOST_PIECES));
    }

    private long deadline(int piece, long now) {
        long ahead = layout.offset(piece) - position;
        if (ahead <= 0) {
            return (waits ? waitsSince : now) + GRACE;
        }
        return now + GRACE + ahead * SECOND / rate;
    }

    private long settled(int piece, long deadline) {
        if (!needs(piece)) {
            return deadline;
        }
        long before = deadlines[piece - first];
        return Math.abs(deadline - before) < TOLERANCE ? before : deadline;
    }

    int first() {
        return first;
    }

    /** The piece behind the last one of the window. */
    int behind() {
        return first + deadlines.length;
    }

    boolean needs(int piece) {
        return piece >= first && piece - first < deadlines.length;
    }

    long deadline(int piece) {
        return deadlines[piece - first];
    }

    long plannedAt() {
        return plannedAt;
    }

    /** The earlier of two moments; monotonic nanoseconds may wrap around. */
    static @Nullable Long earlier(@Nullable Long one, long other) {
        return one == null || other - one < 0 ? Long.valueOf(other) : one;
    }
}
