package dev.spate.classic.course.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines of a log, also of one that was written a little differently: with brackets around ids, with typographic quotes,
 * another form of time, without a full stop. For one log, its lines in their order; not safe for use by several threads.
 *
 * <p>Implementation note: a line is made plain first (quotes, brackets and runs of blanks), then found by its words, from the
 * first "Peer" on; what is before that is the time. Of it a time of day is enough; a day before it counts when its parts are in one of the
 * usual orders, otherwise a clock that goes back by more than half a day is taken for midnight.
 */
public final class LogReader {
    /** Longer lines are nobody's; the bound keeps the patterns below cheap. */
    static final int MAX_LINE = 8192;

    private static final int DAY = 86_400;

    private static final Pattern CLOCK =
            Pattern.compile("(?<![\\d:])(\\d{1,2}):(\\d{2}):(\\d{2})(?![\\d:])(?:[.,]\\d{1,9})?\\s?([AaPp][Mm])?");
    private static final Pattern YEAR_FIRST = Pattern.compile("(?<!\\d)(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)");
    private static final Pattern YEAR_LAST = Pattern.compile("(?<!\\d)(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})(?!\\d)");

    private static final String ID = "(?:peer ?)?(\\d{1,10})";

    /** The sentences, in lower case and without brackets, quotes and the full stop. */
    private enum Sentence {
        CONNECTS(ID + " makes a connection to " + ID),
        IS_CONNECTED(ID + " is connected from " + ID),
        PREFERS(ID + " has the preferred neighbou?rs? ?:?([\\d, ]*)"),
        OPTIMISTIC(ID + " has the optimistically[ -]unchoked neighbou?r ?:? ?" + ID),
        UNCHOKED(ID + " is unchoked by " + ID),
        CHOKED(ID + " is choked by " + ID),
        HAVE(ID + " received (?:the |a )?have message from " + ID + " for (?:the )?piece:? ?(\\d{1,10})"),
        INTERESTED(ID + " received (?:the |an )?interested message from " + ID),
        NOT_INTERESTED(ID + " received (?:the |a )?not interested message from " + ID),
        DOWNLOADED(ID + " has downloaded the piece:? ?(\\d{1,10}) from " + ID
                + "[.,;]? ?now the number of pieces (?:it has )?is:? ?(\\d{1,10})"),
        COMPLETE(ID + " has downloaded the complete file");

        private final Pattern pattern;

        Sentence(String regex) {
            this.pattern = Pattern.compile(regex);
        }
    }

    private int number;
    private long last = LogLine.NO_TIME;
    private long midnights;

    /** The lines of a log, before the first. */
    public LogReader() {}

    /** Reads the next line; empty if it says nothing that a log may say. */
    public Optional<LogLine> read(String line) {
        number++;
        if (line.length() > MAX_LINE) {
            return Optional.empty();
        }
        int begin = firstPeer(line);
        if (begin < 0) {
            return Optional.empty();
        }
        String text = line.substring(begin).strip();
        Optional<LogEvent> event = event(plain(text));
        return event.map(said -> new LogLine(
                number, time(line.substring(0, begin)), said, LogText.of(said).equals(text)));
    }

    private static int firstPeer(String line) {
        for (int i = 0; i + 5 <= line.length(); i++) {
            if (line.regionMatches(true, i, "peer", 0, 4) && !Character.isLetterOrDigit(line.charAt(i + 4))) {
                return i;
            }
        }
        return -1;
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '[', ']', '<', '>', '{', '}', '\'', '"', '`', '\u2018', '\u2019', '\u201c', '\u201d' -> {}
                case ' ', '\t', '\u00a0' -> {
                    if (!plain.isEmpty() && plain.charAt(plain.length() - 1) != ' ') {
                        plain.append(' ');
                    }
                }
                default -> plain.append(c);
            }
        }
        String lower = plain.toString().strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") || lower.endsWith("!")
                ? lower.substring(0, lower.length() - 1).strip()
                : lower;
    }

    private static Optional<LogEvent> event(String plain) {
        for (Sentence sentence : Sentence.values()) {
            Matcher matcher = sentence.pattern.matcher(plain);
            if (matcher.matches()) {
                try {
                    return Optional.of(event(sentence, matcher));
                } catch (NumberFormatException tooLarge) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static LogEvent event(Sentence sentence, Matcher matcher) {
        int self = Integer.parseInt(matcher.group(1));
        return switch (sentence) {
            case CONNECTS -> new LogEvent.Connects(self, number(matcher, 2));
            case IS_CONNECTED -> new LogEvent.IsConnected(self, number(matcher, 2));
            case PREFERS -> new LogEvent.Prefers(self, list(matcher.group(2)));
            case OPTIMISTIC -> new LogEvent.Optimistic(self, number(matcher, 2));
            case UNCHOKED -> new LogEvent.Unchoked(self, number(matcher, 2));
            case CHOKED -> new LogEvent.Choked(self, number(matcher, 2));
            case HAVE -> new LogEvent.Have(self, number(matcher, 2), number(matcher, 3));
            case INTERESTED -> new LogEvent.Interested(self, number(matcher, 2));
            case NOT_INTERESTED -> new LogEvent.NotInterested(self, number(matcher, 2));
            case DOWNLOADED ->
                new LogEvent.Downloaded(self, number(matcher, 3), number(matcher, 2), number(matcher, 4));
            case COMPLETE -> new LogEvent.Complete(self);
        };
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static List<Integer> list(String ids) {
        List<Integer> list = new ArrayList<>();
        for (String id : ids.split("[, ]+", -1)) {
            if (!id.isEmpty()) {
                list.add(Integer.parseInt(id));
            }
        }
        return list;
    }

    private long time(String text) {
        Matcher clock = CLOCK.matcher(text);
        if (!clock.find()) {
            return LogLine.NO_TIME;
        }
        int hour = Integer.parseInt(clock.group(1));
        String half = clock.group(4);
        if (half != null) {
            hour = hour % 12 + (half.toLowerCase(Locale.ROOT).equals("pm") ? 12 : 0);
        }
        long ofDay = hour * 3600L + Integer.parseInt(clock.group(2)) * 60L + Integer.parseInt(clock.group(3));
        long day = day(text);
        if (day != 0) {
            return day * DAY + ofDay;
        }
        long seconds = midnights * DAY + ofDay;
        if (last != LogLine.NO_TIME && seconds < last - DAY / 2) {
            midnights++;
            seconds += DAY;
        }
        last = seconds;
        return seconds;
    }

    /** A number that is one larger for the next day of the same month, or 0. */
    private static long day(String text) {
        Matcher first = YEAR_FIRST.matcher(text);
        if (first.find()) {
            return day(first.group(1), first.group(2), first.group(3));
        }
        Matcher last = YEAR_LAST.matcher(text);
        // Month or day first, who knows; within one run it makes no difference but over the end of a month.
        return last.find() ? day(last.group(3), last.group(1), last.group(2)) : 0;
    }

    private static long day(String year, String month, String day) {
        int m = Integer.parseInt(month);
        int d = Integer.parseInt(day);
        boolean dayFirst = m > 12;
        long months = Integer.parseInt(year) * 12L + (dayFirst ? d : m);
        return months * 31 + (dayFirst ? m : d);
    }
}
