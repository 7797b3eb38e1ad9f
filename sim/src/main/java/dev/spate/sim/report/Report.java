package dev.spate.sim.report;

import dev.spate.sim.report.Page.Figure;
import dev.spate.sim.report.Plot.Manner;
import dev.spate.sim.report.Plot.Point;
import dev.spate.sim.scenario.Group;
import dev.spate.sim.scenario.Happening;
import dev.spate.sim.scenario.Outcome;
import dev.spate.sim.scenario.Sample;
import dev.spate.sim.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;

/** What came of a scenario, as a folder for people: a page, and its data as CSV beside it. */
public final class Report {
    private final Outcome outcome;
    private final Scenario scenario;
    private final double end;

    private Report(Outcome outcome) {
        this.outcome = outcome;
        this.scenario = outcome.scenario();
        this.end = outcome.elapsed().toNanos() / 1e9;
    }

    /**
     * The files by their names; the page is {@code index.html}.
     *
     * @param took how long the run took in reality
     */
    public static Map<String, String> files(Outcome outcome, Duration took) {
        Map<String, String> data = Csv.files(outcome);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("index.html", new Report(outcome).page(took, List.copyOf(data.keySet())));
        files.putAll(data);
        return files;
    }

    private String page(Duration took, List<String> data) {
        Page page = new Page(scenario.name())
                .heading(scenario.about())
                .verdict(outcome.isGood(), outcome.isGood() ? List.of(Words.allIsWell(outcome)) : outcome.problems())
                .figures(figures(took))
                .section("How long it took", Words.boundTold(outcome), "")
                .section(
                        "Who had it when",
                        "Which part of each group had everything; dotted, which part of its pieces it had on average.",
                        completions())
                .section(
                        "How many had a piece",
                        "Copies of the rarest piece and of a piece on average, among honest hosts that were up. A swarm is healthy while"
                                + " the rarest is no lone one.",
                        availability())
                .section(
                        "How much of the upload was used",
                        "Of those who give and were up. A fluid would use all of it until the end, where the upload is what limits it.",
                        utilisation())
                .section("Who served whom", choking(), HeatMap.svg(outcome.choking()))
                .section("Who gave how much", "What each host gave, in torrents, the least generous first.", ratios());
        if (!outcome.films().isEmpty()) {
            page.section("How the film played", "How long it took to begin, and how long it stood still.", films());
        }
        return page.section("Who took part", Words.network(scenario), groups() + happenings())
                .section("The data", "The same as CSV.", Page.links(data))
                .toString();
    }

    private List<Figure> figures(Duration took) {
        return List.of(
                new Figure(Words.seconds(outcome.last()), "until the last host was complete"),
                new Figure(Words.seconds(outcome.bound().time()), "by the fluid bound"),
                new Figure(String.format(Locale.ROOT, "%.0f %%", 100 * (outcome.byBound() - 1)), "longer than a fluid"),
                new Figure(String.format(Locale.ROOT, "%,d", outcome.events()), "events"),
                new Figure(
                        String.format(Locale.ROOT, "%,.0f", Words.eventsPerSecond(outcome, took)), "events a second"),
                new Figure(String.valueOf(outcome.seed()), "seed"),
                new Figure(outcome.hash(), "hash of the log"));
    }

    private Plot timePlot(double maxY, DoubleFunction<String> tick) {
        Plot plot = new Plot("seconds", end, maxY, tick);
        for (Happening happening : scenario.happenings()) {
            double at = happening.at().toNanos() / 1e9;
            boolean atOnce = happening instanceof Happening.ClockJump;
            plot.span(
                    Words.name(happening),
                    at,
                    at + (atOnce ? 0 : happening.time().toNanos() / 1e9));
        }
        return plot;
    }

