package dev.spate.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.cli.view.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DemoTest {

    @Test
    void everyLeechGetsEverythingAndShutsOutTheHostilePeerAlone() throws Exception {
        Demo.Outcome outcome;
        try (Demo demo = Demo.prepare(Progress.SILENT, () -> false)) {
            outcome = demo.run(4 << 20, Duration.ofSeconds(60));
        }

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.identical()).isTrue();
        assertThat(outcome.bans()).extracting(Demo.Ban::by).contains(1, 2, 3);
        assertThat(outcome.bans())
                .extracting(ban -> ban.peer().ip())
                .containsOnly(outcome.hostile().ip());
        assertThat(outcome.corrupt()).isPositive();
        assertThat(outcome.good()).isTrue();
    }

    @Test
    void aCancelledDemonstrationEndsAndLeavesNothing() throws Exception {
        try (Demo demo = Demo.prepare(Progress.SILENT, () -> true)) {
            assertThat(demo.run(1 << 20, Duration.ofSeconds(60)).good()).isFalse();
        }
    }
}
