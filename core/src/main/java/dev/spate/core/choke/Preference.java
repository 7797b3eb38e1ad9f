package dev.spate.core.choke;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The {@link Choker}'s sister for networks in which the best peers and the optimistic unchoke are chosen on clocks of their own, as
 * the project of the course CNT4007 has it: k preferred neighbours each p seconds, one optimistic neighbour each m seconds. Pure.
 *
 * <p>Implementation note. What differs from BEP 3, and why it is not a setting of {@link Choker#choose}: only interested peers are
 * unchoked; equals are ranked by lot and not by who is unchoked already; the optimistic unchoke takes no slot and may at the same time be
 * one of the best, so at most {@link ChokeRound#slots} and one are unchoked; and neither decision touches what the other has
 * given. Candidates, strategies and decisions are the same. A choice by lot alone, as a seed of the course makes it, is
 * {@link ChokeStrategy#LEECHING} among candidates that all send nothing.
 */
public final class Preference {
    private Preference() {}

    /**
     * The best of a round.
     *
     * @param best who they are, the best first; the optimistic unchoke is among them only on its merits
     * @param decision what follows for all
     */
    public record Chosen(List<Integer> best, ChokeDecision decision) {
        public Chosen {
            best = List.copyOf(best);
        }
    }

    /**
     * Chooses the best {@link ChokeRound#slots} interested peers anew; {@link ChokeRound#rotate} is not looked at.
     *
     * @return by its decision the best and the optimistic unchoke of the round, which stays what it is, are unchoked
     */
    public static Chosen best(ChokeRound round, RandomGenerator random) {
        List<Integer> best = ranked(round, random);
        List<Integer> unchoked = new ArrayList<>(best);
        if (!unchoked.contains(round.optimistic()) && isOneOf(round, round.optimistic())) {
            unchoked.add(round.optimistic());
        }
        return new Chosen(best, ChokeDecision.between(round.candidates(), unchoked, round.optimistic()));
    }

    /**
     * Draws another optimistic unchoke among the interested peers that are choked. The former one is choked unless it is one of
     * {@code best}; it remains what it is when there is nobody to draw.
     *
     * @param best the peers of the last {@link #best} that are still there
     */
    public static ChokeDecision rotate(ChokeRound round, List<Integer> best, RandomGenerator random) {
        List<ChokeCandidate> pool = new ArrayList<>();
        for (ChokeCandidate candidate : round.candidates()) {
            if (candidate.peerInterested() && candidate.weChokePeer()) {
                pool.add(candidate);
            }
        }
        int optimistic = round.optimistic();
        if (!pool.isEmpty()) {
            optimistic = pool.get(random.nextInt(pool.size())).peer();
        }
        List<Integer> unchoked = new ArrayList<>(best);
        if (optimistic != ChokeRound.NOBODY && !unchoked.contains(optimistic)) {
            unchoked.add(optimistic);
        }
        return ChokeDecision.between(round.candidates(), unchoked, optimistic);
    }

    private static List<Integer> ranked(ChokeRound round, RandomGenerator random) {
        List<ChokeCandidate> interested = new ArrayList<>(round.candidates());
        interested.removeIf(candidate -> !candidate.peerInterested());
        Collections.shuffle(interested, random);
        // A stable sort: who is as good as another stays where the lot put it.
        interested.sort(Ranking.byMerit(round));
        return interested.stream()
                .limit(round.slots())
                .map(ChokeCandidate::peer)
                .toList();
    }

    private static boolean isOneOf(ChokeRound round, int peer) {
        return round.candidates().stream().anyMatch(candidate -> candidate.peer() == peer);
    }
}
