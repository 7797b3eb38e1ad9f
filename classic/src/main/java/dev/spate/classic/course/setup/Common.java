package dev.spate.classic.course.setup;

import dev.spate.wire.PieceLayout;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code Common.cfg} says: the rules that all peers of a network share, and the file.
 *
 * @param preferredNeighbours k, how many neighbours are preferred at a time
 * @param unchokingSeconds p, how often they are chosen
 * @param optimisticSeconds m, how often the optimistic neighbour is
 * @param fileName a plain name
 * @param layout its size and pieces
 */
public record Common(
        int preferredNeighbours, int unchokingSeconds, int optimisticSeconds, String fileName, PieceLayout layout) {

    /** The file's name. */
    public static final String FILE = "Common.cfg";

    private static final int MAX_NAME = 200;

    /** A day; nobody waits longer for a round. */
    private static final int MAX_SECONDS = 86_400;

    /** The keys, in the order of the samples. */
    private enum Key {
        NUMBER_OF_PREFERRED_NEIGHBORS("NumberOfPreferredNeighbors"),
        UNCHOKING_INTERVAL("UnchokingInterval"),
        OPTIMISTIC_UNCHOKING_INTERVAL("OptimisticUnchokingInterval"),
        FILE_NAME("FileName"),
        FILE_SIZE("FileSize"),
        PIECE_SIZE("PieceSize");

        private final String written;

        Key(String written) {
            this.written = written;
        }
    }

    public Common {
        if (preferredNeighbours < 1 || unchokingSeconds < 1 || optimisticSeconds < 1) {
            throw new IllegalArgumentException(
                    "k, p, m: " + preferredNeighbours + ", " + unchokingSeconds + ", " + optimisticSeconds);
        }
        if (!isPlainName(fileName)) {
            throw new IllegalArgumentException("not a plain name: " + fileName);
        }
        if (layout.totalLength() < 1) {
            throw new IllegalArgumentException("an empty file");
        }
    }

    /** Reads the text of the file. */
    public static Parsed<Common> parse(String text) {
        Lines lines = new Lines(FILE);
        Map<Key, Lines.Line> found = new EnumMap<>(Key.class);
        lines.each(text, line -> note(line, found, lines));
        for (Key key : Key.values()) {
            if (!found.containsKey(key)) {
                lines.problem(0, "there is no " + key.written, "add a line '" + key.written + " ...'");
            }
        }
        if (!lines.problems().isEmpty()) {
            return new Parsed.Bad<>(inOrder(lines));
        }
        int preferred = (int) value(lines, found, Key.NUMBER_OF_PREFERRED_NEIGHBORS, PeerList.MAX_PEERS);
        int unchoking = (int) value(lines, found, Key.UNCHOKING_INTERVAL, MAX_SECONDS);
        int optimistic = (int) value(lines, found, Key.OPTIMISTIC_UNCHOKING_INTERVAL, MAX_SECONDS);
        int pieceSize = (int) value(lines, found, Key.PIECE_SIZE, PieceLayout.MAX_PIECE_LENGTH);
        long most = Math.max(1, (long) Math.max(0, pieceSize) * PieceLayout.MAX_PIECES);
        long fileSize = value(lines, found, Key.FILE_SIZE, pieceSize < 1 ? Long.MAX_VALUE : most);
        Lines.Line nameLine = line(found, Key.FILE_NAME);
        String name = nameLine.words().get(1);
        if (!isPlainName(name)) {
            lines.problem(
                    nameLine.number(),
                    "FileName is '" + Lines.quoted(name) + "'",
                    "write a plain name, without a folder");
        }
        if (!lines.problems().isEmpty()) {
            return new Parsed.Bad<>(inOrder(lines));
        }
        return new Parsed.Good<>(
                new Common(preferred, unchoking, optimistic, name, new PieceLayout(fileSize, pieceSize)));
    }

    /** The text of a file that says this. */
    public String text() {
        return Key.NUMBER_OF_PREFERRED_NEIGHBORS.written + " " + preferredNeighbours + "\n"
                + Key.UNCHOKING_INTERVAL.written + " " + unchokingSeconds + "\n"
                + Key.OPTIMISTIC_UNCHOKING_INTERVAL.written + " " + optimisticSeconds + "\n"
                + Key.FILE_NAME.written + " " + fileName + "\n"
                + Key.FILE_SIZE.written + " " + layout.totalLength() + "\n"
                + Key.PIECE_SIZE.written + " " + layout.pieceLength() + "\n";
    }

    private static void note(Lines.Line line, Map<Key, Lines.Line> found, Lines lines) {
        String word = line.words().getFirst();
        Key key = null;
        for (Key each : Key.values()) {
            if (each.written.equalsIgnoreCase(word)) {
                key = each;
            }
        }
        if (key == null) {
            lines.problem(
                    line.number(), "'" + Lines.quoted(word) + "' is not a key of this file", "take the line away");
        } else if (line.words().size() != 2) {
            lines.problem(
                    line.number(),
                    key.written + " has " + (line.words().size() - 1) + " values",
                    "write the key, a blank and one value");
            found.putIfAbsent(key, line);
        } else {
            Lines.Line former = found.putIfAbsent(key, line);
            if (former != null) {
                lines.problem(
                        line.number(),
                        key.written + " is in line " + former.number() + " already",
                        "keep one of the two lines");
            }
        }
    }

    private static long value(Lines lines, Map<Key, Lines.Line> found, Key key, long max) {
        Lines.Line line = line(found, key);
        return lines.number(line, key.written, line.words().get(1), 1, max);
    }

    private static Lines.Line line(Map<Key, Lines.Line> found, Key key) {
        Lines.Line line = found.get(key);
        if (line == null) {
            throw new AssertionError("looked for before: " + key);
        }
        return line;
    }

    private static List<Problem> inOrder(Lines lines) {
        return lines.problems().stream()
                .sorted(Comparator.comparingInt(problem -> problem.line() == 0 ? Integer.MAX_VALUE : problem.line()))
                .toList();
    }

    private static boolean isPlainName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }
}
