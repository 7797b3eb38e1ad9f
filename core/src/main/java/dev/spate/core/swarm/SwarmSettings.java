package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceSettings;
import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Slots;
import dev.spate.core.choke.Trader;
import dev.spate.core.choke.Trading;
import java.time.Duration;

/**
 * What may be tuned about a swarm.
 *
 * @param maxConnections most connections, those being dialed included; at least 1
 * @param maxCandidates most known addresses that are not connected; at least 1
 * @param dialsPerSecond most dials a second; at least 1
 * @param uploadSlots how many interested peers are unchoked; with {@code autoSlots} the fewest; at least 1
 * @param maxUploadSlots with {@code autoSlots} the most interested peers that are unchoked; at least {@code uploadSlots}
 * @param autoSlots whether the number of slots follows the rates of the peers
 * @param choking to whom we give; the slots are those of a seed and of {@link Trading#TIT_FOR_TAT}, the other rules serve as many as they
 *     find worth it, {@link Trader#MOST_SERVED} at most
 * @param retryAfter how long an address is left alone after a connection to it; after n failures in a row n + 1 times as long
 * @param announce how eagerly trackers are asked
 */
public record SwarmSettings(
        int maxConnections,
        int maxCandidates,
        int dialsPerSecond,
        int uploadSlots,
        int maxUploadSlots,
        boolean autoSlots,
        Choking choking,
        Duration retryAfter,
        AnnounceSettings announce) {

    /** 80 connections, 2,000 candidates, 30 dials a second, BEP 3's four slots, tit for tat, round-robin seeding, a minute between dials. */
    public static final SwarmSettings DEFAULTS = new SwarmSettings(
            80, 2000, 30, Slots.DEFAULT, 32, false, Choking.DEFAULT, Duration.ofSeconds(60), AnnounceSettings.DEFAULT);

    public SwarmSettings {
        if (maxConnections < 1 || maxCandidates < 1 || dialsPerSecond < 1) {
            throw new IllegalArgumentException("below 1: connections " + maxConnections + ", candidates "
                    + maxCandidates + ", dials a second " + dialsPerSecond);
        }
        if (uploadSlots < 1 || maxUploadSlots < uploadSlots) {
            throw new IllegalArgumentException("slots from " + uploadSlots + " to " + maxUploadSlots);
        }
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("negative: " + retryAfter);
        }
    }

    /** The most interested peers that may be unchoked at a time, whatever we do. */
    public int mostServed() {
        int slots = autoSlots ? maxUploadSlots : uploadSlots;
        return choking.trading() == Trading.TIT_FOR_TAT ? slots : Math.max(slots, Trader.MOST_SERVED);
    }

    public SwarmSettings withMaxConnections(int connections) {
        return new SwarmSettings(
                connections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                choking,
                retryAfter,
                announce);
    }

    public SwarmSettings withMaxCandidates(int candidates) {
        return new SwarmSettings(
                maxConnections,
                candidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                choking,
                retryAfter,
                announce);
    }

    /** A fixed number of slots. */
    public SwarmSettings withUploadSlots(int slots) {
        return new SwarmSettings(
                maxConnections, maxCandidates, dialsPerSecond, slots, slots, false, choking, retryAfter, announce);
    }

    /** As many slots as the rates fill, within bounds. */
    public SwarmSettings withAutoSlots(int atLeast, int atMost) {
        return new SwarmSettings(
                maxConnections, maxCandidates, dialsPerSecond, atLeast, atMost, true, choking, retryAfter, announce);
    }

    public SwarmSettings withChoking(Choking other) {
        return new SwarmSettings(
                maxConnections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                other,
                retryAfter,
                announce);
    }

    /** The same, but with another rule while we want something. */
    public SwarmSettings withTrading(Trading rule) {
        return withChoking(choking.withTrading(rule));
    }

    /** The same, but with another ranking once we want nothing more. */
    public SwarmSettings withSeeding(ChokeStrategy strategy) {
        return withChoking(choking.withSeeding(strategy));
    }

    public SwarmSettings withRetryAfter(Duration delay) {
        return new SwarmSettings(
                maxConnections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                choking,
                delay,
                announce);
    }

    public SwarmSettings withAnnounce(AnnounceSettings settings) {
        return new SwarmSettings(
                maxConnections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                choking,
                retryAfter,
                settings);
    }
}
