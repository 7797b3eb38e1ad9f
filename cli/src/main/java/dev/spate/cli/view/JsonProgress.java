package dev.spate.cli.view;

import dev.spate.cli.text.Json;
import dev.spate.engine.Hindrance;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Progress for programs: JSON objects, one a line (NDJSON), for each torrent once a second. */
public final class JsonProgress implements Progress {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final PrintWriter out;
    private final LongSupplier nanoTime;
    private long next;

    /**
     * Writes to {@code out}.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    public JsonProgress(PrintWriter out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public void show(List<Look> looks) {
        long now = nanoTime.getAsLong();
        if (now - next < 0) {
            return;
        }
        next = now + INTERVAL.toNanos();
        looks.forEach(look -> out.println(ProgressText.json(look)));
        out.flush();
    }

    @Override
    public void meter(String doing, long done, long whole) {
        long now = nanoTime.getAsLong();
        if (now - next >= INTERVAL.toNanos()) {
            next = now;
            out.println(new Json()
                    .put("type", "progress")
                    .put("state", doing)
                    .put("done", done)
                    .put("totalSize", whole));
            out.flush();
        }
    }

    @Override
    public void standstill(String name, List<Hindrance> reasons) {
        out.println(new Json()
                .put("type", "standstill")
                .put("name", name)
                .put("reasons", reasons.stream().map(JsonProgress::json).toList()));
        out.flush();
    }

    private static Json json(Hindrance reason) {
        Json json = new Json().put("kind", Standstill.kind(reason));
        if (!reason.about().isEmpty()) {
            json.put("about", reason.about());
        }
        return json.put("sentence", reason.sentence()).put("remedy", reason.remedy());
    }

    @Override
    public void say(String line) {
        out.println(new Json().put("type", "message").put("text", line));
        out.flush();
    }
}
