package dev.spate.core.rate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts bytes and tells their rate over the last five seconds.
 *
 * <p>Every peer has one a direction, so it is small: what was counted is kept in steps of half a second, in an array that exists only
 * while there is something to tell. The rate rises at once when bytes begin to flow, because it is divided by the time since
 * they began as long as that is shorter than the window (but never by less than one step, so that a single packet is not
 * taken for a torrent); it falls to 0 within the window when they stop.
 *
 * <p>Not safe for use by several threads. Times are monotonic nanoseconds of any origin and never go back.
 */
public final class RateMeter {
    private static final long STEP_NANOS = 500_000_000L;
    private static final int STEPS = 10;

    /** How far back the rate looks, in nanoseconds. */
    public static final long WINDOW_NANOS = STEPS * STEP_NANOS;

    private long total;
    private long @Nullable [] ring;
    private long inWindow;
    /** The number of the step that was counted last, since the origin of time; its place in the ring is this modulo STEPS. */
    private long step;
    /** When the first byte came after a window without any. */
    private long since;

    /** A meter that has counted nothing. */
    public RateMeter() {}

    /**
     * Counts bytes.
     *
     * @param bytes 0 or more
     */
    public void add(long bytes, long now) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative: " + bytes);
        }
        if (bytes == 0) {
            return;
        }
        advance(now);
        long[] steps = ring;
        if (steps == null) {
            steps = new long[STEPS];
            ring = steps;
            step = Math.floorDiv(now, STEP_NANOS);
            since = now;
        }
        steps[Math.floorMod(step, STEPS)] += bytes;
        inWindow += bytes;
        total += bytes;
    }

    /** The rate over the last five seconds; 0 when nothing was counted in them. */
    public long bytesPerSecond(long now) {
        advance(now);
        if (inWindow == 0) {
            return 0;
        }
        long stepStart = step * STEP_NANOS;
        long covered = (STEPS - 1) * STEP_NANOS + (now - stepStart);
        long nanos = Math.max(STEP_NANOS, Math.min(covered, now - since));
        return (long) (inWindow * 1e9 / nanos);
    }

    /** All bytes that were ever counted. */
    public long total() {
        return total;
    }

    private void advance(long now) {
        long[] steps = ring;
        if (steps == null || now - (step + 1) * STEP_NANOS < 0) {
            return;
        }
        long current = Math.floorDiv(now, STEP_NANOS);
        if (current - step >= STEPS) {
            Arrays.fill(steps, 0);
            inWindow = 0;
        } else {
            while (step < current) {
                int place = Math.floorMod(++step, STEPS);
                inWindow -= steps[place];
                steps[place] = 0;
            }
        }
        if (inWindow == 0) {
            ring = null;
        }
    }
}
