package dev.spate.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedLimitsTest {
    private static final SeedLimits ALL = new SeedLimits(
            OptionalDouble.of(1.5),
            Optional.of(Duration.ofSeconds(100)),
            Optional.of(Duration.ofSeconds(10)),
            AfterSeeding.PAUSE);

    @ParameterizedTest
    @CsvSource({
        "1499, 99, 9, ",
        "1500, 99, 9, RATIO",
        "1499, 100, 9, TIME",
        "1499, 99, 10, IDLE",
        "1499, 100, 10, TIME",
        "1500, 100, 10, RATIO",
        "0, 0, 0, "
    })
    void theFirstThatIsReachedCounts(long uploaded, long seconds, long idleSeconds, SeedLimit limit) {
        Seeding seeding = new Seeding(1000, uploaded, seconds * 1_000_000_000L, idleSeconds * 1_000_000_000L);
        assertThat(ALL.reached(seeding)).isEqualTo(Optional.ofNullable(limit));
        assertThat(SeedLimits.NONE.reached(seeding)).isEmpty();
    }

    @Test
    void saysWhetherThereIsAny() {
        assertThat(ALL.isLimited()).isTrue();
        assertThat(SeedLimits.NONE.isLimited()).isFalse();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SeedLimits(
                        OptionalDouble.of(Double.NaN), Optional.empty(), Optional.empty(), AfterSeeding.PAUSE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SeedLimits(
                        OptionalDouble.empty(),
                        Optional.of(Duration.ofSeconds(-1)),
                        Optional.empty(),
                        AfterSeeding.PAUSE));
    }
}
