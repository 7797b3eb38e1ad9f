package dev.spate.cli.text;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes, rates and times as people write and read them. */
public final class Quantities {

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

    /** Powers of 1024 by themselves and with an i, as those who write of pieces mean it; of 1000 with a B alone (IEC 80000-13). */
    private static final Map<String, Long> FACTORS = factors();

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");
    private static final Pattern BITS = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([kmgKMG]?)bit");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d|w)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

    private Quantities() {}

    private static Map<String, Long> factors() {
        Map<String, Long> factors = new TreeMap<>();
        factors.put("", 1L);
        factors.put("b", 1L);
        long binary = 1;
        long decimal = 1;
        for (String letter : List.of("k", "m", "g", "t", "p")) {
            binary *= 1024;
            decimal *= 1000;
            factors.put(letter, binary);
            factors.put(letter + "i", binary);
            factors.put(letter + "ib", binary);
            factors.put(letter + "b", decimal);
        }
        return factors;
    }

    /** A size with three significant digits or so: {@code 17 B}, {@code 4.0 KiB}, {@code 1.25 GiB}. */
    public static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        int unit = 0;
        double value = count;
        // What would be rounded to 1024 is one of the next unit.
        while (value >= 1023.5 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + digits + "f %s", value, UNITS.get(unit));
    }

    /** A rate: {@code 12.3 MiB/s}. */
    public static String rate(long bytesPerSecond) {
        return bytes(bytesPerSecond) + "/s";
    }

    /** A part of a whole, rounded down, so that only the whole is 100 %. */
    public static String percent(long part, long whole) {
        if (part >= whole) {
            return "100 %";
        }
        double permille = Math.floor(1000.0 * part / whole);
        return String.format(Locale.ROOT, "%.1f %%", Math.min(permille, 999) / 10);
    }

    /** A time with its two largest units: {@code 4 ms}, {@code 3.2 s}, {@code 5m 09s}, {@code 2h 05m}, {@code 3d 04h}. */
    public static String duration(Duration time) {
        long millis = time.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds / 60 % 60);
        }
        return String.format(Locale.ROOT, "%dd %02dh", seconds / 86_400, seconds / 3600 % 24);
    }

    /**
     * Reads a size: {@code 16384}, {@code 16K}, {@code 256KiB}, {@code 1.5G}, {@code 100 MB}.
     *
     * @throws IllegalArgumentException if it is none, or not a whole number of bytes; the message is for the user
     */
    public static long parseBytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        Long factor = matcher.matches() ? FACTORS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (factor == null) {
            throw new IllegalArgumentException(
                    "a size is a number with or without a unit, such as 256KiB, 1M or 700MB, not '" + text + "'");
        }
        double bytes = Double.parseDouble(matcher.group(1)) * factor;
        if (bytes != Math.rint(bytes) || bytes > 1L << 60) {
            throw new IllegalArgumentException("not a whole number of bytes, or too many: '" + text + "'");
        }
        return (long) bytes;
    }

    /**
     * Reads a rate: a size a second, with or without {@code /s}, or bits a second with their powers of 1000: {@code 500K}, {@code
     * 2MiB/s}, {@code 16Mbit/s}.
     *
     * @return bytes per second
     * @throws IllegalArgumentException if it is none; the message is for the user
     */
    public static long parseRate(String text) {
        String size = text.strip().replaceFirst("\\s*(/s|ps)$", "");
        Matcher bits = BITS.matcher(size);
        if (!bits.matches()) {
            return parseBytes(size);
        }
        long factor = switch (bits.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
        };
        return (long) Math.min(Double.parseDouble(bits.group(1)) * factor / 8, 1L << 60);
    }

    /**
     * Reads a time: {@code 90} (seconds), {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 2d}.
     *
     * @throws IllegalArgumentException if it is none; the message is for the user
     */
    public static Duration parseDuration(String text) {
        String stripped = text.strip().toLowerCase(Locale.ROOT).replace(" ", "");
        if (SECONDS.matcher(stripped).matches()) {
            return seconds(Double.parseDouble(stripped));
        }
        Matcher part = DURATION_PART.matcher(stripped);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < stripped.length() && part.find(end) && part.start() == end) {
            sum = sum.plus(seconds(Double.parseDouble(part.group(1)) * secondsOf(part.group(2))));
            end = part.end();
        }
        if (stripped.isEmpty() || end < stripped.length()) {
            throw new IllegalArgumentException(
                    "a time is a number of seconds, or such as 90s, 10m, 1h30m or 2d, not '" + text + "'");
        }
        return sum;
    }

    private static double secondsOf(String unit) {
        return switch (unit) {
            case "ms" -> 0.001;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            case "w" -> 604_800;
            default -> 1;
        };
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
