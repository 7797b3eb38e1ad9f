package dev.spate.sim.scenario;

import dev.spate.core.choke.Trading;

/**
 * What may be tuned about the swarms of a group.
 *
 * @param uploadSlots how many interested peers are unchoked at a time, at least 1
 * @param maxConnections most connections, at least 1
 * @param superSeeding whether a host lets its pieces out one by one (BEP 16), once it has all
 * @param trading to whom it gives while it wants something itself
 */
public record Tuning(int uploadSlots, int maxConnections, boolean superSeeding, Trading trading) {

    /** Four slots, eighty connections, and tit for tat. */
    public static final Tuning USUAL = new Tuning(4, 80, false, Trading.TIT_FOR_TAT);

    public Tuning {
        if (uploadSlots < 1 || maxConnections < 1) {
            throw new IllegalArgumentException(uploadSlots + " slots, " + maxConnections + " connections");
        }
    }

    public Tuning withUploadSlots(int slots) {
        return new Tuning(slots, maxConnections, superSeeding, trading);
    }

    public Tuning withMaxConnections(int connections) {
        return new Tuning(uploadSlots, connections, superSeeding, trading);
    }

    public Tuning withSuperSeeding() {
        return new Tuning(uploadSlots, maxConnections, true, trading);
    }

    public Tuning withTrading(Trading rule) {
        return new Tuning(uploadSlots, maxConnections, superSeeding, rule);
    }
}
