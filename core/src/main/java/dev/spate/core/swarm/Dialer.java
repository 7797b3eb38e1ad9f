package dev.spate.core.swarm;

import dev.spate.core.peer.Peer;
import dev.spate.core.peer.PeerTerms;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Dials the best candidates while there is room, not more than so many a second. */
final class Dialer {
    private final Bounds bounds;
    private final long intervalNanos;
    private final PeerTerms terms;
    private final Conversations conversations;
    private final Candidates candidates;
    private final Bans bans;
    private final BooleanSupplier wantsSeeds;
    private final Outputs outputs;
    private boolean running;
    private boolean dialed;
    private long nextAt;

    /** @param wantsSeeds whether those who only give are of use */
    Dialer(Roster roster, PeerTerms terms, BooleanSupplier wantsSeeds) {
        this.bounds = roster.bounds();
        this.intervalNanos = Duration.ofSeconds(1).toNanos() / bounds.settings().dialsPerSecond();
        this.terms = terms;
        this.conversations = roster.conversations();
        this.candidates = roster.candidates();
        this.bans = roster.bans();
        this.wantsSeeds = wantsSeeds;
        this.outputs = roster.outputs();
    }

    void run(boolean run) {
        running = run;
    }

    /** Does what is due. */
    void settle(long now) {
        while (hasRoom() && (!dialed || now - nextAt >= 0)) {
            Candidate candidate = candidates.best(wantsSeeds.getAsBoolean(), now);
            if (candidate == null) {
                return;
            }
            if (bans.isBanned(candidate.address.ip())) {
                candidates.bar(candidate);
                continue;
            }
            dialed = true;
            nextAt = now + intervalNanos;
            candidates.connected(candidate);
            Conversation peer = conversations.add(Peer.outgoing(terms, now), candidate.address, candidate, now);
            outputs.add(new Effect.Dial(peer.slot, candidate.address));
        }
    }

    private boolean hasRoom() {
        return running && conversations.open() < bounds.maxConnections();
    }

    long deadline(long now) {
        if (!hasRoom()) {
            return Long.MAX_VALUE;
        }
        if (dialed && now - nextAt < 0) {
            // Whether there is somebody to dial is looked at then.
            return nextAt;
        }
        return candidates.best(wantsSeeds.getAsBoolean(), now) == null ? candidates.deadline() : nextAt;
    }
}
