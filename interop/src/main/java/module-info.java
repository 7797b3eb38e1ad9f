/** Real clients in separate processes. */
@org.jspecify.annotations.NullMarked
module dev.spate.interop {
    requires static transitive org.jspecify;
}
