package dev.spate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.swarm.SwarmSettings;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stories of whole swarms. What must never happen (an honest peer banned, a block sent to a peer that is choked, a piece in two
 * states, a queue without end, and more) is watched after every event by the simulation itself.
 */
class SwarmScenariosTest {
    private static final int KIB = 1024;
    private static final int PIECES = 32;
    private static final int BLOCKS = PIECES * 4;

    private final Simulation world = new Simulation(SimulationOptions.of(1, PIECES, 64 * KIB));

    @Test
    void aLeechGetsEveryBlockOnceFromASeed() {
        Host seed = world.seed("seed");
        Host leech = world.leech("leech");

        assertThat(world.runUntil(leech::isComplete, Duration.ofMinutes(1))).isTrue();

        assertThat(seed.blocksSent()).isEqualTo(BLOCKS);
        assertThat(leech.stats().redundantBytes()).isZero();
        assertThat(leech.completedAfter()).isNotNull();
        assertThat(seed.completedAfter()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "16384,16384", "16385,16384", "100000,5000", "1048577,262144", "300000,67108864"})
    void torrentsOfAnyShapeAreFetched(long length, int pieceLength) {
        Simulation odd = new Simulation(
                new SimulationOptions(3, new PieceLayout(length, pieceLength), NetworkOptions.SMOOTH, 1));
        odd.seed("seed");
        odd.leeches(3);

        assertThat(odd.runUntil(odd::everyoneIsComplete, Duration.ofMinutes(2))).isTrue();
    }

    /** Fifty peers, more than two thousand connections, in one thread; the seed's own share is small. */
    @Test
    void fiftyPeersCompleteTogether() {
        Simulation large =
                new Simulation(SimulationOptions.of(7, PIECES, 32 * KIB).withLookEvery(50));
        Host seed = large.seed("seed");
        large.leeches(49);

        assertThat(large.runUntil(large::everyoneIsComplete, Duration.ofMinutes(5)))
                .isTrue();

        assertThat(seed.blocksSent()).isLessThan(49 * PIECES * 2 / 4);
    }

