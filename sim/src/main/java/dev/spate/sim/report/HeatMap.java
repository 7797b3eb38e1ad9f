package dev.spate.sim.report;

import dev.spate.sim.scenario.ChokeMatrix;
import java.util.Locale;

/** A matrix as squares, the darker the more, as SVG. */
final class HeatMap {
    private static final int LABEL = 130;
    private static final int MOST_WIDE = 760;
    private static final int LARGEST = 44;
    private static final int SMALLEST_WITH_NUMBER = 36;
    private static final int LONGEST_NAME = 18;

    private HeatMap() {}

    static String svg(ChokeMatrix matrix) {
        int size = matrix.names().size();
        double most = 0;
        for (var row : matrix.served()) {
            for (double each : row) {
                most = Math.max(most, each);
            }
        }
        double cell = Math.min(LARGEST, (double) MOST_WIDE / size);
        int width = (int) Math.ceil(LABEL + cell * size + LABEL);
        int height = (int) Math.ceil(LABEL + cell * size);
        // The page makes diagrams as wide as it is; this one keeps its measure.
        StringBuilder svg = new StringBuilder(String.format(
                "<figure><svg role=\"img\" viewBox=\"0 0 %d %d\" style=\"max-width:%dpx;min-width:0\">"
                        + "<title>who served whom</title>%n",
                width, height, width));
        int every = (int) Math.ceil(13 / cell);
        for (int i = 0; i < size; i++) {
            double middle = LABEL + cell * (i + 0.5);
            if (i % every == 0) {
                String name = Page.escape(shortened(matrix.names().get(i)));
                svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                        LABEL - 6,
                        middle + 4,
                        name));
                svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%1$.1f\" y=\"%2$d\" transform=\"rotate(-55 %1$.1f %2$d)\">%3$s</text>",
                        middle,
                        LABEL - 6,
                        name));
            }
        }
        svg.append('\n');
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                cell(svg, matrix, row, column, cell, most);
            }
            svg.append('\n');
        }
        return svg.append("</svg></figure>\n").toString();
    }

    private static void cell(StringBuilder svg, ChokeMatrix matrix, int row, int column, double cell, double most) {
        double value = matrix.served().get(row).get(column);
        if (value == 0) {
            return;
        }
        double x = LABEL + cell * column;
        double y = LABEL + cell * row;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%3$.1f\" height=\"%3$.1f\" style=\"fill:rgba(var(--heat),%4$.2f)\">",
                x,
                y,
                cell - 1,
                0.06 + 0.94 * value / most));
        svg.append(String.format(
                Locale.ROOT,
                "<title>%s serves %s: %.2f</title></rect>",
                Page.escape(matrix.names().get(row)),
                Page.escape(matrix.names().get(column)),
                value));
        if (cell >= SMALLEST_WITH_NUMBER) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" style=\"fill:var(--%s)\">%.2f</text>",
                    x + cell / 2,
                    y + cell / 2 + 4,
                    value > most / 2 ? "card" : "ink",
                    value));
        }
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }
}
