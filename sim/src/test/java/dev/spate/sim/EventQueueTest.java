package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private final EventQueue events = new EventQueue(100);
    private final List<String> happened = new ArrayList<>();

    @Test
    void letsThingsHappenInTheirOrderAndThoseOfOneMomentInTheOrderOfPlanning() {
        events.at(300, () -> happened.add("later"));
        events.at(200, () -> happened.add("first"));
        events.at(200, () -> happened.add("second"));
        events.at(50, () -> happened.add("at once"));
        while (events.next(1000)) {
            assertThat(events.now()).isBetween(100L, 300L);
        }
        assertThat(happened).containsExactly("at once", "first", "second", "later");
        assertThat(events.now()).isEqualTo(1000);
    }

    @Test
    void stopsAtTheLimit() {
        events.at(200, () -> happened.add("x"));
        assertThat(events.next(199)).isFalse();
        assertThat(events.now()).isEqualTo(199);
        assertThat(events.next(200)).isTrue();
        assertThat(happened).hasSize(1);
    }
}
