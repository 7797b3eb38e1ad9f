package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.Trading;
import dev.spate.core.swarm.PeerSnapshot;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * One peer among twelve others, all with a part of the pieces and without a seed, whose lines differ by four: what the rule by which it trades
 * gives it, and what the rule of the others makes of that. Looked at are two minutes and a half when all know each other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TradingScenariosTest {
    private static final int PIECES = 400;

    /** Of one world alone the figures would be chance. */
    private static final int WORLDS = 10;

    private static final int OTHERS = 12;
    private static final long SLOWEST = 31_250;
    private static final int ROUNDS = 15;

    /**
     * How the one fares.
     *
     * @param places how many of the others let it request, on an average
     * @param gotForSent how much it got for each byte that it sent
     */
    private record Fate(double places, double gotForSent) {
        static Fate average(List<Fate> fates) {
            return new Fate(average(fates, Fate::places), average(fates, Fate::gotForSent));
        }

        private static double average(List<Fate> fates, ToDoubleFunction<Fate> figure) {
            return fates.stream().mapToDouble(figure).average().orElseThrow();
        }
    }

    /** By the rule of the others, then by the one's own. */
    private final Map<Trading, Map<Trading, Fate>> known = new EnumMap<>(Trading.class);

    private Fate fate(Trading own, Trading others) {
        return known.computeIfAbsent(others, _ -> new EnumMap<>(Trading.class)).computeIfAbsent(own, _ -> {
            Fate fate = Fate.average(IntStream.rangeClosed(1, WORLDS)
                    .mapToObj(seed -> run(seed, own, others))
                    .toList());
            System.out.printf(
                    Locale.ROOT,
                    "%s among %s: unchoked by %.1f, %.3f bytes for each that it sent%n",
                    own,
                    others,
                    fate.places,
                    fate.gotForSent);
            return fate;
        });
    }

    private static Fate run(int seed, Trading own, Trading others) {
        Simulation world =
                new Simulation(SimulationOptions.of(seed, PIECES, 256 * 1024).withLookEvery(100_000));
        SplittableRandom dice = new SplittableRandom(seed);
        for (int i = 0; i < OTHERS; i++) {
            trader(world, "other " + i, SLOWEST << i % 3, dice, others);
        }
        Host one = trader(world, "one", 8 * SLOWEST, dice, own);
        world.run(Duration.ofSeconds(10 * ROUNDS));
        List<PeerSnapshot> before = one.peers();
        double places = 0;
        for (int round = 0; round < ROUNDS; round++) {
            world.run(Duration.ofSeconds(10));
            places += one.peers().stream().filter(peer -> !peer.peerChokesUs()).count();
        }
        double sent = 0;
        double got = 0;
        for (PeerSnapshot now : one.peers()) {
            PeerSnapshot then = before.stream()
                    .filter(peer -> peer.address().equals(now.address()))
                    .findFirst()
                    .orElseThrow();
            sent += now.uploaded() - then.uploaded();
            got += now.downloaded() - then.downloaded();
        }
        return new Fate(places / ROUNDS, got / sent);
    }

    private static Host trader(Simulation world, String name, long up, SplittableRandom dice, Trading rule) {
        PieceSet pieces = new PieceSet(PIECES);
        for (int piece = 0; piece < PIECES; piece++) {
            if (dice.nextDouble() < 0.25) {
                pieces.add(piece);
            }
        }
        HostOptions ordinary = world.ordinary();
        Host host = world.host(
                name,
                ordinary.withLine(new Line(up, 2_500_000))
                        .withPieces(pieces)
                        .withSettings(ordinary.settings().withTrading(rule)));
        host.join();
        return host;
    }

    /** Piatek et al.: what it sends beyond the price of a place with one peer buys it a place with another. */
    @Test
    void aTyrantBuysMorePlacesWithTheSameLine() {
        assertThat(fate(Trading.BIT_TYRANT, Trading.TIT_FOR_TAT).places)
                .isGreaterThan(1.2 * fate(Trading.TIT_FOR_TAT, Trading.TIT_FOR_TAT).places);
    }

    /** Levin et al.: who pays each in proportion to what it gave is paid by more, and better. */
    @Test
    void propShareGetsMoreForWhatItSends() {
        Fate usual = fate(Trading.TIT_FOR_TAT, Trading.TIT_FOR_TAT);
        assertThat(fate(Trading.PROP_SHARE, Trading.TIT_FOR_TAT).places).isGreaterThan(1.5 * usual.places);
        assertThat(fate(Trading.PROP_SHARE, Trading.TIT_FOR_TAT).gotForSent).isGreaterThan(1.1 * usual.gotForSent);
    }

    /** Levin et al.: where every byte is paid for alike, there is nothing that a clever buyer could save. */
    @Test
    void amongThoseWhoShareInProportionATyrantGetsNoMoreThanAnybody() {
        assertThat(fate(Trading.BIT_TYRANT, Trading.PROP_SHARE).gotForSent)
                .isLessThan(1.05 * fate(Trading.TIT_FOR_TAT, Trading.PROP_SHARE).gotForSent);
    }
}
