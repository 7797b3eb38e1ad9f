package dev.spate.core.choke;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Trader} that buys where it gets most for its upload, after Piatek, Isdal, Anderson, Krishnamurthy and Venkataramani: "Do
 * incentives build robustness in BitTorrent?", NSDI 2007.
 *
 * <p>BEP 3's choker divides the upload among few, and whoever gets more than it needs to stay among the best of a peer gets it for nothing.
 * So of each peer two things are estimated: the <b>gain</b>, how fast it sends to those whom it unchokes (the paper's d), and the <b>price</b>, how
 * fast one has to send to it to be unchoked (u). Each round the interested peers that have something for us are served at their
 * prices, those with the highest gain for the price first, until the upload capacity is spent. After each round:
 *
 * <ul>
 *   <li>a served peer that does not unchoke us wants more: its price rises by {@value #RAISE_PERCENT} %;
 *   <li>one that unchokes us has shown its gain;
 *   <li>one that has done so for {@value #ROUNDS_TO_HAGGLE} served rounds on end might do it for less: its price falls by
 *       {@value #CUT_PERCENT} %.
 * </ul>
 *
 * <p>Of a peer that has given us nothing yet, the gain is guessed by the pieces that it says it got: what it downloads is about what it
 * uploads, in equal parts to BEP 3's four. The first price is the same, for so much it gets from others like it.
 */
public record BitTyrant(SortedMap<Integer, Estimate> estimates, long roundAt) implements Trader {
    /*
     * Implementation note. Where the paper leaves a choice, or its numbers do not fit:
     *
     * The paper's first price is a constant from a measurement of the swarms of 2006. Here it is what the peer's own words suggest, and
     * before it has said anything, the middle of the prices that are known, or a fourth of the capacity: so the first round is BEP 3's.
     * Such a price is a guess, and makes place for a better one as soon as there is one, while a price that was learned only rises and falls.
     *
     * A peer whose price no longer fits is passed over for the next that does. What is left in the end, since nobody else can be bought, is
     * not kept back (the paper: swarms in which everybody does so are slower for all): it goes in equal parts to all who are
     * served and to interested peers that have nothing for us, newcomers above all.
     *
     * What it is worth depends on the others: in the swarm of TradingScenariosTest 7.7 of twelve neighbours let it request, and 5.5 without it, but
     * those that it wins are the slow ones, so it gets as many bytes for what it sends. Among PropShare's it gets fewer.
     *
     * Judged is only who was served from one regular round to the next. A round that comes late, after a time in which nobody was
     * interested, teaches nothing.
     */

    static final int RAISE_PERCENT = 20;
    static final int CUT_PERCENT = 10;
    static final int ROUNDS_TO_HAGGLE = 3;

    /** Knows nobody. */
    public static final BitTyrant NEW = new BitTyrant(new TreeMap<>(), 0);

    /**
     * What is thought of one peer.
     *
     * @param gain what it sends to those whom it unchokes, in bytes per second
     * @param price what one must send to it for that, in bytes per second, at least {@link #LEAST_RATE}
     * @param basis on what both rest
     * @param served whether it was unchoked by the last regular round
     * @param faithful for how many rounds on end it was served and unchoked us
     * @param received the total from it at that round
     * @param held the bytes of its pieces at that round
     */
    public record Estimate(
            double gain, double price, Basis basis, boolean served, int faithful, long received, long held) {

        double worth() {
            return gain / price;
        }
    }

    /** On what an estimate rests, from the weakest to the strongest. */
    public enum Basis {
        NOTHING,
        ANNOUNCEMENTS,
        EXPERIENCE
    }

    public BitTyrant {
        estimates = Collections.unmodifiableSortedMap(new TreeMap<>(estimates));
    }

    @Override
    public Deal choose(TradeRound round, RandomGenerator random) {
        SortedMap<Integer, Estimate> learned = learn(round);
        SortedMap<Integer, Long> rates = buy(round, learned, Collections.emptySet());
        learned.replaceAll((peer, estimate) -> new Estimate(
                estimate.gain,
                estimate.price,
                estimate.basis,
                rates.containsKey(peer),
                estimate.faithful,
                estimate.received,
                estimate.held));
        return Deal.of(round, rates, new BitTyrant(learned, round.now()));
    }

    @Override
    public Deal adjust(TradeRound round, RandomGenerator random) {
        SortedMap<Integer, Estimate> known = new TreeMap<>(estimates);
        double guess = guess(round.capacity());
        Set<Integer> kept = new HashSet<>();
        for (Partner each : round.partners()) {
            known.computeIfAbsent(each.peer(), _ -> newcomer(each, guess));
            if (!each.seen().weChokePeer()) {
                kept.add(each.peer());
            }
        }
        return Deal.of(round, buy(round, known, kept), new BitTyrant(known, roundAt));
    }

    @Override
    public BitTyrant without(int peer) {
        SortedMap<Integer, Estimate> others = new TreeMap<>(estimates);
        others.remove(peer);
        return new BitTyrant(others, roundAt);
    }

    // ------------------------------------------------------------------ what is learned

    /** Estimates of all who are there, with the totals of this round. */
    private SortedMap<Integer, Estimate> learn(TradeRound round) {
        SortedMap<Integer, Estimate> learned = new TreeMap<>();
        double guess = guess(round.capacity());
        long nanos = round.now() - roundAt;
        boolean inTime = nanos > 0 && nanos < 2 * Choker.ROUND_NANOS;
        for (Partner each : round.partners()) {
            Estimate before = estimates.get(each.peer());
            if (before == null) {
                learned.put(each.peer(), newcomer(each, guess));
            } else if (inTime && each.weInterested()) {
                learned.put(each.peer(), learned(before, each, nanos / 1e9, guess));
            } else {
                learned.put(each.peer(), counted(before, each));
            }
        }
        return learned;
    }

    private static Estimate newcomer(Partner partner, double guess) {
        return new Estimate(guess, guess, Basis.NOTHING, false, 0, partner.received(), partner.held());
    }

    /** Nothing can be said, but the next round begins with this one. */
    private static Estimate counted(Estimate before, Partner partner) {
        return new Estimate(before.gain, before.price, before.basis, false, 0, partner.received(), partner.held());
    }

    private static Estimate learned(Estimate before, Partner partner, double seconds, double guess) {
        double gain = before.gain;
        double price = before.price;
        Basis basis = before.basis;
        double announced = (partner.held() - before.held) / seconds / Slots.DEFAULT;
        if (basis != Basis.EXPERIENCE && announced > 0) {
            gain = announced;
            price = basis == Basis.NOTHING ? Math.max(LEAST_RATE, announced) : price;
            basis = Basis.ANNOUNCEMENTS;
        } else if (basis == Basis.NOTHING && !before.served) {
            gain = guess;
            price = guess;
        }
        int faithful = 0;
        double observed = (partner.received() - before.received) / seconds;
        if (!partner.peerChokesUs() && (before.served || observed > gain)) {
            // One that unchokes us unasked may have begun a moment ago, so it shows only that it gives no less.
            gain = observed;
            basis = Basis.EXPERIENCE;
        }
        if (before.served && partner.peerChokesUs()) {
            price = price * (100 + RAISE_PERCENT) / 100;
        } else if (before.served) {
            faithful = before.faithful + 1;
            if (faithful >= ROUNDS_TO_HAGGLE) {
                price = Math.max(LEAST_RATE, price * (100 - CUT_PERCENT) / 100);
            }
        }
        return new Estimate(gain, price, basis, before.served, faithful, partner.received(), partner.held());
    }

    /** What a peer costs of which nothing is known. */
    private double guess(long capacity) {
        List<Double> prices = new ArrayList<>();
        for (Estimate each : estimates.values()) {
            if (each.basis != Basis.NOTHING) {
                prices.add(each.price);
            }
        }
        Collections.sort(prices);
        double guess = prices.isEmpty() ? (double) capacity / Slots.DEFAULT : prices.get(prices.size() / 2);
        return Math.max(LEAST_RATE, guess);
    }

    // ------------------------------------------------------------------ what is bought

    /** Who is served at what rate; those of {@code kept} go before all others. */
    private static SortedMap<Integer, Long> buy(
            TradeRound round, SortedMap<Integer, Estimate> known, Set<Integer> kept) {
        List<Partner> ranked = new ArrayList<>();
        List<Partner> poor = new ArrayList<>();
        for (Partner each : round.partners()) {
            if (each.seen().peerInterested()) {
                (each.weInterested() ? ranked : poor).add(each);
            }
        }
        Comparator<Partner> byWorth = Comparator.<Partner, Boolean>comparing(each -> !kept.contains(each.peer()))
                .thenComparingDouble(each -> -worth(known.get(each.peer())));
        ranked.sort(byWorth.thenComparing(Partner::seen, Ranking.amongEquals()));
        poor.sort(Comparator.comparing(Partner::seen, Ranking.amongEquals()));
        SortedMap<Integer, Long> rates = new TreeMap<>();
        long left = round.capacity();
        for (Partner each : ranked) {
            Estimate estimate = known.get(each.peer());
            long price = estimate == null ? left : (long) estimate.price;
            boolean first = rates.isEmpty();
            if (rates.size() < MOST_SERVED && (price <= left || first)) {
                long paid = Math.min(price, left);
                rates.put(each.peer(), paid);
                left -= paid;
            }
        }
        return spread(left, rates, poor);
    }

    private static double worth(@Nullable Estimate estimate) {
        return estimate == null ? 0 : estimate.worth();
    }

    /** What is left goes to all, those included who can give us nothing, as far as it is worth sending. */
    private static SortedMap<Integer, Long> spread(long left, SortedMap<Integer, Long> rates, List<Partner> poor) {
        for (Partner each : poor) {
            if (rates.size() < MOST_SERVED && left / (rates.size() + 1) >= LEAST_RATE) {
                rates.put(each.peer(), 0L);
            }
        }
        if (!rates.isEmpty()) {
            long part = left / rates.size();
            rates.replaceAll((_, rate) -> rate + part);
        }
        return rates;
    }
}
