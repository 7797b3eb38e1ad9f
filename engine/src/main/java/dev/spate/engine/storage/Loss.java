package dev.spate.engine.storage;

import dev.spate.wire.PieceSet;
import java.nio.file.Path;
import java.util.List;

/**
 * What is not on disk any more although it was.
 *
 * @param pieces of which something is gone
 * @param files that are gone or too short
 * @param everything whether no file is left at all
 * @param touched whether somebody wrote to a file that was complete, so that only reading can tell what it still holds
 */
public record Loss(PieceSet pieces, List<Path> files, boolean everything, boolean touched) {
    public Loss {
        files = List.copyOf(files);
    }
}
