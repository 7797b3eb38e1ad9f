package dev.spate.sim.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The least time in which a swarm can distribute its torrent if data were a fluid: no pieces, no delays, and everyone willing (Kumar and
 * Ross, "Peer-assisted file distribution: the minimum distribution time", 2006; here with hosts that come one after the other).
 *
 * <p>It counts as seeds the honest hosts that begin complete, and as leeches the honest hosts that do not; the upload of those who lie,
 * stall or ride free does not count. That some are away, cut off or leave makes it no longer: it stays a lower bound.
 *
 * @param seedSeconds the seeds must send each byte once
 * @param slowestSeconds each leech must receive each byte, from when it comes
 * @param sharedSeconds all upload together must carry a copy to each leech
 */
public record FluidBound(double seedSeconds, double slowestSeconds, double sharedSeconds) {

    /**
     * A host as the bound sees it.
     *
     * @param arrivalSeconds when it comes
     */
    record Source(Group group, double arrivalSeconds) {
        double upload() {
            return group.conduct().gives() ? group.line().upBytesPerSecond() : 0;
        }
    }

    /** That of a torrent's length and hosts. */
    static FluidBound of(long length, List<Source> hosts) {
        List<Source> seeds = new ArrayList<>();
        double slowest = 0;
        int leeches = 0;
        for (Source host : hosts) {
            if (host.group().complete()) {
                seeds.add(host);
            } else {
                leeches++;
                double down = host.group().line().downBytesPerSecond();
                slowest = Math.max(slowest, host.arrivalSeconds() + length / down);
            }
        }
        return new FluidBound(whenSent(seeds, (double) length), slowest, whenSent(hosts, (double) leeches * length));
    }

    /** When so many bytes can have been sent: each host sends from when it comes. */
    private static double whenSent(List<Source> hosts, double bytes) {
        List<Source> sorted = new ArrayList<>(hosts);
        sorted.sort(Comparator.comparingDouble(Source::arrivalSeconds));
        double now = 0;
        double rate = 0;
        double left = bytes;
        for (Source host : sorted) {
            double pause = host.arrivalSeconds() - now;
            if (rate * pause >= left) {
                break;
            }
            left -= rate * pause;
            now = host.arrivalSeconds();
            rate += host.upload();
        }
        return now + left / rate;
    }

    /** The least time of all. */
    public double seconds() {
        return Math.max(seedSeconds, Math.max(slowestSeconds, sharedSeconds));
    }

    /** The least time of all. */
    public Duration time() {
        return Duration.ofMillis(Math.round(Math.min(seconds(), 1e9) * 1000));
    }

    /** What keeps the swarm from being faster, for a person. */
    public String reason() {
        if (seedSeconds >= slowestSeconds && seedSeconds >= sharedSeconds) {
            return "the seeds must send each byte once";
        }
        return slowestSeconds >= sharedSeconds
                ? "each leech must receive each byte, from when it comes"
                : "all upload together must carry a copy to each leech";
    }
}
