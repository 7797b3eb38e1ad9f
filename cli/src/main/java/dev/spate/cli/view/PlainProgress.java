package dev.spate.cli.view;

import dev.spate.cli.text.Quantities;
import dev.spate.engine.TorrentState;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Progress where there is no terminal, in a log for example: a line now and then if there is news, and when something else begins. */
public final class PlainProgress implements Progress {

    /** Often enough for somebody who watches, seldom enough for a log. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private final List<Shown> shown = new ArrayList<>();
    private long next;

    /** What was said of a torrent last; the same is not said again. */
    private record Shown(@Nullable TorrentState state, String line) {}

    /**
     * Writes to {@code err}.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    public PlainProgress(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public void show(List<Look> looks) {
        long now = nanoTime.getAsLong();
        boolean due = now - next >= 0;
        if (due) {
            next = now + INTERVAL.toNanos();
        }
        for (int i = 0; i < looks.size(); i++) {
            if (i == shown.size()) {
                shown.add(new Shown(null, ""));
            }
            TorrentState state = looks.get(i).stats().state();
            String line = ProgressText.line(looks.get(i));
            if ((due || shown.get(i).state() != state) && !shown.get(i).line().equals(line)) {
                err.println(line);
                shown.set(i, new Shown(state, line));
            }
        }
        err.flush();
    }

    @Override
    public void meter(String doing, long done, long whole) {
        long now = nanoTime.getAsLong();
        // Work that is over before the first interval is not worth a line.
        if (now - next >= INTERVAL.toNanos()) {
            next = now;
            err.println(doing + " " + Quantities.percent(done, whole) + " of " + Quantities.bytes(whole));
            err.flush();
        }
    }

    @Override
    public void table(List<String> lines) {
        long now = nanoTime.getAsLong();
        if (now - next >= INTERVAL.toNanos()) {
            next = now;
            lines.forEach(err::println);
            err.flush();
        }
    }

    @Override
    public void say(String line) {
        err.println(line);
        err.flush();
    }
}
