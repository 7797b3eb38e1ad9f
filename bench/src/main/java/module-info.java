/** Measurements. */
@org.jspecify.annotations.NullMarked
module dev.spate.bench {
    requires static transitive org.jspecify;
}
