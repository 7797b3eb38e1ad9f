/** The networks of Spate's seed documents on Spate's own rooms. */
@org.jspecify.annotations.NullMarked
module dev.spate.classic {
    requires transitive dev.spate.engine;
    requires dev.spate.io;
    requires static org.jspecify;

    exports dev.spate.classic.descriptor;
}
