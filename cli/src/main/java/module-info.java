/** The spate command. */
@org.jspecify.annotations.NullMarked
module dev.spate.cli {
    requires info.picocli;
    requires static transitive org.jspecify;

    // picocli reads the annotations of our commands and sets their fields.
    opens dev.spate.cli to
            info.picocli;
}
