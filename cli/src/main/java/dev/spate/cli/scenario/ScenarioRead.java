package dev.spate.cli.scenario;

import dev.spate.sim.scenario.Scenario;

/** What became of reading a scenario. */
public sealed interface ScenarioRead {

    /** It is one. */
    record Good(Scenario scenario) implements ScenarioRead {}

    /**
     * It is none.
     *
     * @param problem what is wrong, with the key or the line
     * @param remedy what to do about it
     */
    record Bad(String problem, String remedy) implements ScenarioRead {}
}
