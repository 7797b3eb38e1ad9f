package dev.spate.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The arrows as {@code ARCHITECTURE.md} draws them: in a fenced block, one line {@code from -> to to ...} for each module or
 * package, where {@code from} without arrows stands for one that needs no other.
 */
final class Drawing {

    private static final String FENCE = "```";

    private Drawing() {}

    /** The arrows in the block that is fenced as {@code kind}, in the order of names. */
    static SortedMap<String, Set<String>> read(Path page, String kind) throws IOException {
        List<String> lines = Files.readAllLines(page);
        int begin = lines.indexOf(FENCE + kind);
        if (begin < 0) {
            throw new IllegalStateException(page + " has no block " + FENCE + kind);
        }
        var arrows = new TreeMap<String, Set<String>>();
        for (String line : lines.subList(begin + 1, lines.size())) {
            if (line.equals(FENCE)) {
                return arrows;
            }
            if (!line.isBlank()) {
                String[] sides = line.split("->", 2);
                Set<String> drawnBefore = arrows.put(
                        sides[0].strip(),
                        new TreeSet<>(
                                sides.length == 1 || sides[1].isBlank()
                                        ? List.of()
                                        : List.of(sides[1].strip().split("\\s+"))));
                if (drawnBefore != null) {
                    throw new IllegalStateException(sides[0].strip() + " is drawn twice");
                }
            }
        }
        throw new IllegalStateException("the block " + FENCE + kind + " has no end");
    }
}
