package dev.spate.io.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    /** The heap against a map of deadlines: the same moves, and each timer rings at the same moment in both. */
    @Test
    void ringsWhatANaiveModelRings() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            // Near the overflow of nanoTime, which may be anywhere.
            long now = Long.MAX_VALUE - 5_000;
            var heap = new TimerHeap();
            var timers = new ArrayList<LaneTimer>();
            for (int i = 0; i < 40; i++) {
                timers.add(timer(heap));
            }
            Map<LaneTimer, Long> model = new HashMap<>();
            for (int step = 0; step < 1_000; step++) {
                LaneTimer timer = timers.get(random.nextInt(timers.size()));
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        long deadline = now + random.nextInt(200) - 20;
                        heap.set(timer, deadline);
                        model.put(timer, deadline);
                    }
                    case 2 -> {
                        heap.remove(timer);
                        model.remove(timer);
                    }
                    default -> now += random.nextInt(60);
                }
                assertThat(ring(heap, now)).as("seed %d, step %d", seed, step).isEqualTo(ringModel(model, now));
                assertThat(heap.size()).isEqualTo(model.size());
                for (LaneTimer each : timers) {
                    assertThat(each.isSet()).isEqualTo(model.containsKey(each));
                }
            }
        }
    }

    @Test
    void movingATimerLaterDoesNotTouchTheHeap() {
        var heap = new TimerHeap();
        LaneTimer timer = timer(heap);
        heap.set(timer, 10);
        heap.set(timer, 1_000);
        assertThat(heap.next()).isEqualTo(10);
        assertThat(heap.poll(10)).isNull();
        assertThat(heap.next()).isEqualTo(1_000);
        assertThat(heap.poll(1_000)).isSameAs(timer);
        assertThat(heap.isEmpty()).isTrue();
    }

    @SuppressWarnings("NullAway") // A heap never looks at the lane of its timers.
    private static LaneTimer timer(TimerHeap heap) {
        return new LaneTimer(null, heap, () -> {});
    }

    private static List<LaneTimer> ring(TimerHeap heap, long now) {
        var rung = new ArrayList<LaneTimer>();
        for (LaneTimer timer = heap.poll(now); timer != null; timer = heap.poll(now)) {
            rung.add(timer);
        }
        rung.sort(Comparator.comparingInt(System::identityHashCode));
        return rung;
    }

    private static List<LaneTimer> ringModel(Map<LaneTimer, Long> model, long now) {
        var due = new ArrayList<LaneTimer>();
        model.forEach((timer, deadline) -> {
            if (deadline - now <= 0) {
                due.add(timer);
            }
        });
        due.forEach(model::remove);
        due.sort(Comparator.comparingInt(System::identityHashCode));
        return due;
    }
}
