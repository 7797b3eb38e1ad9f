package dev.spate.cli.scenario;

import dev.spate.cli.text.Quantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A table of a TOML file that is asked for its keys one by one, and in the end for those that nobody asked for. */
final class Table {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long MOST_BYTES_PER_SECOND = 12_500_000_000L;

    private final String place;
    private final JsonNode node;
    private final Set<String> known = new TreeSet<>();

    /**
     * A table at a place.
     *
     * @param place what goes before its keys in messages, with a dot at the end; empty at the top
     */
    Table(String place, JsonNode node) {
        this.place = place;
        this.node = node;
    }

    String text(String key, @Nullable String otherwise) throws WrongValue {
        JsonNode value = value(key, otherwise == null, "\"...\"");
        if (value == null) {
            assert otherwise != null;
            return otherwise;
        }
        if (!value.isString()) {
            throw wrong(key, "is not a text", "Write it in quotes.");
        }
        return value.stringValue();
    }

    boolean flag(String key, boolean otherwise) throws WrongValue {
        JsonNode value = value(key, false, "");
        if (value != null && !value.isBoolean()) {
            throw wrong(key, "is neither true nor false", "Write true or false, without quotes.");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    /** A whole number within bounds; {@code otherwise} if it is not there. */
    long whole(String key, long least, long most, long otherwise) throws WrongValue {
        JsonNode value = value(key, false, "");
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(key, "is not a whole number", "Write " + least + " to " + most + ", without quotes.");
        }
        long number = value.longValue();
        if (number < least || number > most) {
            throw wrong(key, "is " + number, "Write " + least + " to " + most + ".");
        }
        return number;
    }

    int count(String key, int least, int most, int otherwise) throws WrongValue {
        return Math.toIntExact(whole(key, least, most, otherwise));
    }

    /** A part of a whole, 0 to 1. */
    double share(String key, double otherwise) throws WrongValue {
        JsonNode value = value(key, false, "");
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            throw wrong(key, "is not a part of a whole", "Write 0.0 to 1.0, without quotes.");
        }
        return value.doubleValue();
    }

    /** A time such as {@code "20ms"}; must be there if there is no other. */
    Duration time(String key, @Nullable Duration otherwise) throws WrongValue {
        Duration time = quantity(key, otherwise, Quantities::parseDuration, "\"20ms\" or \"1m30s\"");
        if (time.compareTo(LONGEST) > 0) {
            throw wrong(key, "is longer than a simulation can last", "Write 365d at most.");
        }
        return time;
    }

    Optional<Duration> time(String key) throws WrongValue {
        return isThere(key) ? Optional.of(time(key, null)) : Optional.empty();
    }

    /** A rate such as {@code "10Mbit"}, in bytes per second; must be there if there is no other. */
    long rate(String key, @Nullable Long otherwise) throws WrongValue {
        long rate = quantity(key, otherwise, Quantities::parseRate, "\"10Mbit\" or \"500K\"");
        if (rate > MOST_BYTES_PER_SECOND) {
            throw wrong(key, "is faster than any line", "Write 100Gbit at most.");
        }
        return rate;
    }

    private <T> T quantity(String key, @Nullable T otherwise, Function<String, T> parser, String such)
            throws WrongValue {
        JsonNode value = value(key, otherwise == null, such);
        if (value == null) {
            assert otherwise != null;
            return otherwise;
        }
        if (!value.isString()) {
            throw wrong(key, "has no unit", "Write it in quotes and with a unit, such as " + such + ".");
        }
        try {
            return parser.apply(value.stringValue());
        } catch (IllegalArgumentException e) {
            throw wrong(key, "is '" + value.stringValue() + "'", "Write it such as " + such + ".");
        }
    }

    /** A table within this one; an empty one if it is not there. */
    Optional<Table> table(String key) throws WrongValue {
        JsonNode value = value(key, false, "");
        if (value != null && !value.isObject()) {
            throw wrong(key, "is not a table", "Begin it with [" + place + key + "].");
        }
        return Optional.ofNullable(value).map(present -> new Table(place + key + ".", present));
    }

    /** The tables of an array of such; none if it is not there. */
    List<Table> tables(String key) throws WrongValue {
        JsonNode value = value(key, false, "");
        List<Table> tables = new ArrayList<>();
        if (value != null) {
            if (!value.isArray()) {
                throw wrong(key, "is not a list of tables", "Begin each with [[" + key + "]].");
            }
            for (JsonNode each : value) {
                String name = key + "[" + (tables.size() + 1) + "]";
                if (!each.isObject()) {
                    throw new WrongValue(name + " is not a table", "Begin each with [[" + key + "]].");
                }
                tables.add(new Table(name + ".", each));
            }
        }
        return tables;
    }

    boolean isThere(String key) {
        known.add(key);
        return node.has(key);
    }

    /** Nobody will ask for more: what is there still is a mistake, and perhaps one of spelling. */
    void end() throws WrongValue {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw new WrongValue(
                        place + key + " means nothing",
                        "Take it out, or write one of: " + String.join(", ", known) + ".");
            }
        }
    }

    WrongValue wrong(String key, String what, String remedy) {
        return new WrongValue(place + key + " " + what, remedy);
    }

    private @Nullable JsonNode value(String key, boolean needed, String such) throws WrongValue {
        known.add(key);
        JsonNode value = node.get(key);
        if (value == null && needed) {
            throw new WrongValue(place + key + " is missing", "Add it: " + key + " = " + such);
        }
        return value;
    }
}
