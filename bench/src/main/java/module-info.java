/** Measurements. */
@org.jspecify.annotations.NullMarked
module dev.spate.bench {
    requires dev.spate.core;
    requires jmh.core;
    requires static transitive org.jspecify;
}
