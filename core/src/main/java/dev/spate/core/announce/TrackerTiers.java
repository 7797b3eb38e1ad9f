package dev.spate.core.announce;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Announce URLs, the most preferred tier first (BEP 12), as a user edits them. No URL is there twice, no tier is empty.
 *
 * @param tiers not to be changed
 */
public record TrackerTiers(List<List<String>> tiers) {

    /** A longer URL is refused, in characters; those with pass keys have a hundred or two. */
    public static final int MAX_URL = 2048;

    /** Doubles and empty tiers are left out, the first place of a URL counts; so is what exceeds {@link Announcer#MAX_TRACKERS}. */
    public TrackerTiers {
        Set<String> seen = new LinkedHashSet<>();
        List<List<String>> kept = new ArrayList<>();
        for (List<String> tier : tiers) {
            List<String> urls = tier.stream()
                    .filter(url -> seen.size() < Announcer.MAX_TRACKERS && seen.add(url))
                    .toList();
            if (!urls.isEmpty()) {
                kept.add(urls);
            }
        }
        tiers = List.copyOf(kept);
    }

    /** Why a URL cannot be announced to; empty if it can. */
    public static Optional<String> objection(String url) {
        if (url.length() > MAX_URL) {
            return Optional.of("it has more than " + MAX_URL + " characters");
        }
        if (url.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return Optional.of("it has spaces or control characters");
        }
        return Tracker.isSupported(url)
                ? Optional.empty()
                : Optional.of("only udp, http and https trackers can be announced to");
    }

    /** How many URLs there are. */
    public int size() {
        return tiers.stream().mapToInt(List::size).sum();
    }

    public boolean contains(String url) {
        return tiers.stream().anyMatch(tier -> tier.contains(url));
    }

    /**
     * With this URL at the end of a tier; one that is there already moves.
     *
     * @param tier from 0; one beyond the last makes a new last tier
     */
    public TrackerTiers with(String url, int tier) {
        if (tier < 0) {
            throw new IllegalArgumentException("negative: " + tier);
        }
        List<List<String>> changed = lists();
        if (tier >= changed.size()) {
            changed.add(new ArrayList<>());
        }
        changed.forEach(list -> list.remove(url));
        changed.get(Math.min(tier, changed.size() - 1)).add(url);
        return new TrackerTiers(changed);
    }

    /** Without this URL; the same if it is not there. */
    public TrackerTiers without(String url) {
        List<List<String>> changed = lists();
        changed.forEach(list -> list.remove(url));
        return new TrackerTiers(changed);
    }

    private List<List<String>> lists() {
        List<List<String>> copy = new ArrayList<>();
        tiers.forEach(tier -> copy.add(new ArrayList<>(tier)));
        return copy;
    }
}
