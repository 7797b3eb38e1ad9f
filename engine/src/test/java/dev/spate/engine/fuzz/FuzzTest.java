package dev.spate.engine.fuzz;

import dev.spate.engine.storage.MoveJournalFuzz;
import dev.spate.engine.storage.ResumeFileFuzz;
import dev.spate.fuzzing.FuzzTargets;
import java.util.List;

/** The fuzz targets of this module. */
class FuzzTest extends FuzzTargets {
    FuzzTest() {
        super(List.of(ResumeFileFuzz.class, MoveJournalFuzz.class));
    }
}
