package dev.spate.core.choke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spate.core.choke.TradeTable.Seat;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What Levin et al. (SIGCOMM 2008) promise: to each its part, and a part for newcomers. */
class PropShareTest {
    private static final int KB = 1000;
    private static final long CAPACITY = 100 * KB;

    private final TradeTable table = new TradeTable(PropShare.NEW, CAPACITY, new SplittableRandom(1));

    /** Gives at this rate in a round, and takes what it may. */
    private static void trades(TradeTable table, int peer, long bytesPerSecond) {
        Seat seat = table.seat(peer);
        seat.chokesUs = false;
        seat.received += 10 * bytesPerSecond;
        seat.sent += 10 * table.last.rates().getOrDefault(peer, 0L);
    }

    @Test
    void givesEachItsPartOfWhatWeGot() {
        for (int round = 0; round < 6; round++) {
            trades(table, 0, 10 * KB);
            trades(table, 1, 20 * KB);
            trades(table, 2, 50 * KB);
            table.seat(3).sent += 10 * table.last.rates().getOrDefault(3, 0L);
            table.round();
        }
        // A fifth is kept for the one that gives nothing.
        assertThat(table.last.rates())
                .containsEntry(0, 10_000L)
                .containsEntry(1, 20_000L)
                .containsEntry(2, 50_000L)
                .containsEntry(3, 20_000L);
    }

    @Test
    void servesFourOnTrialWhileNobodyHasGiven() {
        for (int i = 0; i < 9; i++) {
            table.seat(i);
        }
        assertThat(table.round())
                .hasSize(4)
                .allSatisfy((peer, rate) -> assertThat(rate).isEqualTo(CAPACITY / 4));
    }

    @Test
    void keepsThoseOnTrialUntilTheirTurnIsOver() {
        for (int i = 0; i < 9; i++) {
            table.seat(i);
        }
        table.round();
        TreeSet<Integer> before = new TreeSet<>(table.served());
        table.round();
        assertThat(table.served()).containsExactlyElementsOf(before);
        table.rotated();
        assertThat(table.served()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void hasOneOnTrialBesideThreeWhoGive() {
        for (int i = 0; i < 9; i++) {
            table.seat(i);
        }
        for (int round = 0; round < 4; round++) {
            trades(table, 0, 10 * KB);
            trades(table, 1, 10 * KB);
            trades(table, 2, 10 * KB);
            table.round();
        }
        assertThat(table.served()).hasSize(4).contains(0, 1, 2);
    }

    /** Who gives half as much gets half as much: there is nothing to be won by giving just enough. */
    @Test
    void rewardsEveryByteAlike() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 8; i++) {
                trades(table, i, (i + 1) * 5L * KB);
            }
            table.round();
        }
        SortedMap<Integer, Long> rates = table.last.rates();
        for (int i = 1; i < 8; i++) {
            assertThat(rates.getOrDefault(i, 0L) / (i + 1.0))
                    .isCloseTo((double) rates.getOrDefault(0, 0L), within(2.0));
        }
    }

    @Test
    void forgetsWithTimeWhatWasGiven() {
        for (int round = 0; round < 5; round++) {
            trades(table, 0, 20 * KB);
            trades(table, 1, 20 * KB);
            table.round();
        }
        assertThat(table.last.rates().get(0)).isEqualTo(table.last.rates().get(1));
        for (int round = 0; round < 8; round++) {
            trades(table, 0, 20 * KB);
            trades(table, 1, 0);
            table.round();
        }
        // The one that gives no more is on trial again, like anybody.
        assertThat(table.last.rates()).containsEntry(0, 80_000L).containsEntry(1, 20_000L);
    }

    @Test
    void dividesWhatOneLeavesAmongTheOthers() {
        for (int round = 0; round < 6; round++) {
            trades(table, 0, 20 * KB);
            trades(table, 1, 20 * KB);
            trades(table, 2, 20 * KB);
            Seat slow = table.seat(3);
            slow.chokesUs = false;
            slow.received += 10 * 20 * KB;
            slow.sent += 10 * 4 * KB;
            table.round();
        }
        SortedMap<Integer, Long> rates = table.last.rates();
        assertThat(rates.get(3)).isEqualTo(5_000L);
        assertThat(rates.get(0)).isBetween(31_600L, 31_700L);
    }

    @Test
    void triesWhosePartIsTooSmallLikeANewcomer() {
        for (int round = 0; round < 4; round++) {
            trades(table, 0, 1000 * KB);
            trades(table, 1, KB);
            table.round();
        }
        assertThat(table.last.rates()).containsEntry(1, CAPACITY / 5);
    }

    @Test
    void sharesBetweenRoundsWhatOneWhoLeftHad() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 5; i++) {
                trades(table, i, 10 * KB);
            }
            table.round();
        }
        assertThat(table.last.rates().get(0)).isEqualTo(20_000);
        table.leaves(4);
        assertThat(table.adjusted()).containsOnlyKeys(0, 1, 2, 3).containsEntry(0, 25_000L);
    }

    /** Property: never more than the capacity, to interested peers only, and to a bounded number. */
    @Test
    void staysWithinItsBounds() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            long capacity = dice.nextLong(UplinkEstimate.LEAST, 5_000_000);
            TradeTable any = new TradeTable(PropShare.NEW, capacity, dice);
            int peers = dice.nextInt(120);
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < peers; i++) {
                    Seat seat = any.seat(i);
                    seat.interested = dice.nextInt(8) > 0;
                    seat.received += dice.nextInt(3) > 0 ? dice.nextInt(1_000_000) : 0;
                    seat.sent += dice.nextLong(10 * any.last.rates().getOrDefault(i, 0L) + 1);
                }
                SortedMap<Integer, Long> rates =
                        dice.nextInt(4) == 0 ? any.adjusted() : any.round(10, dice.nextBoolean());
                assertThat(rates.values().stream().mapToLong(rate -> rate).sum())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(capacity + Trader.MOST_SERVED);
                assertThat(rates).hasSizeLessThanOrEqualTo(Trader.MOST_SERVED);
                rates.forEach((peer, rate) -> {
                    assertThat(any.seat(peer).interested).isTrue();
                    assertThat(rate).isPositive();
                });
            }
        }
    }
}
