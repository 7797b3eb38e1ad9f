/** The networks of Spate's seed documents on Spate's own rooms. */
@org.jspecify.annotations.NullMarked
module dev.spate.classic {
    requires transitive dev.spate.engine;
    requires dev.spate.io;
    requires static org.jspecify;

    exports dev.spate.classic.course;
    exports dev.spate.classic.course.log;
    exports dev.spate.classic.course.peer;
    exports dev.spate.classic.course.setup;
    exports dev.spate.classic.course.wire;
    exports dev.spate.classic.descriptor;
}
