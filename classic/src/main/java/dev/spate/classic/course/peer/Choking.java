package dev.spate.classic.course.peer;

import dev.spate.core.choke.ChokeCandidate;
import dev.spate.core.choke.ChokeDecision;
import dev.spate.core.choke.ChokeRound;
import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Preference;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The two clocks of choking: the k preferred neighbours each p seconds, the optimistic one each m seconds. Who is chosen is
 * {@link Preference}'s business; here is when, and whether that is news.
 */
final class Choking {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int slots;
    private final long preferredNanos;
    private final long optimisticNanos;
    private final RandomGenerator random;
    private long nextPreferred;
    private long nextOptimistic;
    private List<Integer> preferred = List.of();
    private int optimistic = ChokeRound.NOBODY;

    /** The first rounds are an interval after {@code now}. */
    Choking(int slots, int preferredSeconds, int optimisticSeconds, RandomGenerator random, long now) {
        this.slots = slots;
        this.preferredNanos = preferredSeconds * SECOND_NANOS;
        this.optimisticNanos = optimisticSeconds * SECOND_NANOS;
        this.random = random;
        this.nextPreferred = now + preferredNanos;
        this.nextOptimistic = now + optimisticNanos;
    }

    long deadline() {
        return Math.min(nextPreferred, nextOptimistic);
    }

    /** Whether the preferred neighbours are to be chosen; their next turn is set. */
    boolean preferredDue(long now) {
        if (nextPreferred > now) {
            return false;
        }
        nextPreferred = next(nextPreferred, preferredNanos, now);
        return true;
    }

    /** Whether the optimistic neighbour is. */
    boolean optimisticDue(long now) {
        if (nextOptimistic > now) {
            return false;
        }
        nextOptimistic = next(nextOptimistic, optimisticNanos, now);
        return true;
    }

    /** In step with the first round, however late this one is. */
    private static long next(long due, long interval, long now) {
        return due + ((now - due) / interval + 1) * interval;
    }

    /** The best, by what they sent since the last round or by lot if we have everything. */
    ChokeDecision choosePreferred(List<Neighbour> connected, boolean complete, long now) {
        Preference.Chosen chosen = Preference.best(round(connected, complete, now), random);
        preferred = chosen.best();
        return chosen.decision();
    }

    ChokeDecision chooseOptimistic(List<Neighbour> connected, boolean complete, long now) {
        ChokeDecision decision = Preference.rotate(round(connected, complete, now), preferred, random);
        optimistic = decision.optimistic();
        return decision;
    }

    private ChokeRound round(List<Neighbour> connected, boolean complete, long now) {
        List<ChokeCandidate> candidates = new ArrayList<>(connected.size());
        for (Neighbour each : connected) {
            candidates.add(new ChokeCandidate(
                    each.index,
                    each.peerInterested,
                    each.weChokePeer,
                    false,
                    complete ? 0 : each.receivedInRound,
                    0,
                    0,
                    each.weChokePeer ? ChokeCandidate.NEVER : 0,
                    0,
                    0));
        }
        return new ChokeRound(candidates, ChokeStrategy.LEECHING, slots, optimistic, false, 1, now);
    }

    void left(Neighbour gone) {
        preferred = preferred.stream().filter(index -> index != gone.index).toList();
        if (optimistic == gone.index) {
            optimistic = ChokeRound.NOBODY;
        }
    }

    boolean prefers(Neighbour neighbour) {
        return preferred.contains(neighbour.index);
    }

    List<Integer> preferred() {
        return preferred;
    }

    int optimistic() {
        return optimistic;
    }
}
