package dev.spate.cli.view;

import dev.spate.classic.course.peer.PeerLook;
import java.util.ArrayList;
import java.util.List;

/** The peers of a course's network as a table: who has how much, and who is choked by whom. Pure. */
public final class CourseTable {
    private static final int BAR = 20;

    /** What the signs mean. */
    public static final String LEGEND =
            "a row to a column: P preferred, o optimistic, c choked and interested, . choked, blank not connected";

    private CourseTable() {}

    /** A line for each peer, and one that says how to read them. */
    public static List<String> lines(List<PeerLook> looks) {
        List<String> lines = new ArrayList<>();
        int width = looks.stream()
                .mapToInt(look -> Integer.toString(look.id()).length())
                .max()
                .orElse(1);
        StringBuilder head = new StringBuilder(" ".repeat(width + BAR + 20));
        looks.forEach(look -> head.append(' ').append(look.id()));
        lines.add(head.toString().stripTrailing());
        for (PeerLook look : looks) {
            int filled = (int) ((long) BAR * look.pieces() / Math.max(1, look.all()));
            StringBuilder line = new StringBuilder(String.format(
                    "%" + width + "d [%s%s] %7d of %-7d",
                    look.id(),
                    "#".repeat(filled),
                    " ".repeat(BAR - filled),
                    look.pieces(),
                    look.all()));
            for (PeerLook column : looks) {
                String id = Integer.toString(column.id());
                line.append(' ').append(" ".repeat(id.length() - 1)).append(sign(look, column.id()));
            }
            lines.add(line.toString().stripTrailing());
        }
        lines.add(LEGEND);
        return lines;
    }

    private static char sign(PeerLook look, int column) {
        if (look.id() == column) {
            return '-';
        }
        for (PeerLook.Neighbour neighbour : look.neighbours()) {
            if (neighbour.id() == column) {
                return switch (neighbour.tie()) {
                    case NONE -> ' ';
                    case QUIET -> '.';
                    case CHOKED -> 'c';
                    case PREFERRED -> 'P';
                    case OPTIMISTIC -> 'o';
                };
            }
        }
        return ' ';
    }
}
