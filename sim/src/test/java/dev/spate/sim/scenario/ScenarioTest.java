package dev.spate.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.spate.sim.Conduct;
import dev.spate.sim.Line;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private static final Line LINE = Line.mbit(8, 16);

    @Test
    void theBoundIsThatOfTheNarrowestPlace() {
        FluidBound seeds = bound(Group.seeds(1, Line.mbit(1, 1)), Group.leeches(3, LINE));
        assertThat(seeds.seconds()).isCloseTo(8 * 8.388608, within(1e-6));
        assertThat(seeds.reason()).startsWith("the seeds");
        FluidBound slowest = bound(Group.seeds(9, LINE), Group.leeches(1, Line.mbit(8, 1)));
        assertThat(slowest.seconds()).isCloseTo(8 * 8.388608, within(1e-6));
        assertThat(slowest.reason()).startsWith("each leech");
        FluidBound shared = bound(Group.seeds(1, LINE), Group.leeches(7, Line.mbit(1, 16)));
        assertThat(shared.seconds()).isCloseTo(7 * 8.388608 * 8 / 15, within(1e-6));
        assertThat(shared.reason()).startsWith("all upload");
    }

    @Test
    void whoDoesNotGiveMakesTheBoundNoShorter() {
        FluidBound alone = bound(Group.seeds(1, LINE), Group.leeches(4, LINE));
        FluidBound beset = bound(
                Group.seeds(1, LINE),
                Group.leeches(4, LINE),
                Group.seeds(5, LINE).named("liars").behaving(Conduct.lying(0.1)),
                Group.seeds(5, LINE).named("silent").behaving(Conduct.stallingAfter(3)));
        assertThat(beset).isEqualTo(alone);
        assertThat(bound(Group.seeds(1, LINE), Group.leeches(4, LINE).behaving(Conduct.FREE_RIDING))
                        .seconds())
                .isGreaterThan(alone.seconds());
    }

    private static FluidBound bound(Group... groups) {
        List<FluidBound.Source> sources = new ArrayList<>();
        for (Group group : groups) {
            for (int i = 0; i < group.count(); i++) {
                double at = group.arrival() instanceof Arrival.Together(var when) ? when.toSeconds() : 0;
                sources.add(new FluidBound.Source(group, at));
            }
        }
        return FluidBound.of(32 << 18, sources);
    }

    @Test
    void whoComesLateMakesItLater() {
        Group late = Group.leeches(1, LINE).arriving(new Arrival.Together(Duration.ofSeconds(100)));
        FluidBound waits = bound(Group.seeds(1, LINE), late);
        assertThat(waits.seedSeconds()).isCloseTo(8.388608, within(1e-6));
        assertThat(waits.slowestSeconds()).isCloseTo(100 + 8.388608 / 2, within(1e-6));
        // Until the others come the seed sends for 5 s; then three send what is left of four copies.
        FluidBound shared = bound(
                Group.seeds(1, LINE),
                Group.leeches(2, LINE).named("first").behaving(Conduct.FREE_RIDING),
                Group.leeches(2, LINE).arriving(new Arrival.Together(Duration.ofSeconds(5))));
        assertThat(shared.sharedSeconds()).isCloseTo(5 + (4 * 8.388608 - 5) / 3, within(1e-6));
    }

    @Test
    void hostsAreScaledButForHonestSeeds() {
        Scenario scenario = Scenario.of(
                "any",
                "",
                Group.seeds(2, LINE),
                Group.leeches(30, LINE),
                Group.leeches(10, LINE).named("others"),
                Group.seeds(1, LINE).named("liar").behaving(Conduct.lying(1)));
        assertThat(counts(scenario.withHosts(84))).containsExactly(2, 60, 20, 2);
        assertThat(counts(scenario.withHosts(3))).containsExactly(2, 1, 1, 1);
    }

    private static List<Integer> counts(Scenario scenario) {
        return scenario.groups().stream().map(Group::count).toList();
    }

    @Test
    void contradictionsAreRefused() {
        Group seed = Group.seeds(1, LINE);
        Group leeches = Group.leeches(2, LINE);
        refused(() -> Scenario.of("Any", "", seed));
        refused(() -> Scenario.of("any", "", leeches));
        refused(() -> Scenario.of("any", "", seed, seed));
        refused(() -> Scenario.of("any", "", seed, leeches.withCount(Scenario.MAX_HOSTS)));
        refused(() -> Scenario.of("any", "", seed).withTorrent(Scenario.MAX_PIECES + 1, 1));
        refused(() -> leeches.behaving(Conduct.lying(1)));
        refused(() -> seed.watching(1));
        refused(() -> leeches.watching(1).staying(new Stay.UntilComplete(Duration.ZERO)));
        Duration second = Duration.ofSeconds(1);
        refused(() -> Scenario.of("any", "", seed, leeches.watching(1))
                .happening(new Happening.PowerCut("leeches", 1, second, second)));
        refused(() -> Scenario.of("any", "", seed).happening(new Happening.PowerCut("leeches", 1, second, second)));
        refused(() -> new Happening.Clog("seed", 1, second, second, 1));
        refused(() -> new Happening.DiskFull("seed", 0, second, second));
        refused(() -> new Happening.Partition("seed", 1, second, Duration.ZERO));
    }

    private static void refused(Runnable step) {
        assertThatIllegalArgumentException().isThrownBy(step::run);
    }

    /** What a hash is for: another process comes to the same, whatever its memory looks like. */
    @Test
    void anotherJvmComesToTheSameHash() throws Exception {
        Scenario small = NamedScenarios.small(NamedScenarios.named("trouble").orElseThrow());
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path", ""),
                        OtherJvm.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String told = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor()).isZero();
        assertThat(told.strip()).isEqualTo(ScenarioRun.run(small, 7).hash());
    }

    /** Runs in a process of its own. */
    static final class OtherJvm {
        private OtherJvm() {}

        public static void main(String[] arguments) throws IOException {
            Scenario small =
                    NamedScenarios.small(NamedScenarios.named("trouble").orElseThrow());
            System.out.println(ScenarioRun.run(small, 7).hash());
        }
    }

    /** Half of the leeches are cut off and a line is clogged: it takes longer, by about that time. */
    @Test
    void whatHappensIsFelt() {
        Scenario quiet = Scenario.of("any", "", Group.seeds(1, LINE), Group.leeches(4, LINE))
                .withTorrent(64, 1 << 16);
        Duration usual = ScenarioRun.run(quiet, 1).last();
        Duration at = Duration.ofSeconds(1);
        Duration time = Duration.ofSeconds(40);
        for (Happening happening : List.of(
                new Happening.Partition("seed", 1, at, time),
                new Happening.PowerCut("seed", 1, at, time),
                new Happening.Clog("seed", 1, at, time, 1000),
                new Happening.DiskFull("leeches", 1, at, time))) {
            Outcome outcome = ScenarioRun.run(quiet.happening(happening), 1);
            assertThat(outcome.problems()).as(happening.toString()).isEmpty();
            assertThat(outcome.last())
                    .as(happening.toString())
                    .isBetween(time, time.plus(usual).plusSeconds(70));
        }
        Outcome jumped =
                ScenarioRun.run(quiet.happening(new Happening.ClockJump("leeches", 0.5, at, Duration.ofHours(1))), 1);
        assertThat(jumped.problems()).isEmpty();
    }

    @Test
    void whoCannotBeCompleteIsNamed() {
        Scenario scenario = Scenario.of("any", "", Group.seeds(1, LINE), Group.leeches(2, LINE))
                .happening(new Happening.PowerCut("seed", 1, Duration.ofSeconds(1), Duration.ofHours(9)));
        assertThat(ScenarioRun.run(scenario, 1).problems())
                .first()
                .asString()
                .contains("2 honest hosts were not complete in the end: leeches 1, leeches 2");
    }
}
