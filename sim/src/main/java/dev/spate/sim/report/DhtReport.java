package dev.spate.sim.report;

import dev.spate.sim.DhtWorldOptions;
import dev.spate.sim.DhtWorldReport;
import dev.spate.sim.report.Page.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came of a simulated DHT, as a page and as CSV. */
public final class DhtReport {
    /** So many searches find what they look for at least. */
    private static final double ENOUGH_FOUND = 0.99;

    private DhtReport() {}

    /** What should not be so, for a person; empty if all is well. */
    public static List<String> problems(DhtWorldReport report) {
        List<String> problems = new ArrayList<>();
        if (report.success() < ENOUGH_FOUND) {
            problems.add(String.format(
                    Locale.ROOT, "only %d of %d searches found the peer", report.succeeded(), report.lookups()));
        }
        if (report.phantoms() > 0) {
            problems.add(report.phantoms() + " entries of tables are of addresses at which nobody ever was");
        }
        return problems;
    }

    /** The files by their names; the page is {@code index.html}. */
    public static Map<String, String> files(DhtWorldOptions options, long seed, DhtWorldReport report) {
        List<List<String>> rows = List.of(
                List.of("searches", String.valueOf(report.lookups())),
                List.of("that found the peer", String.valueOf(report.succeeded())),
                List.of("nodes in a row that told of the next", number(report.meanHops())),
                List.of("nodes asked in a search", number(report.meanQueries())),
                List.of("entries in the tables of honest nodes", String.valueOf(report.tableNodes())),
                List.of("of nodes that have left", String.valueOf(report.dead())),
                List.of("of liars", String.valueOf(report.liars())),
                List.of("with another id than the node has", String.valueOf(report.misnamed())),
                List.of("of addresses at which nobody ever was", String.valueOf(report.phantoms())),
                List.of("datagrams", String.valueOf(report.datagrams())));
        List<String> problems = problems(report);
        String page = new Page("dht")
                .heading(String.format(
                        Locale.ROOT,
                        "%,d nodes, of which %.0f %% are behind NATs and %.0f %% lie; %.0f %% of the datagrams get lost, and a node"
                                + " stays for %d minutes on average.",
                        options.nodes(),
                        100 * options.natted(),
                        100 * options.liars(),
                        100 * options.loss(),
                        options.meanLifetime().toMinutes()))
                .verdict(
                        problems.isEmpty(),
                        problems.isEmpty()
                                ? List.of("Searches find what they look for, and nobody made up got into a table.")
                                : problems)
                .figures(List.of(
                        new Figure(
                                String.format(Locale.ROOT, "%.1f %%", 100 * report.success()), "of searches succeed"),
                        new Figure(number(report.meanHops()), "hops each"),
                        new Figure(number(report.meanQueries()), "queries each"),
                        new Figure(String.format(Locale.ROOT, "%,d", report.datagrams()), "datagrams"),
                        new Figure(String.valueOf(seed), "seed")))
                .section("The figures", "Counted at the end.", Page.table(List.of("", "number"), rows))
                .section("The data", "The same as CSV.", Page.links(List.of("dht.csv")))
                .toString();
        StringBuilder csv = new StringBuilder("what,number\n");
        rows.forEach(row -> csv.append(String.join(",", row)).append('\n'));
        Map<String, String> files = new LinkedHashMap<>();
        files.put("index.html", page);
        files.put("dht.csv", csv.toString());
        return files;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
