/** Moves bytes and knows no BitTorrent. */
@org.jspecify.annotations.NullMarked
module dev.spate.io {
    // For the descriptions of UPnP gateways.
    requires java.xml;
    requires jdk.jfr;
    requires static org.jspecify;

    exports dev.spate.io.file;
    exports dev.spate.io.http;
    exports dev.spate.io.lane;
    exports dev.spate.io.memory;
    exports dev.spate.io.nat;
    exports dev.spate.io.proxy;
    exports dev.spate.io.work;
}
