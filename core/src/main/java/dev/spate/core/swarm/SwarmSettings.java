package dev.spate.core.swarm;

import dev.spate.core.announce.AnnounceSettings;
import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Slots;
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
 * @param seeding by what peers are ranked once we want nothing more; not {@link ChokeStrategy#LEECHING}
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
        ChokeStrategy seeding,
        Duration retryAfter,
        AnnounceSettings announce) {

    /** 80 connections, 2,000 candidates, 30 dials a second, BEP 3's four slots, round-robin seeding, a minute between dials. */
    public static final SwarmSettings DEFAULTS = new SwarmSettings(
            80,
            2000,
            30,
            Slots.DEFAULT,
            32,
            false,
            ChokeStrategy.ROUND_ROBIN,
            Duration.ofSeconds(60),
            AnnounceSettings.DEFAULT);

    public SwarmSettings {
        if (maxConnections < 1 || maxCandidates < 1 || dialsPerSecond < 1) {
            throw new IllegalArgumentException("below 1: connections " + maxConnections + ", candidates "
                    + maxCandidates + ", dials a second " + dialsPerSecond);
        }
        if (uploadSlots < 1 || maxUploadSlots < uploadSlots) {
            throw new IllegalArgumentException("slots from " + uploadSlots + " to " + maxUploadSlots);
        }
        if (seeding == ChokeStrategy.LEECHING) {
            throw new IllegalArgumentException("a seed does not rank by what it gets");
        }
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("negative: " + retryAfter);
        }
    }

    public SwarmSettings withMaxConnections(int connections) {
        return new SwarmSettings(
                connections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                seeding,
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
                seeding,
                retryAfter,
                announce);
    }

    /** A fixed number of slots. */
    public SwarmSettings withUploadSlots(int slots) {
        return new SwarmSettings(
                maxConnections, maxCandidates, dialsPerSecond, slots, slots, false, seeding, retryAfter, announce);
    }

    /** As many slots as the rates fill, within bounds. */
    public SwarmSettings withAutoSlots(int atLeast, int atMost) {
        return new SwarmSettings(
                maxConnections, maxCandidates, dialsPerSecond, atLeast, atMost, true, seeding, retryAfter, announce);
    }

    public SwarmSettings withSeeding(ChokeStrategy strategy) {
        return new SwarmSettings(
                maxConnections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                strategy,
                retryAfter,
                announce);
    }

    public SwarmSettings withRetryAfter(Duration delay) {
        return new SwarmSettings(
                maxConnections,
                maxCandidates,
                dialsPerSecond,
                uploadSlots,
                maxUploadSlots,
                autoSlots,
                seeding,
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
                seeding,
                retryAfter,
                settings);
    }
}
