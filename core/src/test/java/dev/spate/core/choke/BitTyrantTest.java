package dev.spate.core.choke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spate.core.choke.BitTyrant.Basis;
import dev.spate.core.choke.BitTyrant.Estimate;
import dev.spate.core.choke.TradeTable.Seat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rules of the paper (Piatek et al., NSDI 2007, figure 5), one by one, then against a naive model. */
class BitTyrantTest {
    private static final int KB = 1000;
    private static final long CAPACITY = 100 * KB;

    private final TradeTable table = new TradeTable(BitTyrant.NEW, CAPACITY, new SplittableRandom(1));

    private Estimate estimate(int peer) {
        return Objects.requireNonNull(((BitTyrant) table.trader()).estimates().get(peer));
    }

    /** In each round this peer got pieces at such a rate from everybody together. */
    private static void gets(Seat seat, long bytesPerSecond) {
        seat.held += 10 * bytesPerSecond;
    }

    private static void gives(Seat seat, long bytesPerSecond) {
        seat.chokesUs = false;
        seat.received += 10 * bytesPerSecond;
    }

    @Test
    void beginsWithAFourthOfTheCapacityForEachLikeBep3() {
        for (int i = 0; i < 6; i++) {
            table.seat(i);
        }
        assertThat(table.round()).containsOnlyKeys(0, 1, 2, 3).containsEntry(0, CAPACITY / 4);
        assertThat(estimate(5).basis()).isEqualTo(Basis.NOTHING);
    }

    @Test
    void guessesGainAndPriceByWhatAPeerSaysThatItGot() {
        Seat peer = table.seat(0);
        table.round();
        gets(peer, 40 * KB);
        table.round();

        assertThat(estimate(0).gain()).isCloseTo(10 * KB, within(1.0));
        assertThat(estimate(0).price()).isBetween(10.0 * KB, 12.0 * KB);
        assertThat(estimate(0).basis()).isEqualTo(Basis.ANNOUNCEMENTS);
    }

    @Test
    void raisesThePriceOfOneThatIsServedAndChokesUs() {
        table.seat(0);
        table.round();
        double before = estimate(0).price();
        table.round();
        table.round();

        assertThat(estimate(0).price()).isCloseTo(before * 1.2 * 1.2, within(1.0));
    }

    @Test
    void leavesThePriceOfOneThatWasNotServed() {
        Seat peer = table.seat(0);
        peer.interested = false;
        table.round();
        gets(peer, 40 * KB);
        table.round();
        double before = estimate(0).price();
        table.round();
        table.round();

        assertThat(estimate(0).price()).isEqualTo(before);
    }

    @Test
    void learnsTheGainOfOneThatUnchokesUs() {
        Seat peer = table.seat(0);
        table.round();
        gives(peer, 7 * KB);
        table.round();

        assertThat(estimate(0).gain()).isCloseTo(7 * KB, within(1.0));
        assertThat(estimate(0).basis()).isEqualTo(Basis.EXPERIENCE);
    }

    @Test
    void cutsThePriceOfOneThatHasUnchokedUsForThreeRounds() {
        Seat peer = table.seat(0);
        table.round();
        double price = estimate(0).price();
        for (int round = 1; round <= 2; round++) {
            gives(peer, 7 * KB);
            table.round();
            assertThat(estimate(0).price()).as("round %d", round).isEqualTo(price);
        }
        gives(peer, 7 * KB);
        table.round();
        assertThat(estimate(0).price()).isCloseTo(price * 0.9, within(1.0));
    }

    @Test
    void neverOffersLessThanARateIsWorth() {
        Seat peer = table.seat(0);
        table.round();
        for (int round = 0; round < 100; round++) {
            gives(peer, 7 * KB);
            table.round();
        }
        assertThat(estimate(0).price()).isEqualTo(Trader.LEAST_RATE);
    }

