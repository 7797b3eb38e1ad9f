package dev.spate.cli.view;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/**
 * Progress in a terminal: lines that are drawn over again, at the bottom of what was there before.
 *
 * <p>It writes to standard error, so that data on standard output may go elsewhere. The terminal's mode is left alone: nothing is
 * read from it, and Ctrl-C stays a signal. Only the cursor is hidden, and shown again by {@link #restore}.
 */
public final class LiveProgress implements Progress {

    // ECMA-48. Every terminal that JLine calls one understands these.
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    /** A window of unknown size is taken for the classic one. */
    private static final int USUAL_WIDTH = 80;

    private static final int USUAL_HEIGHT = 24;

    /** A meter may be told of progress much more often than eyes can follow. */
    private static final Duration METER_INTERVAL = Duration.ofMillis(100);

    private final Terminal terminal;
    private final PrintWriter writer;
    private final boolean colored;
    private final PieceMap.Glyphs glyphs;
    private List<AttributedString> drawn = List.of();
    private long metered = System.nanoTime();

    private LiveProgress(Terminal terminal, boolean colored) {
        this.terminal = terminal;
        this.writer = terminal.writer();
        this.colored = colored;
        this.glyphs =
                StandardCharsets.UTF_8.equals(terminal.encoding()) ? PieceMap.Glyphs.UNICODE : PieceMap.Glyphs.ASCII;
        writer.print(HIDE_CURSOR);
        writer.flush();
    }

    /**
     * Takes the terminal at standard error.
     *
     * @param colored whether colours may be used; see {@code no-color.org}
     * @return empty if there is none, or one that can only print
     */
    public static Optional<Progress> open(boolean colored) {
        if (isSurelyNoTerminal()) {
            return Optional.empty();
        }
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysErr)
                    .dumb(false)
                    .nativeSignals(false)
                    // Would ask the terminal what it can, and take the answer from standard input.
                    .graphemeCluster(false)
                    .build();
            if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
                terminal.close();
                return Optional.empty();
            }
            return Optional.of(new LiveProgress(terminal, colored));
        } catch (IOException | IllegalStateException e) {
            // No terminal is ordinary.
            return Optional.empty();
        }
    }

    /** A glance where the system allows one, since asking JLine means to load a native library first (20 ms and more). */
    private static boolean isSurelyNoTerminal() {
        try {
            return !STANDARD_ERROR.toRealPath().startsWith("/dev");
        } catch (IOException e) {
            // Not Linux, or a pipe, which has no path: only then it lies below /proc itself.
            return Files.exists(STANDARD_ERROR, LinkOption.NOFOLLOW_LINKS);
        }
    }

    @Override
    public void show(List<Look> looks) {
        int height = terminal.getRows() > 0 ? terminal.getRows() : USUAL_HEIGHT;
        draw(Picture.draw(looks, width(), height - 1, glyphs));
    }

    @Override
    public void table(List<String> lines) {
        int height = terminal.getRows() > 0 ? terminal.getRows() : USUAL_HEIGHT;
        draw(lines.stream()
                .limit(height - 1)
                .map(line -> new AttributedString(line).columnSubSequence(0, width()))
                .toList());
    }

    /** One column stays free: writing into the last one may begin a new line. */
    private int width() {
        return (terminal.getColumns() > 0 ? terminal.getColumns() : USUAL_WIDTH) - 1;
    }

    private void draw(List<AttributedString> lines) {
        StringBuilder text = new StringBuilder(toTop());
        for (AttributedString line : lines) {
            text.append(colored ? line.toAnsi(terminal) : line.toString())
                    .append(CLEAR_TO_END_OF_LINE)
                    .append("\n");
        }
        text.append(CLEAR_BELOW);
        writer.print(text);
        writer.flush();
        drawn = lines;
    }

    private String toTop() {
        return drawn.isEmpty() ? "\r" : "\033[" + drawn.size() + "A\r";
    }

    @Override
    public void meter(String doing, long done, long whole) {
        long now = System.nanoTime();
        if (now - metered >= METER_INTERVAL.toNanos() || done == whole) {
            metered = now;
            draw(List.of(Picture.meter(doing, done, whole, width(), glyphs)));
        }
    }

    @Override
    public void say(String line) {
        aside(() -> writer.print(line + "\n"));
    }

    @Override
    public void aside(Runnable print) {
        List<AttributedString> below = drawn;
        writer.print(toTop() + CLEAR_BELOW);
        writer.flush();
        drawn = List.of();
        print.run();
        draw(below);
    }

    @Override
    public void restore() {
        writer.print(SHOW_CURSOR);
        writer.flush();
    }

    @Override
    public void close() {
        restore();
        try {
            terminal.close();
        } catch (IOException e) {
            // The terminal has gone away; there is nobody to tell.
            drawn = List.of();
        }
    }
}
