package dev.spate.sim.report;

import dev.spate.sim.report.Plot.Manner;
import dev.spate.sim.report.Plot.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an event costs while a scenario grows, as a page and as CSV. */
public final class ScaleReport {

    /**
     * One run.
     *
     * @param byBound the time to the last host by the fluid bound
     * @param heapBytes what the Java heap held when it was over
     */
    public record Run(int hosts, long events, Duration took, double byBound, long heapBytes) {

        /** How long an event took on average, in nanoseconds. */
        public double nanosPerEvent() {
            return (double) took.toNanos() / Math.max(1, events);
        }
    }

    private ScaleReport() {}

    /** The files by their names; the page is {@code index.html}. */
    public static Map<String, String> files(String scenario, List<Run> runs) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("index.html", page(scenario, runs));
        StringBuilder csv = new StringBuilder("hosts,events,seconds,nanoseconds_per_event,by_bound,heap_bytes\n");
        for (Run run : runs) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%d,%d,%.3f,%.1f,%.4f,%d\n",
                    run.hosts(),
                    run.events(),
                    run.took().toNanos() / 1e9,
                    run.nanosPerEvent(),
                    run.byBound(),
                    run.heapBytes()));
        }
        files.put("scale.csv", csv.toString());
        return files;
    }

    /** A line of a table for people. */
    public static String line(Run run) {
        return String.format(
                Locale.ROOT,
                "%6d hosts  %,13d events  %7.1f s  %,10.0f events/s  %6.0f ns each  %5.2f x bound  %5d MiB",
                run.hosts(),
                run.events(),
                run.took().toNanos() / 1e9,
                1e9 / run.nanosPerEvent(),
                run.nanosPerEvent(),
                run.byBound(),
                run.heapBytes() >> 20);
    }

    private static String page(String scenario, List<Run> runs) {
        List<Point> cost = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        double most = 0;
        int hosts = 0;
        for (Run run : runs) {
            cost.add(new Point(run.hosts(), run.nanosPerEvent()));
            most = Math.max(most, run.nanosPerEvent());
            hosts = Math.max(hosts, run.hosts());
            rows.add(List.of(
                    String.valueOf(run.hosts()),
                    String.format(Locale.ROOT, "%,d", run.events()),
                    String.format(Locale.ROOT, "%.1f", run.took().toNanos() / 1e9),
                    String.format(Locale.ROOT, "%.0f", run.nanosPerEvent()),
                    String.format(Locale.ROOT, "%.2f", run.byBound()),
                    String.valueOf(run.heapBytes() >> 20)));
        }
        String plot = new Plot("hosts", hosts, most * 1.1, Plot::number)
                .series("nanoseconds an event", 0, Manner.AREA, cost)
                .svg("cost of an event by the number of hosts");
        return new Page(scenario + " at scale")
                .heading(
                        "What an event costs while the swarm grows: a flat line says that nothing is looked through that grows with it.")
                .section("Nanoseconds an event", "By the number of hosts.", plot)
                .section(
                        "The runs",
                        "On the machine where this was made.",
                        Page.table(
                                List.of("hosts", "events", "seconds", "ns an event", "by the fluid bound", "heap MiB"),
                                rows))
                .section("The data", "The same as CSV.", Page.links(List.of("scale.csv")))
                .toString();
    }
}
