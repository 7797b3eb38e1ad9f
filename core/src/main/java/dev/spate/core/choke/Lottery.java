package dev.spate.core.choke;

import java.util.List;
import java.util.random.RandomGenerator;

/** Who is unchoked without having deserved it. Pure. */
final class Lottery {
    /** BEP 3: "new connections are three times as likely to start as the current optimistic unchoke". */
    private static final int NEWCOMER_WEIGHT = 3;

    private Lottery() {}

    /** Draws one of the pool, which is not empty, and removes it; a newcomer is three times as likely. */
    static ChokeCandidate draw(List<ChokeCandidate> pool, RandomGenerator random) {
        int tickets = 0;
        for (ChokeCandidate candidate : pool) {
            tickets += tickets(candidate);
        }
        int drawn = random.nextInt(tickets);
        int index = 0;
        while ((drawn -= tickets(pool.get(index))) >= 0) {
            index++;
        }
        return pool.remove(index);
    }

    private static int tickets(ChokeCandidate candidate) {
        return candidate.isNewcomer() ? NEWCOMER_WEIGHT : 1;
    }
}
