package dev.spate.cli.fuzz;

import dev.spate.cli.scenario.ScenarioFuzz;
import dev.spate.fuzzing.FuzzTargets;
import java.util.List;

/** The fuzz targets of this module. */
class FuzzTest extends FuzzTargets {
    FuzzTest() {
        super(List.of(ScenarioFuzz.class));
    }
}
