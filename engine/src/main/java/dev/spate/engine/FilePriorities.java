package dev.spate.engine;

import dev.spate.engine.storage.FileLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * How much each file of a torrent is wanted: 0, not at all, to 7; 4 is what nobody has said anything about. Pad files have one too,
 * without meaning. Immutable.
 */
record FilePriorities(List<Integer> ofFiles) {
    static final int LOWEST = 0;
    static final int HIGHEST = 7;

    /** What the picker takes for a piece of which nothing was said. */
    static final int USUAL = 4;

    FilePriorities {
        ofFiles = List.copyOf(ofFiles);
    }

    static FilePriorities usual(int files) {
        return new FilePriorities(Collections.nCopies(files, USUAL));
    }

    /**
     * With changes.
     *
     * @throws IllegalArgumentException if one is of no file, or is no priority
     */
    FilePriorities with(SortedMap<Integer, Integer> changes) {
        List<Integer> changed = new ArrayList<>(ofFiles);
        changes.forEach((file, priority) -> {
            if (file < 0 || file >= changed.size()) {
                throw new IllegalArgumentException("no file " + file + " of " + changed.size());
            }
            if (priority < LOWEST || priority > HIGHEST) {
                throw new IllegalArgumentException("not a priority: " + priority);
            }
            changed.set(file, priority);
        });
        return new FilePriorities(changed);
    }

    int of(int file) {
        return ofFiles.get(file);
    }

    /** The files that are not wanted. */
    BitSet unwanted() {
        BitSet unwanted = new BitSet();
        for (int file = 0; file < ofFiles.size(); file++) {
            unwanted.set(file, of(file) == LOWEST);
        }
        return unwanted;
    }

    /** How much each piece is wanted: as much as the most wanted of the stored files that it has bytes of. */
    int[] ofPieces(FileLayout layout) {
        int[] priorities = new int[layout.pieces().pieces()];
        for (int file = 0; file < layout.files(); file++) {
            if (layout.file(file).isStored()) {
                for (int piece = layout.firstPiece(file); piece < layout.endPiece(file); piece++) {
                    priorities[piece] = Math.max(priorities[piece], of(file));
                }
            }
        }
        return priorities;
    }

    /** What is to be remembered: nothing, if nobody has said anything. */
    List<Integer> notes() {
        return equals(usual(ofFiles.size())) ? List.of() : ofFiles;
    }
}
