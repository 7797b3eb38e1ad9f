package dev.spate.core.choke;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A table at which one trades: peers whose totals the test moves, and rounds of ten seconds. */
final class TradeTable {
    static final long SECOND = 1_000_000_000L;

    /** A peer at the table. Interested, interesting, and choking us, until told otherwise. */
    static final class Seat {
        final int number;
        final long since;
        boolean interested = true;
        boolean interesting = true;
        boolean chokesUs = true;
        boolean choked = true;
        boolean everUnchoked;
        long received;
        long sent;
        long held;

        Seat(int number, long since) {
            this.number = number;
            this.since = since;
        }

        Partner partner() {
            ChokeCandidate seen = new ChokeCandidate(
                    number,
                    interested,
                    choked,
                    false,
                    0,
                    0,
                    since,
                    everUnchoked ? since : ChokeCandidate.NEVER,
                    0,
                    0.5);
            return new Partner(seen, interesting, chokesUs, received, sent, held);
        }
    }

    private final SortedMap<Integer, Seat> seats = new TreeMap<>();
    private final RandomGenerator random;
    private final long capacity;
    private Trader trader;
    private long now = 1000 * SECOND;
    Deal last;

    TradeTable(Trader trader, long capacity, RandomGenerator random) {
        this.trader = trader;
        this.capacity = capacity;
        this.random = random;
        this.last = trader.choose(round(false), random);
    }

    Seat seat(int number) {
        return seats.computeIfAbsent(number, key -> new Seat(key, now));
    }

    void leaves(int number) {
        seats.remove(number);
        trader = trader.without(number);
    }

    TradeRound round(boolean rotate) {
        return new TradeRound(seats.values().stream().map(Seat::partner).toList(), capacity, rotate, now);
    }

    /** Ten seconds pass, then a regular round. */
    SortedMap<Integer, Long> round() {
        return round(10, false);
    }

    SortedMap<Integer, Long> rotated() {
        return round(10, true);
    }

    SortedMap<Integer, Long> round(int seconds, boolean rotate) {
        now += seconds * SECOND;
        return took(trader.choose(round(rotate), random));
    }

    SortedMap<Integer, Long> adjusted() {
        return took(trader.adjust(round(false), random));
    }

    private SortedMap<Integer, Long> took(Deal deal) {
        last = deal;
        trader = deal.next();
        for (Seat each : seats.values()) {
            each.choked = !deal.rates().containsKey(each.number);
            each.everUnchoked |= !each.choked;
        }
        return deal.rates();
    }

    Trader trader() {
        return trader;
    }

    List<Integer> served() {
        return List.copyOf(last.rates().keySet());
    }

    Map<Integer, Seat> seats() {
        return seats;
    }
}
