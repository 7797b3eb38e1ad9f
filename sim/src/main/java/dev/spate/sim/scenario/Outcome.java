package dev.spate.sim.scenario;

import java.time.Duration;
import java.util.List;

/**
 * What came of a scenario.
 *
 * @param problems what should not be so at the end, for a person; empty if all is well
 * @param elapsed virtual time until the end
 * @param last when the last honest host became complete; {@code elapsed} if one did not
 * @param completions of each group when each of its hosts became complete, in seconds and ascending; those that began so are not there
 * @param shareRatios of each group the bytes given by the torrent's size, ascending
 * @param choking who served whom
 * @param films how those who watched were served; empty if nobody did
 * @param longestWait the longest time in which an honest host that was up got no piece and still wanted one
 * @param redundantBytes what honest hosts got and did not need, or was bad
 * @param bannedHosts how many hosts somebody shut out; each of them had lied
 * @param events how many there were; after each of them the invariants were looked at
 * @param logHash equal for two runs only if they were the same
 */
public record Outcome(
        Scenario scenario,
        long seed,
        List<String> problems,
        Duration elapsed,
        Duration last,
        FluidBound bound,
        List<Sample> samples,
        List<List<Double>> completions,
        List<List<Double>> shareRatios,
        ChokeMatrix choking,
        List<Film> films,
        Duration longestWait,
        long redundantBytes,
        int bannedHosts,
        long events,
        long logHash) {

    /**
     * How somebody who watched was served.
     *
     * @param startedSeconds how long it took until the film began; not finite if it never did
     * @param stalls how often it stood still afterwards
     * @param stalledSeconds for how long in all
     */
    public record Film(double startedSeconds, int stalls, double stalledSeconds) {}

    public Outcome {
        problems = List.copyOf(problems);
        samples = List.copyOf(samples);
        completions = List.copyOf(completions);
        shareRatios = List.copyOf(shareRatios);
        films = List.copyOf(films);
    }

    /** The time to the last host by the fluid bound; 1 would be perfect. */
    public double byBound() {
        return last.toNanos() / 1e9 / bound.seconds();
    }

    /** Whether nothing is as it should not be. */
    public boolean isGood() {
        return problems.isEmpty();
    }

    /** The hash of the log, as people compare it. */
    public String hash() {
        return String.format("%016x", logHash);
    }
}
