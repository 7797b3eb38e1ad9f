/** Whole swarms in one thread under virtual time. */
@org.jspecify.annotations.NullMarked
module dev.spate.sim {
    requires transitive dev.spate.core;
    requires static transitive org.jspecify;

    exports dev.spate.sim;
    exports dev.spate.sim.report;
    exports dev.spate.sim.scenario;
}
