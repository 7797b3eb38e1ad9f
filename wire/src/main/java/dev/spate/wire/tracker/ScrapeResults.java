package dev.spate.wire.tracker;

import dev.spate.wire.Digest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tracker told about swarms.
 *
 * @param swarms by info-hash of 20 bytes; may lack some that were asked for and hold others that were not
 */
public record ScrapeResults(SortedMap<Digest, ScrapeAnswer> swarms) implements ScrapeOutcome {
    public ScrapeResults {
        swarms = Collections.unmodifiableSortedMap(new TreeMap<>(swarms));
    }
}
