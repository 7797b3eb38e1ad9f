package dev.spate.core.choke;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * BEP 3's choking algorithm: decides who may request from us.
 *
 * <p>It is a pure function of a {@link ChokeRound} and a source of random. The owner calls {@link #choose} every
 * {@link #ROUND_NANOS}, with {@link ChokeRound#rotate} every third time, and {@link #adjust} between the rounds, when a peer's
 * interest changed or an unchoked peer went away.
 */
public final class Choker {
    /*
     * Implementation note. Of n slots n-1 go to the best interested peers and one to the optimistic unchoke, as BEP 3's four do. The
     * best are found by a walk down the ranking until n-1 interested peers were met; uninterested ones that are met on the way
     * are unchoked too ("peers which have a better upload rate but aren't interested get unchoked and if they become
     * interested the worst uploader gets choked"), so that they can start without a round trip. When there are fewer than n-1, the
     * walk reaches everybody.
     *
     * Anti-snubbing: while we download, a snubbed peer has no place in the ranking. Slots that this leaves empty become
     * further optimistic unchokes, which find the way back to a swarm that has choked us all over.
     *
     * Round-robin has no optimistic unchoke: there everybody's turn comes.
     */

    /** BEP 3: "avoids fibrillation by only changing who's choked once every ten seconds". */
    public static final long ROUND_NANOS = 10_000_000_000L;

    /** BEP 3: "which peer is optimistically unchoked rotates every 30 seconds". */
    public static final long OPTIMISTIC_NANOS = 30_000_000_000L;

    private Choker() {}

    /** The decision of a regular round. At most {@link ChokeRound#slots} interested peers are unchoked by it. */
    public static ChokeDecision choose(ChokeRound round, RandomGenerator random) {
        Set<Integer> unchoked = new LinkedHashSet<>();
        boolean hasOptimistic = round.strategy() != ChokeStrategy.ROUND_ROBIN && round.slots() > 0;
        int regularSlots = hasOptimistic ? round.slots() - 1 : round.slots();
        int used = unchokeTheBest(round, regularSlots, unchoked);
        int optimistic = ChokeRound.NOBODY;
        if (hasOptimistic) {
            List<ChokeCandidate> pool = new ArrayList<>();
            for (ChokeCandidate candidate : round.candidates()) {
                if (candidate.peerInterested() && !unchoked.contains(candidate.peer())) {
                    pool.add(candidate);
                }
            }
            optimistic = takeOptimistic(round, pool, random);
            if (optimistic != ChokeRound.NOBODY) {
                unchoked.add(optimistic);
                used++;
            }
            for (; used < round.slots() && !pool.isEmpty(); used++) {
                unchoked.add(takeFurther(round, pool, random).peer());
            }
        }
        return ChokeDecision.between(round.candidates(), unchoked, optimistic);
    }

    /**
     * The decision between two rounds: as few changes as restore the number of slots. While too many interested peers are unchoked, the
     * worst is choked, but never the optimistic unchoke; while a slot is free, the best interested peer gets it.
     */
    public static ChokeDecision adjust(ChokeRound round) {
        Set<Integer> unchoked = new LinkedHashSet<>();
        List<ChokeCandidate> holders = new ArrayList<>();
        List<ChokeCandidate> waiting = new ArrayList<>();
        int optimistic = ChokeRound.NOBODY;
        for (ChokeCandidate candidate : round.candidates()) {
            if (!candidate.weChokePeer()) {
                unchoked.add(candidate.peer());
                if (candidate.peer() == round.optimistic()) {
                    optimistic = candidate.peer();
                }
            }
            if (candidate.peerInterested()) {
                (candidate.weChokePeer() ? waiting : holders).add(candidate);
            }
        }
        int used = holders.size();
        Comparator<ChokeCandidate> best = Comparator.<ChokeCandidate, Boolean>comparing(c -> isOut(c, round))
                .thenComparing(Ranking.of(round));
        if (used > round.slots()) {
            int keep = optimistic;
            holders.sort(Comparator.<ChokeCandidate, Boolean>comparing(c -> c.peer() != keep)
                    .thenComparing(best));
            for (; used > round.slots(); used--) {
                unchoked.remove(holders.get(used - 1).peer());
            }
        } else if (used < round.slots()) {
            waiting.sort(best);
            for (ChokeCandidate next : waiting.subList(0, Math.min(waiting.size(), round.slots() - used))) {
                unchoked.add(next.peer());
            }
        }
        return ChokeDecision.between(
                round.candidates(), unchoked, unchoked.contains(optimistic) ? optimistic : ChokeRound.NOBODY);
    }

    private static boolean isOut(ChokeCandidate candidate, ChokeRound round) {
        return candidate.snubbed() && round.strategy() == ChokeStrategy.LEECHING;
    }

    /** Returns how many interested peers were unchoked, {@code slots} at most. */
    private static int unchokeTheBest(ChokeRound round, int slots, Set<Integer> unchoked) {
        List<ChokeCandidate> ranked = new ArrayList<>(round.candidates());
        ranked.removeIf(candidate -> isOut(candidate, round));
        ranked.sort(Ranking.of(round));
        int used = 0;
        for (ChokeCandidate candidate : ranked) {
            if (used == slots) {
                break;
            }
            unchoked.add(candidate.peer());
            if (candidate.peerInterested()) {
                used++;
            }
        }
        return used;
    }

    /** Takes the optimistic unchoke out of the pool: the present one until its turn is over, then another if there is one. */
    private static int takeOptimistic(ChokeRound round, List<ChokeCandidate> pool, RandomGenerator random) {
        ChokeCandidate present = null;
        for (ChokeCandidate candidate : pool) {
            if (candidate.peer() == round.optimistic() && !candidate.weChokePeer()) {
                present = candidate;
            }
        }
        if (present != null && round.rotate() && pool.size() > 1) {
            pool.remove(present);
            ChokeCandidate next = Lottery.draw(pool, random);
            pool.add(present);
            return next.peer();
        }
        if (present != null) {
            pool.remove(present);
            return present.peer();
        }
        return pool.isEmpty() ? ChokeRound.NOBODY : Lottery.draw(pool, random).peer();
    }

    /** Takes one more optimistic unchoke out of the pool, which is not empty; those that are unchoked stay until the rotation. */
    private static ChokeCandidate takeFurther(ChokeRound round, List<ChokeCandidate> pool, RandomGenerator random) {
        if (!round.rotate()) {
            ChokeCandidate unchoked = null;
            for (ChokeCandidate candidate : pool) {
                if (!candidate.weChokePeer() && unchoked == null) {
                    unchoked = candidate;
                }
            }
            if (unchoked != null) {
                pool.remove(unchoked);
                return unchoked;
            }
        }
        return Lottery.draw(pool, random);
    }
}
