/** The spate command. */
@org.jspecify.annotations.NullMarked
module dev.spate.cli {
    requires static transitive org.jspecify;
}
