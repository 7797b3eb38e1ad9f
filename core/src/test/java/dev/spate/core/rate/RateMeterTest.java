package dev.spate.core.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RateMeterTest {
    private static final long SECOND = 1_000_000_000L;
    private final RateMeter meter = new RateMeter();

    @Test
    void isZeroBeforeAnything() {
        assertThat(meter.bytesPerSecond(17)).isZero();
        assertThat(meter.total()).isZero();
    }

    @Test
    void tellsASteadyRate() {
        for (int i = 0; i < 1000; i++) {
            meter.add(1000, i * SECOND / 100);
            if (i >= 100) {
                assertThat(meter.bytesPerSecond(i * SECOND / 100)).isCloseTo(100_000, Percentage.withPercentage(2));
            }
        }
        assertThat(meter.total()).isEqualTo(1_000_000);
    }

    @Test
    void risesAtOnceFromNothing() {
        for (int i = 0; i < 10; i++) {
            meter.add(10_000, 40 * SECOND + i * SECOND / 10);
        }
        assertThat(meter.bytesPerSecond(41 * SECOND)).isEqualTo(100_000);
    }

    @Test
    void takesASinglePacketForHalfASecondsWork() {
        meter.add(500, 3 * SECOND);
        assertThat(meter.bytesPerSecond(3 * SECOND)).isEqualTo(1000);
    }

    @Test
    void fallsToZeroWithinTheWindow() {
        meter.add(1 << 20, SECOND);
        assertThat(meter.bytesPerSecond(SECOND + RateMeter.WINDOW_NANOS - SECOND / 2 - 1))
                .isPositive();
        assertThat(meter.bytesPerSecond(SECOND + RateMeter.WINDOW_NANOS)).isZero();
        assertThat(meter.total()).isEqualTo(1 << 20);
    }

    @Test
    void risesAtOnceAgainAfterAPause() {
        meter.add(1 << 20, SECOND);
        meter.add(50_000, 1000 * SECOND);
        meter.add(50_000, 1001 * SECOND);
        assertThat(meter.bytesPerSecond(1001 * SECOND)).isEqualTo(100_000);
    }

    @Test
    void worksWithATimeBelowZero() {
        meter.add(1000, -7 * SECOND);
        meter.add(1000, -6 * SECOND);
        assertThat(meter.bytesPerSecond(-6 * SECOND)).isEqualTo(2000);
        assertThat(meter.bytesPerSecond(0)).isZero();
    }

    @Test
    void refusesLessThanNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> meter.add(-1, 0));
    }

    /** The naive model keeps every packet; the meter's steps may lose half a second of the window at its far end. */
    @Test
    void agreesWithAListOfAllPackets() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RateMeter tested = new RateMeter();
            Deque<long[]> packets = new ArrayDeque<>();
            long now = random.nextLong(-100 * SECOND, 100 * SECOND);
            long sum = 0;
            for (int i = 0; i < 500; i++) {
                now += random.nextLong(random.nextInt(20) == 0 ? 8 * SECOND : SECOND / 10);
                long bytes = random.nextInt(1 << 17);
                tested.add(bytes, now);
                packets.add(new long[] {now, bytes});
                sum += bytes;
                long upper = since(packets, now - RateMeter.WINDOW_NANOS);
                long lower = since(packets, now - RateMeter.WINDOW_NANOS + SECOND / 2);
                long rate = tested.bytesPerSecond(now);
                assertThat(rate).as("seed %d", seed).isBetween(lower / 5, upper * 2);
                assertThat(tested.total()).isEqualTo(sum);
            }
        }
    }

    private static long since(Deque<long[]> packets, long from) {
        return packets.stream().filter(p -> p[0] >= from).mapToLong(p -> p[1]).sum();
    }
}
