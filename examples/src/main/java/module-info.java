/** Small programs that embed the engine. They need nothing but its door, and the compiler sees to it. */
@org.jspecify.annotations.NullMarked
module dev.spate.examples {
    requires dev.spate.engine;
    requires static transitive org.jspecify;
}
