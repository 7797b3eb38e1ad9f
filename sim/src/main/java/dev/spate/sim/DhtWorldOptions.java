package dev.spate.sim;

import java.time.Duration;

/**
 * A DHT to simulate.
 *
 * @param nodes how many there are at a time, at least 2
 * @param natted the share of nodes that only those reach whom they have written to in the last minute; 0 to 1
 * @param liars the share of nodes that answer everything with what is not true; 0 to 1
 * @param loss the share of datagrams that get lost; 0 to 1
 * @param meanLifetime how long an honest node stays on average, before another one takes its place
 * @param announces how many peers announce themselves, each to a swarm of its own; they stay
 * @param lookups how many searches for these swarms are made, by honest nodes of all kinds
 */
public record DhtWorldOptions(
        int nodes, double natted, double liars, double loss, Duration meanLifetime, int announces, int lookups) {

    /** A third behind NATs, one in twenty lies, one datagram in fifty is lost, and nodes stay for an hour. */
    public static DhtWorldOptions of(int nodes) {
        return new DhtWorldOptions(nodes, 1.0 / 3, 0.05, 0.02, Duration.ofHours(1), 50, 500);
    }

    public DhtWorldOptions {
        if (nodes < 2 || announces < 1 || lookups < 0) {
            throw new IllegalArgumentException("too few: " + nodes + " nodes, " + announces + " announces");
        }
        if (!isShare(natted) || !isShare(liars) || !isShare(loss)) {
            throw new IllegalArgumentException("not shares: " + natted + ", " + liars + ", " + loss);
        }
        if (!meanLifetime.isPositive()) {
            throw new IllegalArgumentException("no lifetime: " + meanLifetime);
        }
    }

    private static boolean isShare(double number) {
        return number >= 0 && number <= 1;
    }
}
