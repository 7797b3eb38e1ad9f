package dev.spate.cli.scenario;

import dev.spate.core.choke.Trading;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reads scenarios as {@link ScenarioWriter} writes them. Whatever is not said is as usual; what is not understood is an error. */
public final class ScenarioReader {
    /** The largest file that is read, in characters. */
    public static final int MAX_LENGTH = 1 << 20;

    private static final Duration LIMIT = Duration.ofHours(2);

    private ScenarioReader() {}

    /** Reads a scenario from the text of a TOML file. */
    public static ScenarioRead read(String text) {
        if (text.length() > MAX_LENGTH) {
            return new ScenarioRead.Bad(
                    "longer than " + MAX_LENGTH + " characters", "Describe hosts that are alike as one group.");
        }
        try {
            JsonNode root = new TomlMapper().readTree(text);
            return new ScenarioRead.Good(scenario(new Table("", root)));
        } catch (JacksonException e) {
            return new ScenarioRead.Bad(
                    "line " + e.getLocation().getLineNr() + ": not TOML: " + firstLine(e.getOriginalMessage()),
                    "See https://toml.io for the form, and --print for an example.");
        } catch (WrongValue e) {
            return new ScenarioRead.Bad(e.problem(), e.remedy());
        } catch (IllegalArgumentException e) {
            // What single values cannot show: the scenario's parts contradict each other.
            return new ScenarioRead.Bad(
                    String.valueOf(e.getMessage()), "Change one of the two; --print shows scenarios that are right.");
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static Scenario scenario(Table table) throws WrongValue {
        List<Group> groups = new ArrayList<>();
        for (Table each : table.tables("group")) {
            groups.add(group(each));
        }
        if (groups.isEmpty()) {
            throw new WrongValue("there is no group", "Describe who takes part, each kind after a line [[group]].");
        }
        List<Happening> happenings = new ArrayList<>();
        for (Table each : table.tables("happening")) {
            happenings.add(happening(each));
        }
        Optional<Table> network = table.table("network");
        Scenario scenario = new Scenario(
                table.text("name", "scenario"),
                table.text("about", ""),
                table.count("pieces", 1, Scenario.MAX_PIECES, 256),
                table.count("piece-length", 1, 64 << 20, 256 << 10),
                network.isPresent() ? network(network.get()) : NetworkOptions.SMOOTH,
                groups,
                happenings,
                positive(table, "limit", LIMIT),
                table.text("note", ""));
        table.end();
        return scenario;
    }

    private static NetworkOptions network(Table table) throws WrongValue {
        NetworkOptions usual = NetworkOptions.SMOOTH;
        NetworkOptions network = new NetworkOptions(
                table.time("latency", usual.latency()),
                table.time("jitter", usual.jitter()),
                table.share("loss", usual.loss()),
                table.time("loss-delay", usual.lossDelay()),
                table.share("breakage", usual.breakage()),
                table.count("window", NetworkOptions.SMALLEST_WINDOW, 1 << 30, usual.windowBytes()));
        table.end();
        return network;
    }

    private static Group group(Table table) throws WrongValue {
        Group group = new Group(
                table.text("name", null),
                table.count("count", 1, Scenario.MAX_HOSTS, 1),
                table.flag("complete", false),
                line(table),
                disk(table),
                conduct(table),
                new Tuning(
                        table.count("slots", 1, 1000, Tuning.USUAL.uploadSlots()),
                        table.count("connections", 1, 10_000, Tuning.USUAL.maxConnections()),
                        table.flag("super-seeding", false),
                        trading(table)),
                arrival(table),
                stay(table),
                table.rate("watches", 0L));
        table.end();
        return group;
    }

    private static Line line(Table table) throws WrongValue {
        long up = table.rate("up", null);
        long down = table.rate("down", null);
        if (up < 1 || down < 1) {
            throw table.wrong(up < 1 ? "up" : "down", "is nothing", "Write a rate such as \"10Mbit\".");
        }
        return new Line(
                up, down, table.time("latency", Duration.ZERO), table.share("loss", 0), table.flag("reachable", true));
    }

    private static DiskOptions disk(Table table) throws WrongValue {
        DiskOptions usual = DiskOptions.GOOD;
        return new DiskOptions(
                table.time("hashing", usual.hashing()),
                table.time("writing", usual.writing()),
                table.count("buffers", 1, 1_000_000, usual.buffers()),
                table.share("write-failures", usual.writeFailures()));
    }

    private static Conduct conduct(Table table) throws WrongValue {
        double lies = table.share("lies", 0);
        long stallsAfter = table.whole("stalls-after-blocks", 0, Long.MAX_VALUE, Long.MAX_VALUE);
        boolean rides = table.flag("rides-free", false);
        if (rides && (lies > 0 || stallsAfter < Long.MAX_VALUE)) {
            throw table.wrong(
                    "rides-free",
                    "goes with neither lies nor stalls-after-blocks",
                    "Who never unchokes sends nothing; take the other key out.");
        }
        return rides ? Conduct.FREE_RIDING : new Conduct(lies, stallsAfter, true);
    }

    private static Trading trading(Table table) throws WrongValue {
        String rule = table.text("trading", "tit-for-tat");
        return switch (rule) {
            case "tit-for-tat" -> Trading.TIT_FOR_TAT;
            case "bit-tyrant" -> Trading.BIT_TYRANT;
            case "prop-share" -> Trading.PROP_SHARE;
            default ->
                throw table.wrong("trading", "is '" + rule + "'", "Write tit-for-tat, bit-tyrant or prop-share.");
        };
    }

    private static Arrival arrival(Table table) throws WrongValue {
        Optional<Duration> within = table.time("arrives-within");
        if (within.isEmpty()) {
            return new Arrival.Together(table.time("arrives-at", Duration.ZERO));
        }
        if (table.isThere("arrives-at")) {
            throw table.wrong("arrives-at", "contradicts arrives-within", "Take one of them out.");
        }
        return new Arrival.Within(positive(table, "arrives-within", null));
    }

    private static Stay stay(Table table) throws WrongValue {
        Optional<Duration> lingering = table.time("leaves-after");
        boolean up = table.isThere("mean-up");
        boolean down = table.isThere("mean-down");
        if (up != down) {
            throw table.wrong(
                    up ? "mean-up" : "mean-down", "is alone", "Who comes and goes has both, mean-up and mean-down.");
        }
        if (up && lingering.isPresent()) {
            throw table.wrong("leaves-after", "contradicts mean-up", "Take one of them out.");
        }
        if (up) {
            return new Stay.OnAndOff(positive(table, "mean-up", null), positive(table, "mean-down", null));
        }
        return lingering.<Stay>map(Stay.UntilComplete::new).orElseGet(Stay.ToTheEnd::new);
    }

    private static Happening happening(Table table) throws WrongValue {
        String kind = table.text("kind", null);
        String group = table.text("group", null);
        double share = table.share("share", 1);
        if (share == 0) {
            throw table.wrong("share", "is nothing", "Write more than 0.0, and 1.0 at most.");
        }
        Duration at = table.time("at", null);
        Duration time = positive(table, "time", null);
        Happening happening = switch (kind) {
            case "partition" -> new Happening.Partition(group, share, at, time);
            case "power-cut" -> new Happening.PowerCut(group, share, at, time);
            case "clog" -> new Happening.Clog(group, share, at, time, table.count("slowdown", 2, 1_000_000, 10));
            case "disk-full" -> new Happening.DiskFull(group, share, at, time);
            case "clock-jump" -> new Happening.ClockJump(group, share, at, time);
            default ->
                throw table.wrong(
                        "kind", "is '" + kind + "'", "Write partition, power-cut, clog, disk-full or clock-jump.");
        };
        table.end();
        return happening;
    }

    private static Duration positive(Table table, String key, @Nullable Duration otherwise) throws WrongValue {
        Duration time = table.time(key, otherwise);
        if (!time.isPositive()) {
            throw table.wrong(key, "is no time", "Write a time such as \"30s\".");
        }
        return time;
    }
}
