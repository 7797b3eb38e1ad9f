package dev.spate.core.choke;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Who may request from us from now on.
 *
 * @param unchoked all peers that are unchoked, whether they were or not, in ascending order
 * @param toUnchoke those among them that were choked: they are to be told
 * @param toChoke the peers that were unchoked and no longer are: they are to be told
 * @param optimistic the optimistic unchoke, one of {@code unchoked}, or {@link ChokeRound#NOBODY}
 */
public record ChokeDecision(List<Integer> unchoked, List<Integer> toUnchoke, List<Integer> toChoke, int optimistic) {
    public ChokeDecision {
        unchoked = List.copyOf(unchoked);
        toUnchoke = List.copyOf(toUnchoke);
        toChoke = List.copyOf(toChoke);
    }

    /** What follows when these among the peers, and no others, are to be unchoked. */
    static ChokeDecision between(List<ChokeCandidate> candidates, Collection<Integer> unchoked, int optimistic) {
        List<Integer> toUnchoke = new ArrayList<>();
        List<Integer> toChoke = new ArrayList<>();
        for (ChokeCandidate candidate : candidates) {
            boolean choked = !unchoked.contains(candidate.peer());
            if (choked && !candidate.weChokePeer()) {
                toChoke.add(candidate.peer());
            } else if (!choked && candidate.weChokePeer()) {
                toUnchoke.add(candidate.peer());
            }
        }
        return new ChokeDecision(unchoked.stream().sorted().toList(), toUnchoke, toChoke, optimistic);
    }
}
