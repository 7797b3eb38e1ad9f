/** The embeddable BitTorrent library. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // The command line is compiled later.
module dev.spate.engine {
    requires transitive dev.spate.wire;
    requires transitive dev.spate.core;
    requires dev.spate.io;
    requires jdk.jfr;
    requires static org.jspecify;

    exports dev.spate.engine;
    exports dev.spate.engine.dht;
    exports dev.spate.engine.files;
    exports dev.spate.engine.metrics;
    exports dev.spate.engine.probe;
    exports dev.spate.engine.store;
    // Whoever embeds the engine talks to peers through torrents.
    exports dev.spate.engine.talk to
            dev.spate.cli;

    provides java.nio.file.spi.FileSystemProvider with
            dev.spate.engine.files.TorrentFileSystemProvider;
}
