/** Measurements. */
@org.jspecify.annotations.NullMarked
module dev.spate.bench {
    requires dev.spate.classic;
    requires dev.spate.core;
    requires dev.spate.engine;
    requires dev.spate.wire;
    requires jmh.core;
    requires static transitive org.jspecify;
}