    private String completions() {
        Plot plot =
                timePlot(1, Report::percent).mark("fluid bound", outcome.bound().seconds());
        for (int group = 0; group < scenario.groups().size(); group++) {
            Group its = scenario.groups().get(group);
            if (its.complete()) {
                continue;
            }
            List<Point> part = new ArrayList<>();
            for (Sample sample : outcome.samples()) {
                part.add(new Point(sample.seconds(), sample.part().get(group)));
            }
            List<Point> complete = new ArrayList<>(List.of(new Point(0, 0)));
            List<Double> times = outcome.completions().get(group);
            for (int i = 0; i < times.size(); i++) {
                complete.add(new Point(times.get(i), (i + 1.0) / its.count()));
            }
            complete.add(new Point(end, (double) times.size() / its.count()));
            plot.series(its.name(), group, Manner.STEPS, complete).series(its.name(), group, Manner.THIN, part);
        }
        return plot.svg("part of each group that is complete, over time");
    }

    private String availability() {
        List<Point> rarest = new ArrayList<>();
        List<Point> mean = new ArrayList<>();
        double most = 0;
        for (Sample sample : outcome.samples()) {
            rarest.add(new Point(sample.seconds(), sample.rarest()));
            mean.add(new Point(sample.seconds(), sample.mean()));
            most = Math.max(most, sample.mean());
        }
        return timePlot(most, Plot::number)
                .series("a piece on average", 0, Manner.STRAIGHT, mean)
                .series("the rarest piece", 1, Manner.STEPS, rarest)
                .svg("copies of a piece, over time");
    }

    private String utilisation() {
        List<Point> used = new ArrayList<>();
        outcome.samples().forEach(sample -> used.add(new Point(sample.seconds(), sample.utilisation())));
        return timePlot(1, Report::percent)
                .mark("fluid bound", outcome.bound().seconds())
                .series("upload in use", 2, Manner.AREA, used)
                .svg("part of the upload that was used, over time");
    }

    private String choking() {
        boolean single = outcome.choking().names().size() == scenario.hosts();
        return single
                ? "For which part of the time the host of the row had unchoked the host of the column, which wanted that."
                : "How many wanting hosts of the column a host of the row had unchoked on average.";
    }

    private String ratios() {
        double most = 1;
        for (List<Double> group : outcome.shareRatios()) {
            most = Math.max(most, group.isEmpty() ? 0 : group.getLast());
        }
        Plot plot = new Plot("part of the group, in %", 100, most, Plot::number);
        for (int group = 0; group < scenario.groups().size(); group++) {
            List<Double> ratios = outcome.shareRatios().get(group);
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < ratios.size(); i++) {
                points.add(new Point(100.0 * i / ratios.size(), ratios.get(i)));
                points.add(new Point(100.0 * (i + 1) / ratios.size(), ratios.get(i)));
            }
            plot.series(scenario.groups().get(group).name(), group, Manner.STRAIGHT, points);
        }
        return plot.svg("what hosts gave, in torrents");
    }

    private String films() {
        List<List<String>> rows = new ArrayList<>();
        for (Outcome.Film film : outcome.films()) {
            rows.add(List.of(
                    "viewer " + (rows.size() + 1),
                    String.format(Locale.ROOT, "%.1f s", film.startedSeconds()),
                    String.valueOf(film.stalls()),
                    String.format(Locale.ROOT, "%.1f s", film.stalledSeconds())));
        }
        return Page.table(List.of("", "began after", "stalls", "stood still for"), rows);
    }

    private String groups() {
        List<List<String>> rows = new ArrayList<>();
        for (Group group : scenario.groups()) {
            rows.add(List.of(
                    group.name(),
                    String.valueOf(group.count()),
                    Words.rate(group.line().upBytesPerSecond()),
                    Words.rate(group.line().downBytesPerSecond()),
                    Words.traits(group)));
        }
        return Page.table(List.of("group", "hosts", "up", "down", ""), rows);
    }

    private String happenings() {
        List<List<String>> rows = new ArrayList<>();
        for (Happening happening : scenario.happenings()) {
            rows.add(List.of(
                    Words.name(happening),
                    String.format(Locale.ROOT, "%.0f %% of the %s", 100 * happening.share(), happening.group()),
                    Words.seconds(happening.at()),
                    Words.seconds(happening.time())));
        }
        return rows.isEmpty() ? "" : Page.table(List.of("what happens", "to", "after", "for"), rows);
    }

    private static String percent(double part) {
        return Math.round(part * 100) + " %";
    }
}
