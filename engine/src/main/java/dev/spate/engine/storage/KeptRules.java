package dev.spate.engine.storage;

import dev.spate.core.choke.Choking;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import java.util.Optional;

/**
 * What the user has said that a torrent may do.
 *
 * @param limits of all its peers together
 * @param peerLimits of each of its peers
 * @param group whose limits it shares, or empty
 * @param maxConnections 1 or more, or 0 for as many as the session says
 * @param uploadSlots likewise
 * @param choking to whom it gives; empty: to whom the session says
 * @param superSeeding whether it super-seeds as soon as it has all pieces
 * @param seedLimits when it has seeded enough; empty: when the session says
 */
public record KeptRules(
        RateLimits limits,
        RateLimits peerLimits,
        Optional<String> group,
        int maxConnections,
        int uploadSlots,
        Optional<Choking> choking,
        boolean superSeeding,
        Optional<SeedLimits> seedLimits) {

    /** Of a torrent of which nothing was said. */
    public static final KeptRules NONE = new KeptRules(
            RateLimits.NONE, RateLimits.NONE, Optional.empty(), 0, 0, Optional.empty(), false, Optional.empty());

    public KeptRules {
        if (maxConnections < 0 || uploadSlots < 0) {
            throw new IllegalArgumentException("negative: " + maxConnections + ", " + uploadSlots);
        }
    }

    public KeptRules withLimits(RateLimits changed) {
        return new KeptRules(
                changed, peerLimits, group, maxConnections, uploadSlots, choking, superSeeding, seedLimits);
    }

    public KeptRules withPeerLimits(RateLimits changed) {
        return new KeptRules(limits, changed, group, maxConnections, uploadSlots, choking, superSeeding, seedLimits);
    }

    public KeptRules withGroup(Optional<String> changed) {
        return new KeptRules(
                limits, peerLimits, changed, maxConnections, uploadSlots, choking, superSeeding, seedLimits);
    }

    public KeptRules withMaxConnections(int changed) {
        return new KeptRules(limits, peerLimits, group, changed, uploadSlots, choking, superSeeding, seedLimits);
    }

    public KeptRules withUploadSlots(int changed) {
        return new KeptRules(limits, peerLimits, group, maxConnections, changed, choking, superSeeding, seedLimits);
    }

    public KeptRules withChoking(Optional<Choking> changed) {
        return new KeptRules(limits, peerLimits, group, maxConnections, uploadSlots, changed, superSeeding, seedLimits);
    }

    public KeptRules withSuperSeeding(boolean changed) {
        return new KeptRules(limits, peerLimits, group, maxConnections, uploadSlots, choking, changed, seedLimits);
    }

    public KeptRules withSeedLimits(Optional<SeedLimits> changed) {
        return new KeptRules(limits, peerLimits, group, maxConnections, uploadSlots, choking, superSeeding, changed);
    }
}
