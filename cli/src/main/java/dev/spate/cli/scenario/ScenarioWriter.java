package dev.spate.cli.scenario;

import dev.spate.sim.Conduct;
import dev.spate.sim.DiskOptions;
import dev.spate.sim.Line;
import dev.spate.sim.NetworkOptions;
import dev.spate.sim.scenario.Arrival;
import dev.spate.sim.scenario.Group;
import dev.spate.sim.scenario.Happening;
import dev.spate.sim.scenario.Scenario;
import dev.spate.sim.scenario.Stay;
import dev.spate.sim.scenario.Tuning;
import java.time.Duration;
import java.util.Locale;

/** Writes a scenario as TOML for people to change; {@link ScenarioReader} reads the same from it. What is as usual is not said. */
public final class ScenarioWriter {
    private static final int BYTES_OF_A_MEGABIT = 125_000;

    private final StringBuilder text = new StringBuilder();

    private ScenarioWriter() {}

    /** The text of a file. */
    public static String write(Scenario scenario) {
        ScenarioWriter writer = new ScenarioWriter();
        writer.put("name", scenario.name());
        writer.put("about", scenario.about());
        if (!scenario.note().isEmpty()) {
            writer.put("note", scenario.note());
        }
        writer.raw("pieces", scenario.pieces());
        writer.raw("piece-length", scenario.pieceLength());
        writer.put("limit", scenario.limit());
        writer.network(scenario.network());
        scenario.groups().forEach(writer::group);
        scenario.happenings().forEach(writer::happening);
        return writer.text.toString();
    }

    private void network(NetworkOptions network) {
        text.append("\n[network]\n");
        put("latency", network.latency());
        put("jitter", network.jitter());
        raw("loss", network.loss());
        put("loss-delay", network.lossDelay());
        raw("breakage", network.breakage());
        raw("window", network.windowBytes());
    }

    private void group(Group group) {
        text.append("\n[[group]]\n");
        put("name", group.name());
        raw("count", group.count());
        if (group.complete()) {
            raw("complete", true);
        }
        line(group.line());
        disk(group.disk());
        conduct(group.conduct());
        tuning(group.tuning());
        switch (group.arrival()) {
            case Arrival.Together(var at) when at.isZero() -> {}
            case Arrival.Together(var at) -> put("arrives-at", at);
            case Arrival.Within(var time) -> put("arrives-within", time);
        }
        switch (group.stay()) {
            case Stay.ToTheEnd toTheEnd -> {}
            case Stay.UntilComplete(var lingering) -> put("leaves-after", lingering);
            case Stay.OnAndOff(var up, var down) -> {
                put("mean-up", up);
                put("mean-down", down);
            }
        }
        if (group.watchedBytesPerSecond() > 0) {
            rate("watches", group.watchedBytesPerSecond());
        }
    }

    private void line(Line line) {
        rate("up", line.upBytesPerSecond());
        rate("down", line.downBytesPerSecond());
        if (!line.latency().isZero()) {
            put("latency", line.latency());
        }
        if (line.loss() > 0) {
            raw("loss", line.loss());
        }
        if (!line.reachable()) {
            raw("reachable", false);
        }
    }

    private void disk(DiskOptions disk) {
        if (!disk.equals(DiskOptions.GOOD)) {
            put("hashing", disk.hashing());
            put("writing", disk.writing());
            raw("buffers", disk.buffers());
            raw("write-failures", disk.writeFailures());
        }
    }

    private void conduct(Conduct conduct) {
        if (!conduct.unchokes()) {
            raw("rides-free", true);
            return;
        }
        if (conduct.lies() > 0) {
            raw("lies", conduct.lies());
        }
        if (conduct.stallsAfter() < Long.MAX_VALUE) {
            raw("stalls-after-blocks", conduct.stallsAfter());
        }
    }

    private void tuning(Tuning tuning) {
        if (tuning.uploadSlots() != Tuning.USUAL.uploadSlots()) {
            raw("slots", tuning.uploadSlots());
        }
        if (tuning.maxConnections() != Tuning.USUAL.maxConnections()) {
            raw("connections", tuning.maxConnections());
        }
        switch (tuning.trading()) {
            case TIT_FOR_TAT -> {}
            case BIT_TYRANT -> put("trading", "bit-tyrant");
            case PROP_SHARE -> put("trading", "prop-share");
        }
        if (tuning.superSeeding()) {
            raw("super-seeding", true);
        }
    }

    private void happening(Happening happening) {
        text.append("\n[[happening]]\n");
        put(
                "kind",
                switch (happening) {
                    case Happening.Partition partition -> "partition";
                    case Happening.PowerCut cut -> "power-cut";
                    case Happening.Clog clog -> "clog";
                    case Happening.DiskFull full -> "disk-full";
                    case Happening.ClockJump jump -> "clock-jump";
                });
        put("group", happening.group());
        raw("share", happening.share());
        put("at", happening.at());
        put("time", happening.time());
        if (happening instanceof Happening.Clog clog) {
            raw("slowdown", clog.slowdown());
        }
    }

    private void rate(String key, long bytesPerSecond) {
        boolean whole = bytesPerSecond % BYTES_OF_A_MEGABIT == 0;
        put(key, whole ? bytesPerSecond / BYTES_OF_A_MEGABIT + "Mbit" : bytesPerSecond + "B");
    }

    private void put(String key, Duration time) {
        String seconds = time.toSeconds() + "s";
        String millis = time.toMillisPart() + "ms";
        put(key, time.toMillisPart() == 0 ? seconds : time.toSeconds() == 0 ? millis : seconds + millis);
    }

    /** A basic string of TOML: quotes, backslashes and control characters are escaped. */
    private void put(String key, String value) {
        text.append(key).append(" = \"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                text.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append("\"\n");
    }

    private void raw(String key, Object value) {
        text.append(key).append(" = ").append(value).append('\n');
    }
}
