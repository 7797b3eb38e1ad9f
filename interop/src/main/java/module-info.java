/** Real clients in separate processes. */
@org.jspecify.annotations.NullMarked
module dev.spate.interop {
    requires java.management;
    requires jdk.jfr;
    requires java.net.http;
    requires static transitive org.jspecify;
}
