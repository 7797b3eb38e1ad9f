package dev.spate.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stories that have names, told small: each ends well and each is the same when it is told again. */
class NamedScenariosTest {
    static Stream<Scenario> all() {
        return NamedScenarios.all().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSmallOneEndsWellAndRepeatsItself(Scenario scenario) {
        Scenario small = NamedScenarios.small(scenario);
        Outcome outcome = ScenarioRun.run(small, 1);
        System.out.printf(
                Locale.ROOT,
                "%-18s %3d hosts, %7d events, last after %.1f s, %.2f of the bound%n",
                scenario.name(),
                small.hosts(),
                outcome.events(),
                outcome.last().toNanos() / 1e9,
                outcome.byBound());

        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.byBound()).as("nobody is faster than a fluid").isGreaterThanOrEqualTo(1);
        assertThat(ScenarioRun.run(small, 1)).isEqualTo(outcome);
        assertThat(ScenarioRun.run(small, 2).logHash()).isNotEqualTo(outcome.logHash());
    }

    @Test
    void namesDifferAndAreFound() {
        List<String> names = all().map(Scenario::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(names).allMatch(name -> NamedScenarios.named(name).isPresent());
        assertThat(NamedScenarios.named("flash-mob")).isEmpty();
    }
}
