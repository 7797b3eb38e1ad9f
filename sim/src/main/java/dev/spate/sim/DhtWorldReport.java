package dev.spate.sim;

import java.util.Locale;

/**
 * What came of a simulated DHT.
 *
 * @param lookups how many searches were made
 * @param succeeded how many of them found the announced peer
 * @param meanHops how many nodes in a row told of the next, on average
 * @param meanQueries how many nodes were asked in a search, on average
 * @param tableNodes how many entries the tables of honest nodes have at the end
 * @param phantoms how many of these are addresses at which nobody ever was
 * @param misnamed how many of these have another id than the node at that address, if it is still there
 * @param dead how many of these are nodes that have left
 * @param liars how many of these are liars
 * @param datagrams how many were sent in all
 */
public record DhtWorldReport(
        int lookups,
        int succeeded,
        double meanHops,
        double meanQueries,
        int tableNodes,
        int phantoms,
        int misnamed,
        int dead,
        int liars,
        long datagrams) {

    /** The share of searches that found what they looked for. */
    public double success() {
        return (double) succeeded / lookups;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d lookups found the peer, %.1f hops and %.1f queries each; tables: %d nodes, of which %d phantoms,"
                        + " %d misnamed, %d dead, %d liars; %d datagrams",
                succeeded,
                lookups,
                meanHops,
                meanQueries,
                tableNodes,
                phantoms,
                misnamed,
                dead,
                liars,
                datagrams);
    }
}
