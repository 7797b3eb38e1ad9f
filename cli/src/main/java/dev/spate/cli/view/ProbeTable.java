package dev.spate.cli.view;

import dev.spate.cli.text.Quantities;
import dev.spate.engine.probe.ProbeReason;
import dev.spate.engine.probe.ProbeResult;
import dev.spate.wire.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The peers of a swarm as a table: how far each came and why it is no source, the best first. Pure. */
public final class ProbeTable {

    private static final int MAX_CLIENT = 24;

    private static final Comparator<ProbeResult> BEST_FIRST = Comparator.comparing(ProbeResult::isSource)
            .thenComparing(ProbeResult::stage)
            .thenComparingInt(ProbeResult::pieces)
            .reversed()
            .thenComparing(result -> result.timeToUnchoke().orElse(Duration.ZERO));

    private ProbeTable() {}

    /** A line that says what the columns are, and one for each peer. */
    public static List<String> lines(List<ProbeResult> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PEER", "CAME TO", "PIECES", "UNCHOKED", "CLIENT", "VERDICT"));
        results.stream()
                .sorted(BEST_FIRST)
                .forEach(each -> rows.add(List.of(
                        each.peer().toString(),
                        each.stage().toString(),
                        each.pieces() + "/" + each.allPieces(),
                        each.timeToUnchoke().map(Quantities::duration).orElse("-"),
                        each.client().isEmpty() ? "-" : PlainText.of(each.client(), MAX_CLIENT),
                        verdict(each))));
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(width - cell.length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Why it is no source, or that it is one, in words. */
    public static String verdict(ProbeResult result) {
        String words = result.reason().map(ProbeReason::toString).orElse("has everything, and gives");
        return words
                + (result.detail().isEmpty() ? "" : " (" + result.detail() + ")")
                + (result.uploadOnly() && !result.isSource() ? ", wants nothing more itself" : "");
    }

    /** How many of them are what, in a sentence. */
    public static String summary(List<ProbeResult> results) {
        long connected =
                results.stream().filter(each -> !each.client().isEmpty()).count();
        long complete = results.stream()
                .filter(each -> each.allPieces() > 0 && each.pieces() == each.allPieces())
                .count();
        long sources = results.stream().filter(ProbeResult::isSource).count();
        return results.size() + (results.size() == 1 ? " peer" : " peers") + ": " + connected + " shook hands, "
                + complete + " complete, " + sources + " would give everything";
    }
}
