/** The spate command. */
@org.jspecify.annotations.NullMarked
module dev.spate.cli {
    requires dev.spate.classic;
    requires dev.spate.engine;
    requires dev.spate.io;
    requires dev.spate.sim;
    requires dev.spate.wire;
    requires info.picocli;
    requires jdk.httpserver;
    requires org.jline.terminal;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;
    // For signals, which the JDK offers nowhere else; JLine calls it.
    requires jdk.unsupported;
    requires static transitive org.jspecify;

    // picocli reads the annotations of our commands and sets their fields.
    opens dev.spate.cli to
            info.picocli;
}
