package dev.spate.sim.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A diagram of lines over one axis, as SVG. */
final class Plot {
    private static final int WIDTH = 980;
    private static final int HEIGHT = 300;
    private static final int LEFT = 58;
    private static final int RIGHT = 16;
    private static final int TOP = 22;
    private static final int BOTTOM = 40;
    private static final int TICKS = 6;
    private static final int COLOURS = 8;

    /** How a line is drawn. */
    enum Manner {
        /** From point to point. */
        STRAIGHT,
        /** The same, but thin and dotted: it only accompanies. */
        THIN,
        /** It keeps its height until the next point. */
        STEPS,
        /** From point to point, and what is below it is shaded. */
        AREA
    }

    /** A point of a line. */
    record Point(double x, double y) {}

    private record Series(String name, int colour, Manner manner, List<Point> points) {}

    private record Mark(String name, double x) {}

    private record Span(String name, double from, double to) {}

    private final String xName;
    private final DoubleFunction<String> yTick;
    private final double maxX;
    private final double maxY;
    private final List<Series> all = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    /**
     * A diagram from 0 to its maxima.
     *
     * @param xName what stands below the axis
     * @param yTick what a number on the other axis looks like
     */
    Plot(String xName, double maxX, double maxY, DoubleFunction<String> yTick) {
        this.xName = xName;
        this.maxX = maxX > 0 ? maxX : 1;
        this.maxY = maxY > 0 ? maxY : 1;
        this.yTick = yTick;
    }

    /** A line; those of one colour belong together, and only the first of them is named in the key. */
    Plot series(String name, int colour, Manner manner, List<Point> points) {
        all.add(new Series(name, colour % COLOURS, manner, List.copyOf(points)));
        return this;
    }

    /** A moment that is marked. */
    Plot mark(String name, double x) {
        if (x <= maxX) {
            marks.add(new Mark(name, x));
        }
        return this;
    }

    /** A time in which something was going on. */
    Plot span(String name, double from, double to) {
        if (from < maxX) {
            spans.add(new Span(name, from, Math.min(to, maxX)));
        }
        return this;
    }

    /** The markup, with its key below. */
    String svg(String description) {
        StringBuilder svg =
                new StringBuilder("<figure><svg role=\"img\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\">");
        svg.append("<title>").append(Page.escape(description)).append("</title>\n");
        for (Span span : spans) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"span\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                    x(span.from()),
                    TOP,
                    Math.max(1, x(span.to()) - x(span.from())),
                    HEIGHT - TOP - BOTTOM));
            svg.append(text(x(span.from()) + 3, HEIGHT - BOTTOM - 5, "start", span.name()));
        }
        axes(svg);
        for (Series series : all) {
            draw(svg, series);
        }
        for (Mark mark : marks) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"mark\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>",
                    x(mark.x()),
                    TOP - 6,
                    HEIGHT - BOTTOM));
            boolean late = x(mark.x()) > WIDTH * 0.75;
            svg.append(text(x(mark.x()) + (late ? -4 : 4), TOP - 8, late ? "end" : "start", mark.name()));
        }
        return svg.append("</svg>\n").append(key()).append("</figure>\n").toString();
    }

    private void axes(StringBuilder svg) {
        double step = step(maxY);
        for (double y = 0; y <= maxY * 1.0001; y += step) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y(y)));
            svg.append(text(LEFT - 8, y(y) + 4, "end", yTick.apply(y)));
        }
        step = step(maxX);
        for (double x = 0; x <= maxX * 1.0001; x += step) {
            svg.append(text(x(x), HEIGHT - BOTTOM + 17, "middle", number(x)));
        }
        svg.append(text(WIDTH - RIGHT, HEIGHT - 6, "end", xName)).append('\n');
    }

    private void draw(StringBuilder svg, Series series) {
        if (series.points().isEmpty()) {
            return;
        }
        StringBuilder path = new StringBuilder();
        for (Point point : series.points()) {
            if (path.isEmpty()) {
                path.append('M');
            } else if (series.manner() == Manner.STEPS) {
                path.append(String.format(Locale.ROOT, "H%.1fV%.1f", x(point.x()), y(point.y())));
                continue;
            } else {
                path.append('L');
            }
            path.append(String.format(Locale.ROOT, "%.1f %.1f", x(point.x()), y(point.y())));
        }
        if (series.manner() == Manner.AREA) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<path class=\"area\" fill=\"var(--c%d)\" d=\"%sV%.1fH%.1fZ\"/>",
                    series.colour(),
                    path,
                    y(0),
                    x(series.points().getFirst().x())));
        }
        svg.append(String.format(
                "<path class=\"line%s\" stroke=\"var(--c%d)\" d=\"%s\"><title>%s</title></path>\n",
                series.manner() == Manner.THIN ? " thin" : "", series.colour(), path, Page.escape(series.name())));
    }

    private String key() {
        StringBuilder key = new StringBuilder("<ul class=\"key\">");
        boolean[] named = new boolean[COLOURS];
        for (Series series : all) {
            if (!named[series.colour()]) {
                named[series.colour()] = true;
                key.append("<li><i style=\"background:var(--c")
                        .append(series.colour())
                        .append(")\"></i>")
                        .append(Page.escape(series.name()))
                        .append("</li>");
            }
        }
        return key.append("</ul>\n").toString();
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x,
                y,
                anchor,
                Page.escape(text));
    }

    private double x(double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(value, maxX) / maxX;
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(value, maxY) / maxY;
    }

    /** 1, 2 or 5 times a power of ten, so that there are about six. */
    private static double step(double max) {
        double rough = max / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double first = rough / power;
        return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
    }

    /** A number without zeros that say nothing. */
    static String number(double value) {
        double rounded = Math.round(value * 1000) / 1000.0;
        return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
    }
}