    @Test
    void leechesGoOnWithoutTheSeedOnceTheyHaveEverythingBetweenThem() {
        Host seed = world.host("seed", world.complete().withLine(Line.mbit(2, 2)));
        seed.join();
        List<Host> leeches = world.leeches(6);

        assertThat(world.runUntil(() -> haveEverythingBetweenThem(leeches), Duration.ofMinutes(10)))
                .isTrue();
        assertThat(leeches).anyMatch(leech -> !leech.isComplete());
        seed.crash();

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(10)))
                .isTrue();
    }

    /** Whatever part of their blocks is bad, they lose their cover one by one, and the one who is honest keeps its good name. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.5, 1})
    void oneHonestSeedAmongFiveLiarsSuffices(double lies) {
        for (long seed = 0; seed < 5; seed++) {
            Simulation hostile = new Simulation(SimulationOptions.of(seed, PIECES, 64 * KIB));
            hostile.seed("the honest one");
            for (int i = 0; i < 5; i++) {
                hostile.host("liar " + i, hostile.complete().withConduct(Conduct.lying(lies)))
                        .join();
            }
            List<Host> leeches = hostile.leeches(2);

            assertThat(hostile.runUntil(hostile::everyoneIsComplete, Duration.ofMinutes(30)))
                    .as("seed %d", seed)
                    .isTrue();

            assertThat(leeches).allMatch(Host::isComplete);
            assertThat(hostile.banned()).allMatch(host -> !host.conduct().isHonest());
            if (lies == 1) {
                assertThat(hostile.banned()).hasSize(5);
            }
        }
    }

    @Test
    void theHonestNeighbourOfALiarIsNotBannedWithIt() {
        Host liar = world.host("liar", world.complete().withConduct(Conduct.lying(0.5)));
        Host honest = world.neighbour(liar, "neighbour", world.complete());
        liar.join();
        honest.join();
        world.leech("leech");

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(30)))
                .isTrue();

        assertThat(world.banned()).containsExactly(liar);
    }

    @Test
    void peersThatStallHoldNobodyUp() {
        world.seed("seed");
        for (int i = 0; i < 3; i++) {
            world.host("staller " + i, world.complete().withConduct(Conduct.stallingAfter(7)))
                    .join();
        }
        world.leeches(3);

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(5)))
                .isTrue();
    }

    @Test
    void peersThatStallHoldNobodyUpWhoHasMemoryForOnePieceOnly() {
        world.seed("seed");
        for (int i = 0; i < 3; i++) {
            world.host("staller " + i, world.complete().withConduct(Conduct.stallingAfter(3 + i)))
                    .join();
        }
        world.host("leech", world.ordinary().withDisk(memoryFor(1))).join();

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(30)))
                .isTrue();
    }

    /** Two slots and nine leeches: a dance of chokes and unchokes, in which everyone gets a turn. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEECHING")
    void everyoneGetsATurnWhenSlotsAreFew(ChokeStrategy seeding) {
        SwarmSettings narrow = world.ordinary().settings().withUploadSlots(2).withSeeding(seeding);
        Host seed =
                world.host("seed", world.complete().withLine(Line.mbit(1, 1)).withSettings(narrow));
        seed.join();
        for (int i = 0; i < 9; i++) {
            world.host("leech " + i, world.ordinary().withLine(Line.mbit(1, 8)).withSettings(narrow))
                    .join();
        }

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(60)))
                .isTrue();

        assertThat(world.hosts().stream().skip(1)).allMatch(leech -> leech.unchokes() > 2);
    }

    @Test
    void aRoughNetworkOnlyDelays() {
        Simulation rough =
                new Simulation(SimulationOptions.of(5, PIECES, 64 * KIB).withNetwork(NetworkOptions.ROUGH));
        rough.seed("seed");
        rough.leeches(10);

        assertThat(rough.runUntil(rough::everyoneIsComplete, Duration.ofMinutes(30)))
                .isTrue();
        assertThat(rough.banned()).isEmpty();
    }

    @Test
    void littleMemoryAndABadDiskOnlyDelay() {
        DiskOptions bad = new DiskOptions(Duration.ofMillis(20), Duration.ofMillis(60), 3, 0.1);
        world.seed("seed");
        for (int i = 0; i < 5; i++) {
            world.host("leech " + i, world.ordinary().withDisk(bad)).join();
        }

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(10)))
                .isTrue();
    }

    /** Every second somebody falls out of the swarm and comes back, with what was on its disk. */
    @Test
    void aSwarmOutlivesComingAndGoing() {
        world.host("seed", world.complete().withLine(Line.mbit(2, 2))).join();
        List<Host> leeches = world.leeches(8);
        for (int second = 1; second <= 40; second++) {
            Host host = leeches.get(second % leeches.size());
            world.after(Duration.ofSeconds(second), host::crash);
            world.after(Duration.ofMillis(second * 1000 + 700), host::join);
        }

        world.run(Duration.ofSeconds(42));
        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(30)))
                .isTrue();
    }

    @Test
    void aPausedSwarmSaysGoodbyeAndGoesOnLater() {
        Host seed = world.host("seed", world.complete().withLine(Line.mbit(4, 4)));
        seed.join();
        Host leech = world.leech("leech");
        world.run(Duration.ofSeconds(2));
        int before = leech.pieces().count();
        assertThat(before).isBetween(1, PIECES - 1);

        leech.pause();
        world.run(Duration.ofMinutes(5));
        assertThat(leech.stats().connections()).isZero();
        assertThat(leech.pieces().count()).isBetween(before, before + 64);
        assertThat(leech.isComplete()).isFalse();

        leech.resume();
        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(5)))
                .isTrue();
    }

    @Test
    void aPieceThatIsLostIsFetchedAgain() {
        world.seed("seed");
        Host leech = world.leech("leech");
        assertThat(world.runUntil(leech::isComplete, Duration.ofMinutes(1))).isTrue();

        leech.losesPiece(17);
        assertThat(leech.isComplete()).isFalse();

        assertThat(world.runUntil(leech::isComplete, Duration.ofMinutes(10))).isTrue();
    }

    @Test
    void twoHalvesMakeAWhole() {
        PieceSet even = new PieceSet(PIECES);
        PieceSet odd = new PieceSet(PIECES);
        for (int piece = 0; piece < PIECES; piece++) {
            (piece % 2 == 0 ? even : odd).add(piece);
        }
        world.host("even", world.ordinary().withPieces(even)).join();
        world.host("odd", world.ordinary().withPieces(odd)).join();

        assertThat(world.runUntil(world::everyoneIsComplete, Duration.ofMinutes(1)))
                .isTrue();
    }

    @Test
    void whoIsToldOfAnAddressWhereNobodyIsGoesOnWithTheOthers() {
        Host seed = world.seed("seed");
        Host nobody = world.host("nobody", world.ordinary());
        Host leech = world.leech("leech");
        leech.hearsOf(List.of(nobody, seed));

        assertThat(world.runUntil(leech::isComplete, Duration.ofMinutes(1))).isTrue();
    }

    /** An idle swarm of seeds sleeps: they part, and almost nothing happens in a day. */
    @Test
    void whoHasNothingToTradeIsQuiet() {
        List<Host> seeds = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            seeds.add(world.seed("seed " + i));
        }
        world.run(Duration.ofMinutes(5));
        long before = world.eventsHappened();

        world.run(Duration.ofHours(24));

        assertThat(seeds).allMatch(seed -> seed.stats().connections() == 0);
        assertThat(world.eventsHappened() - before).isLessThan(5 * 48 * 10);
    }

    private static DiskOptions memoryFor(int pieces) {
        return new DiskOptions(Duration.ofMillis(1), Duration.ofMillis(2), pieces, 0);
    }

    private static boolean haveEverythingBetweenThem(List<Host> hosts) {
        PieceSet all = new PieceSet(PIECES);
        for (Host host : hosts) {
            PieceSet pieces = host.pieces();
            for (int piece = pieces.next(0); piece >= 0; piece = pieces.next(piece + 1)) {
                all.add(piece);
            }
        }
        return all.isFull();
    }
}