    @Test
    void servesThoseWhoGiveMostForTheirPriceUntilTheCapacityIsSpent() {
        // All cost 25 KB/s, since nothing is known of them: four fit.
        for (int i = 0; i < 6; i++) {
            table.seat(i);
        }
        table.round();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 6; i++) {
                if (table.served().contains(i)) {
                    gives(table.seat(i), (i + 1) * 10L * KB);
                } else {
                    table.seat(i).chokesUs = true;
                }
            }
            table.round();
        }
        // Their prices have fallen meanwhile, so all six fit in the end.
        assertThat(table.served()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(estimate(5).worth()).isGreaterThan(estimate(0).worth());
    }

    @Test
    void passesOverWhoNoLongerFits() {
        BitTyrant knowing = knowing(50, 40, 100, 90, 10, 12);
        Deal deal = knowing.choose(roundOf(3), new SplittableRandom(1));

        // 40 of 100 for the first; the second would cost 90, the third 12.
        assertThat(deal.rates()).containsOnlyKeys(0, 2);
    }

    @Test
    void offersAllToTheBestIfItCostsMore() {
        BitTyrant knowing = knowing(500, 400);
        assertThat(knowing.choose(roundOf(1), new SplittableRandom(1)).rates()).containsEntry(0, CAPACITY);
    }

    /** What nobody can be bought for is not kept back. */
    @Test
    void givesWhatIsLeftToAllAndToThoseWhoHaveNothingForUs() {
        Seat poor = table.seat(1);
        poor.interesting = false;
        table.seat(0);

        assertThat(table.round()).containsEntry(0, 62_500L).containsEntry(1, 37_500L);
    }

    @Test
    void keepsThoseItServesBetweenRoundsAndAddsWhomItCanPay() {
        for (int i = 0; i < 5; i++) {
            table.seat(i);
        }
        table.round();
        table.seat(2).interested = false;
        assertThat(table.adjusted()).containsOnlyKeys(0, 1, 3, 4);
        table.seat(2).interested = true;
        assertThat(table.adjusted()).containsOnlyKeys(0, 1, 3, 4);
    }

    @Test
    void judgesNobodyWhoWasAddedBetweenRounds() {
        Seat late = table.seat(0);
        late.interested = false;
        table.round();
        late.interested = true;
        table.adjusted();
        double price = estimate(0).price();
        table.round();
        assertThat(estimate(0).price()).isEqualTo(price);
    }

    @Test
    void learnsNothingFromARoundThatComesLate() {
        Seat peer = table.seat(0);
        table.round();
        Estimate before = estimate(0);
        gets(peer, 40 * KB);
        table.round(3600, false);
        assertThat(estimate(0).price()).isEqualTo(before.price());
        assertThat(estimate(0).gain()).isEqualTo(before.gain());
    }

    @Test
    void forgetsWhoLeft() {
        table.seat(0);
        table.round();
        table.leaves(0);
        assertThat(((BitTyrant) table.trader()).estimates()).isEmpty();
    }

    @Test
    void servesNoMoreThanItsBound() {
        TradeTable crowd = new TradeTable(BitTyrant.NEW, 1 << 30, new SplittableRandom(1));
        for (int i = 0; i < 200; i++) {
            crowd.seat(i).interesting = i % 2 == 0;
        }
        crowd.round();
        for (int round = 0; round < 50; round++) {
            crowd.seats().values().forEach(seat -> gets(seat, 40 * KB));
            crowd.round();
            assertThat(crowd.served()).hasSizeLessThanOrEqualTo(Trader.MOST_SERVED);
        }
        assertThat(crowd.served()).hasSize(Trader.MOST_SERVED);
        assertThat(((BitTyrant) crowd.trader()).estimates()).hasSize(200);
    }

    /** Property: whom it serves, and at what rate, is what a plain reading of the rule gives. */
    @Test
    void buysLikeAPlainReadingOfTheRule() {
        for (int seed = 0; seed < 2000; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            int peers = dice.nextInt(12);
            TradeTable any = new TradeTable(BitTyrant.NEW, CAPACITY, dice);
            for (int i = 0; i < peers; i++) {
                any.seat(i);
            }
            for (int round = 0; round < 8; round++) {
                for (Seat seat : any.seats().values()) {
                    seat.interested = dice.nextInt(5) > 0;
                    seat.interesting = dice.nextInt(4) > 0;
                    seat.chokesUs = dice.nextBoolean();
                    seat.received += seat.chokesUs ? 0 : dice.nextInt(200_000);
                    seat.held += dice.nextInt(1_000_000);
                }
                List<Seat> before = any.seats().values().stream()
                        .sorted(Comparator.comparing(seat -> seat.choked))
                        .toList();
                any.round();
                assertThat(any.last.rates())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(plainly(before, ((BitTyrant) any.trader()).estimates()));
            }
        }
    }

    private static SortedMap<Integer, Long> plainly(List<Seat> seats, SortedMap<Integer, Estimate> known) {
        List<Seat> best = new ArrayList<>(seats);
        best.removeIf(seat -> !seat.interested || !seat.interesting);
        best.sort(Comparator.comparingDouble(
                seat -> -of(known, seat).gain() / of(known, seat).price()));
        SortedMap<Integer, Long> rates = new TreeMap<>();
        long left = CAPACITY;
        for (Seat seat : best) {
            long price = (long) of(known, seat).price();
            if (price <= left) {
                rates.put(seat.number, price);
                left -= price;
            } else if (rates.isEmpty()) {
                rates.put(seat.number, left);
                left = 0;
            }
        }
        for (Seat seat : seats) {
            if (seat.interested && !seat.interesting && left / (rates.size() + 1) >= Trader.LEAST_RATE) {
                rates.put(seat.number, 0L);
            }
        }
        long part = rates.isEmpty() ? 0 : left / rates.size();
        rates.replaceAll((_, rate) -> rate + part);
        return rates;
    }

    private static Estimate of(SortedMap<Integer, Estimate> known, Seat seat) {
        return Objects.requireNonNull(known.get(seat.number));
    }

    /** One that knows peers, each by its gain and its price in KB/s. */
    private static BitTyrant knowing(int... gainsAndPrices) {
        TreeMap<Integer, Estimate> known = new TreeMap<>();
        for (int i = 0; i < gainsAndPrices.length / 2; i++) {
            known.put(
                    i,
                    new Estimate(
                            gainsAndPrices[2 * i] * KB,
                            gainsAndPrices[2 * i + 1] * KB,
                            Basis.EXPERIENCE,
                            false,
                            0,
                            0,
                            0));
        }
        return new BitTyrant(known, 0);
    }

    private static TradeRound roundOf(int peers) {
        List<Partner> partners = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            partners.add(new Seat(i, 0).partner());
        }
        return new TradeRound(partners, CAPACITY, false, 1000 * TradeTable.SECOND);
    }
}
