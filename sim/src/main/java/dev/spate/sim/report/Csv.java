package dev.spate.sim.report;

import dev.spate.sim.scenario.Group;
import dev.spate.sim.scenario.Outcome;
import dev.spate.sim.scenario.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The data of a report (RFC 4180, with line feeds alone). */
final class Csv {
    private final StringBuilder text = new StringBuilder();

    private Csv() {}

    /** The files by their names. */
    static Map<String, String> files(Outcome outcome) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("samples.csv", samples(outcome));
        files.put("completions.csv", byGroup(outcome, "complete_seconds", outcome.completions()));
        files.put("ratios.csv", byGroup(outcome, "given_by_torrent", outcome.shareRatios()));
        files.put("chokes.csv", chokes(outcome));
        if (!outcome.films().isEmpty()) {
            files.put("films.csv", films(outcome));
        }
        return files;
    }

    private static String samples(Outcome outcome) {
        List<Group> groups = outcome.scenario().groups();
        Csv csv = new Csv();
        List<Object> head = new ArrayList<>(List.of("seconds", "rarest", "mean", "utilisation"));
        groups.forEach(group -> head.add(group.name() + " complete"));
        groups.forEach(group -> head.add(group.name() + " part"));
        csv.row(head);
        for (Sample sample : outcome.samples()) {
            List<Object> row =
                    new ArrayList<>(List.of(sample.seconds(), sample.rarest(), sample.mean(), sample.utilisation()));
            row.addAll(sample.complete());
            row.addAll(sample.part());
            csv.row(row);
        }
        return csv.text.toString();
    }

    private static String byGroup(Outcome outcome, String what, List<List<Double>> numbers) {
        Csv csv = new Csv();
        csv.row(List.of("group", what));
        for (int i = 0; i < numbers.size(); i++) {
            for (double number : numbers.get(i)) {
                csv.row(List.of(outcome.scenario().groups().get(i).name(), number));
            }
        }
        return csv.text.toString();
    }

    private static String chokes(Outcome outcome) {
        Csv csv = new Csv();
        List<Object> head = new ArrayList<>(List.of("serves"));
        head.addAll(outcome.choking().names());
        csv.row(head);
        for (int i = 0; i < outcome.choking().names().size(); i++) {
            List<Object> row = new ArrayList<>(List.of(outcome.choking().names().get(i)));
            row.addAll(outcome.choking().served().get(i));
            csv.row(row);
        }
        return csv.text.toString();
    }

    private static String films(Outcome outcome) {
        Csv csv = new Csv();
        csv.row(List.of("started_seconds", "stalls", "stalled_seconds"));
        outcome.films().forEach(film -> csv.row(List.of(film.startedSeconds(), film.stalls(), film.stalledSeconds())));
        return csv.text.toString();
    }

    private void row(List<?> cells) {
        String separator = "";
        for (Object cell : cells) {
            text.append(separator)
                    .append(
                            switch (cell) {
                                case Double number -> String.format(Locale.ROOT, "%.4f", number);
                                case Number number -> number.toString();
                                default -> quoted(cell.toString());
                            });
            separator = ",";
        }
        text.append('\n');
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
