/** The embeddable BitTorrent library. */
@org.jspecify.annotations.NullMarked
module dev.spate.engine {
    requires transitive dev.spate.wire;
    requires transitive dev.spate.core;
    requires dev.spate.io;
    requires static org.jspecify;

    exports dev.spate.engine;
    exports dev.spate.engine.dht;
    exports dev.spate.engine.files;
    exports dev.spate.engine.store;

    provides java.nio.file.spi.FileSystemProvider with
            dev.spate.engine.files.TorrentFileSystemProvider;
}
