package dev.spate.core.choke;

import java.util.Comparator;
import java.util.function.ToLongFunction;

/** In which order the peers of a round deserve to be unchoked, the best first; total, so that nothing is left to chance. */
final class Ranking {
    /** Nobody loses its turn before this, so that TCP gets up to speed. */
    private static final long SHORTEST_TURN_NANOS = 60_000_000_000L;

    /** A peer too slow to reach its quota makes place in the end. */
    private static final long LONGEST_TURN_NANOS = 300_000_000_000L;

    private Ranking() {}

    static Comparator<ChokeCandidate> of(ChokeRound round) {
        // Among equals those that are unchoked remain so, then who has waited longest: fewer changes, and fair.
        return byMerit(round).thenComparing(interestedFirst()).thenComparing(amongEquals());
    }

    /** Those that are unchoked, then who has waited longest; total. */
    static Comparator<ChokeCandidate> amongEquals() {
        return Comparator.comparing(ChokeCandidate::weChokePeer)
                .thenComparing((a, b) -> Long.signum(a.waitingSince() - b.waitingSince()))
                .thenComparingInt(ChokeCandidate::peer);
    }

    /** By what the strategy looks at alone; peers may be equal. */
    static Comparator<ChokeCandidate> byMerit(ChokeRound round) {
        return switch (round.strategy()) {
            case LEECHING -> fastest(ChokeCandidate::downloadRate);
            case FASTEST_UPLOAD -> fastest(ChokeCandidate::uploadRate);
            case ROUND_ROBIN ->
                interestedFirst().thenComparingInt(c -> turn(c, round)).thenComparing(fastestInTurn());
            case ANTI_LEECH -> interestedFirst().thenComparingDouble(c -> -Math.abs(c.progress() - 0.5));
        };
    }

    private static Comparator<ChokeCandidate> fastest(ToLongFunction<ChokeCandidate> rate) {
        return Comparator.comparingLong(rate).reversed();
    }

    private static Comparator<ChokeCandidate> interestedFirst() {
        return Comparator.comparing(c -> !c.peerInterested());
    }

    /** The faster first, but only among those whose turn it is; who waits is ranked by how long. */
    private static Comparator<ChokeCandidate> fastestInTurn() {
        return Comparator.comparingLong(c -> c.weChokePeer() ? 0 : -c.uploadRate());
    }

    /** 0 in the middle of a turn, 1 waiting for one, 2 at the end of one. */
    private static int turn(ChokeCandidate candidate, ChokeRound round) {
        if (candidate.weChokePeer()) {
            return 1;
        }
        long turnNanos = round.now() - candidate.unchokedAt();
        boolean hadItsShare = candidate.sentSinceUnchoke() >= round.quotaBytes() && turnNanos >= SHORTEST_TURN_NANOS;
        return hadItsShare || turnNanos >= LONGEST_TURN_NANOS ? 2 : 0;
    }
}
