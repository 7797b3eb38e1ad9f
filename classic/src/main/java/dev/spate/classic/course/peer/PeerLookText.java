package dev.spate.classic.course.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@link PeerLook} as one line, for a program that watches a peer on another host: {@code look ID PIECES ALL}, then for each neighbour
 * {@code ID:PIECES:TIE} with the tie as one letter. Pure.
 */
public final class PeerLookText {
    private static final int MAX_LINE = 64 * 1024;
    private static final Pattern LINE =
            Pattern.compile("look (\\d{1,9}) (\\d{1,9}) (\\d{1,9})((?: \\d{1,9}:\\d{1,9}:[nqcpo])*+)");

    private PeerLookText() {}

    /** The line, without its end. */
    public static String write(PeerLook look) {
        StringBuilder line = new StringBuilder("look ")
                .append(look.id())
                .append(' ')
                .append(look.pieces())
                .append(' ')
                .append(look.all());
        for (PeerLook.Neighbour each : look.neighbours()) {
            line.append(' ')
                    .append(each.id())
                    .append(':')
                    .append(each.pieces())
                    .append(':')
                    .append(each.tie().letter);
        }
        return line.toString();
    }

    /** Reads a line; empty if it is another one. */
    public static Optional<PeerLook> read(String line) {
        if (line.length() > MAX_LINE) {
            return Optional.empty();
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<PeerLook.Neighbour> neighbours = new ArrayList<>();
        String rest = matcher.group(4).strip();
        for (String word : rest.isEmpty() ? new String[0] : rest.split(" ", -1)) {
            String[] parts = word.split(":", -1);
            neighbours.add(new PeerLook.Neighbour(
                    Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), PeerLook.Tie.of(parts[2].charAt(0))));
        }
        return Optional.of(new PeerLook(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                neighbours));
    }
}
