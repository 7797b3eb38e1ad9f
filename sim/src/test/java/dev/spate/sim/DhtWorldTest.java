package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DhtWorldTest {

    /** Five hundred nodes, of which a third cannot be reached and one in twenty lies; {@code DhtWorld.main} runs 10,000. */
    @Test
    void searchesSucceedAmongLiarsAndNatsAndChurn() {
        DhtWorldReport report = DhtWorld.run(DhtWorldOptions.of(500), 1);
        System.out.println(report);
        assertThat(report.success()).isGreaterThan(0.99);
        assertThat(report.phantoms()).isZero();
        assertThat(report.meanHops()).isLessThan(5);
        assertThat(report.liars())
                .as("they are known, but no more than twice their share")
                .isBetween(1, report.tableNodes() / 10);
    }

    @Test
    void aSeedReplays() {
        DhtWorldOptions small = new DhtWorldOptions(60, 0.3, 0.1, 0.05, Duration.ofMinutes(20), 5, 20);
        DhtWorldReport first = DhtWorld.run(small, 7);
        assertThat(DhtWorld.run(small, 7)).isEqualTo(first);
        assertThat(DhtWorld.run(small, 8)).isNotEqualTo(first);
    }

    @Test
    void optionsMakeSense() {
        assertThatThrownBy(() -> DhtWorldOptions.of(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DhtWorldOptions(9, 2, 0, 0, Duration.ofHours(1), 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DhtWorldOptions(9, 0, 0, 0, Duration.ZERO, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
