package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stories of a viewer whose film comes from seeds that are slow, each by itself slower than the film. */
class ViewerScenariosTest {
    /** 8 Mbit/s. */
    private static final long FILM = 1_000_000;

    private static final int PIECE = 256 << 10;

    /** Two minutes of it. */
    private static final int PIECES = (int) (120 * FILM / PIECE);

    /** Two seconds, as players have it. */
    private static final long START = 2 * FILM;

    private static Simulation world(long seed) {
        return new Simulation(SimulationOptions.of(seed, PIECES, PIECE).withLookEvery(20));
    }

    /** Five seeds of these rates, and who watches. */
    private static Viewer viewer(Simulation world, List<Long> upBytesPerSecond) {
        List<Host> seeds = new ArrayList<>();
        for (long rate : upBytesPerSecond) {
            Host seed = world.host("seed " + seeds.size(), world.complete().withLine(new Line(rate, 12_500_000)));
            seed.join();
            seeds.add(seed);
        }
        world.run(Duration.ofSeconds(1));
        Host home = world.leech("home");
        home.hearsOf(seeds);
        return home.viewer(FILM, START);
    }

    private static void print(String story, Viewer viewer) {
        System.out.println(story + ": first byte after " + viewer.firstByteAfter() + ", began after "
                + viewer.startedAfter() + ", " + viewer.stalls() + " stalls of " + viewer.stalledFor() + " in all");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aFilmNeverStallsWithHalfMoreThanItsRate(long chance) {
        Simulation world = world(chance);
        Viewer viewer = viewer(world, List.of(300_000L, 300_000L, 300_000L, 300_000L, 300_000L));
        viewer.seek(0);

        assertThat(world.runUntil(viewer::isAtEnd, Duration.ofMinutes(4))).isTrue();

        print("equal seeds, chance " + chance, viewer);
        assertThat(viewer.stalls()).isZero();
        assertThat(viewer.firstByteAfter()).isLessThan(Duration.ofSeconds(2));
        assertThat(viewer.startedAfter()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void norDoesItWhenTheSeedsAreAsUnequalAsCanBe() {
        Simulation world = world(7);
        Viewer viewer = viewer(world, List.of(40_000L, 60_000L, 200_000L, 400_000L, 800_000L));
        viewer.seek(0);

        assertThat(world.runUntil(viewer::isAtEnd, Duration.ofMinutes(4))).isTrue();

        print("unequal seeds", viewer);
        assertThat(viewer.stalls()).isZero();
        assertThat(viewer.startedAfter()).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void aSeekIntoTheUnknownIsAnsweredSoon() {
        Simulation world = world(8);
        Viewer viewer = viewer(world, List.of(300_000L, 300_000L, 300_000L, 300_000L, 300_000L));
        viewer.seek(0);
        world.run(Duration.ofSeconds(20));
        assertThat(viewer.stalls()).isZero();

        viewer.seek(90 * FILM);
        assertThat(world.runUntil(() -> viewer.startedAfter() != null, Duration.ofSeconds(20)))
                .isTrue();
        print("after a seek", viewer);
        assertThat(viewer.firstByteAfter()).isLessThan(Duration.ofMillis(1500));
        assertThat(viewer.startedAfter()).isLessThan(Duration.ofSeconds(4));
        assertThat(world.runUntil(viewer::isAtEnd, Duration.ofMinutes(1))).isTrue();
        assertThat(viewer.stalls()).isZero();
    }

    @Test
    void oneSeedThatFallsSilentIsMadeUpForInSeconds() {
        Simulation world = world(9);
        Host silent = world.host(
                "silent",
                world.complete().withConduct(Conduct.stallingAfter(100)).withLine(new Line(800_000, 12_500_000)));
        silent.join();
        Viewer viewer = viewer(world, List.of(300_000L, 300_000L, 300_000L, 300_000L, 300_000L));
        viewer.seek(0);

        assertThat(world.runUntil(viewer::isAtEnd, Duration.ofMinutes(4))).isTrue();

        print("one seed falls silent", viewer);
        assertThat(viewer.stalledFor()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void theSameChanceGivesTheSameStory() {
        List<String> stories = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Simulation world = world(10);
            Viewer viewer = viewer(world, List.of(150_000L, 150_000L, 150_000L, 150_000L, 150_000L));
            viewer.seek(0);
            assertThat(world.runUntil(viewer::isAtEnd, Duration.ofMinutes(10))).isTrue();
            print("too slow seeds", viewer);
            stories.add(viewer.stalls() + " " + Objects.requireNonNull(viewer.firstByteAfter()) + " "
                    + viewer.stalledFor() + " " + world.traceHash());
        }
        assertThat(stories.get(0)).isEqualTo(stories.get(1));
        assertThat(stories.get(0)).doesNotStartWith("0 ");
    }
}
