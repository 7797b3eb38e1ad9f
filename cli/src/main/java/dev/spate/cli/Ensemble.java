package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.sim.InvariantBroken;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * What came of many runs that differ in their seeds only.
 *
 * @param failures a line for each of the first seeds that did not end well
 * @param failed how many these were
 * @param sorted a number of each run that came to an end, ascending
 */
record Ensemble(int runs, int failed, List<String> failures, long events, Duration took, List<Double> sorted) {
    private static final int MOST_TOLD = 10;
    private static final int TOLD_EVERY = 10_000;

    /**
     * What came of one run.
     *
     * @param problem what should not be so; empty if all is well
     * @param number what the runs are compared by; not a number if it broke off
     */
    record Single(String problem, long events, double number) {}

    private record Numbered(long seed, Single single) {}

    /**
     * Runs with so many seeds, each in one thread and as many at a time as there are processors.
     *
     * @param progress is told now and then how many are over
     */
    static Ensemble run(long first, int count, LongFunction<Single> each, PrintWriter progress) {
        long begin = System.nanoTime();
        AtomicInteger over = new AtomicInteger();
        List<Numbered> all = LongStream.range(first, first + count)
                .parallel()
                .mapToObj(seed -> {
                    Numbered run = new Numbered(seed, guarded(seed, each));
                    int so = over.incrementAndGet();
                    if (so % TOLD_EVERY == 0) {
                        progress.println(String.format(Locale.ROOT, "%,d of %,d", so, count));
                    }
                    return run;
                })
                .toList();
        List<Numbered> failed =
                all.stream().filter(run -> !run.single().problem().isEmpty()).toList();
        progress.flush();
        return new Ensemble(
                count,
                failed.size(),
                failed.stream()
                        .limit(MOST_TOLD)
                        .map(run -> "seed " + run.seed() + ": " + run.single().problem())
                        .toList(),
                all.stream().mapToLong(run -> run.single().events()).sum(),
                Duration.ofNanos(System.nanoTime() - begin),
                all.stream()
                        .map(run -> run.single().number())
                        .filter(number -> !Double.isNaN(number))
                        .sorted()
                        .toList());
    }

    private static Single guarded(long seed, LongFunction<Single> each) {
        try {
            return each.apply(seed);
        } catch (InvariantBroken e) {
            return new Single("an invariant is broken: " + e.getMessage(), 0, Double.NaN);
        }
    }

    boolean isGood() {
        return failed == 0;
    }

    void print(PrintWriter out) {
        out.println(String.format(
                Locale.ROOT,
                "%,d swarms, %,d events in %.1f s, %,.0f events a second: %s",
                runs,
                events,
                took.toNanos() / 1e9,
                events * 1e9 / Math.max(1, took.toNanos()),
                isGood() ? "all ended well, and every invariant held" : failed + " DID NOT END WELL"));
        failures.forEach(out::println);
    }

    Json json(String scenario) {
        return new Json()
                .put("type", "simulations")
                .put("scenario", scenario)
                .put("good", isGood())
                .put("runs", runs)
                .put("failed", failed)
                .put("events", events)
                .putDecimal("wallSeconds", took.toNanos() / 1e9)
                .putUnlessEmpty("failures", failures);
    }
}
