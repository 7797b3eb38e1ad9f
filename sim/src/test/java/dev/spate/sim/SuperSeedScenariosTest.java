package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A seed with a narrow line and many who want its torrent: what it has to send until they have a whole copy between them (BEP 16). */
class SuperSeedScenariosTest {
    private static final int KIB = 1024;
    private static final int PIECES = 200;
    private static final int BLOCKS = PIECES * 4;

    /** What a seed has sent, in torrents, when a whole copy was out, and when that was. */
    private record Copy(double uploaded, Duration after, Duration everyoneAfter) {}

    private static Copy firstCopy(long chance, int leeches, boolean superSeeding) {
        Simulation world =
                new Simulation(SimulationOptions.of(chance, PIECES, 64 * KIB).withLookEvery(500));
        Host seed = world.host("seed", world.complete().withLine(Line.mbit(2, 2)));
        seed.join();
        if (superSeeding) {
            seed.superSeed();
        }
        List<Host> others = world.leeches(leeches);
        assertThat(world.runUntil(() -> isOut(others), Duration.ofMinutes(60))).isTrue();
        double uploaded = (double) seed.blocksSent() / BLOCKS;
        Duration after = world.elapsed();
        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(60)))
                .isTrue();
        Duration everyoneAfter = world.elapsed();
        world.run(Duration.ofSeconds(5));
        assertThat(seed.isSuperSeeding()).isFalse();
        return new Copy(uploaded, after, everyoneAfter);
    }

    private static boolean isOut(List<Host> hosts) {
        PieceSet all = new PieceSet(PIECES);
        for (Host host : hosts) {
            PieceSet pieces = host.pieces();
            for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
                all.add(piece);
            }
        }
        return all.isFull();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void aSuperSeedSendsEachPieceAboutOnce(int leeches) {
        Copy with = firstCopy(1, leeches, true);
        Copy without = firstCopy(1, leeches, false);
        System.out.printf(
                Locale.ROOT,
                "%2d leeches: a copy is out after %.3f torrents and %d s, all complete after %d s;"
                        + " without super-seeding %.3f torrents, %d s, %d s%n",
                leeches,
                with.uploaded(),
                with.after().toSeconds(),
                with.everyoneAfter().toSeconds(),
                without.uploaded(),
                without.after().toSeconds(),
                without.everyoneAfter().toSeconds());
        assertThat(with.uploaded()).isBetween(1.0, 1.1);
        // Who fetches what others were seen to have makes the seed send it again; that has been as much as 1.9
        // torrents.
        assertThat(without.uploaded()).isLessThan(1.5);
    }

    @Test
    void aLoneLeechIsNotHeldUp() {
        Copy with = firstCopy(1, 1, true);
        Copy without = firstCopy(1, 1, false);
        assertThat(with.uploaded()).isEqualTo(1);
        assertThat(with.after()).isLessThan(without.after().multipliedBy(2));
    }
}
