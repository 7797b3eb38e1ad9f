package dev.spate.core.choke;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may request from us from now on, and how fast each is served.
 *
 * @param decision who is unchoked; none of them is an optimistic unchoke in BEP 3's sense
 * @param rates the most that each unchoked peer gets, in bytes per second, by its number
 * @param next who is to be asked the next time
 */
public record Deal(ChokeDecision decision, SortedMap<Integer, Long> rates, Trader next) {
    public Deal {
        rates = Collections.unmodifiableSortedMap(new TreeMap<>(rates));
        if (!decision.unchoked().equals(List.copyOf(rates.keySet()))) {
            throw new IllegalArgumentException("unchoked are " + decision.unchoked() + ", rates are " + rates);
        }
    }

    /** What follows when these peers of a round, and no others, are served. */
    static Deal of(TradeRound round, SortedMap<Integer, Long> rates, Trader next) {
        List<ChokeCandidate> candidates =
                round.partners().stream().map(Partner::seen).toList();
        return new Deal(ChokeDecision.between(candidates, rates.keySet(), ChokeRound.NOBODY), rates, next);
    }
}
