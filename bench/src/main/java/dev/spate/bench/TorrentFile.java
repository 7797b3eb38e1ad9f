package dev.spate.bench;

import dev.spate.wire.Decoding;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A torrent file that the measuring program made, so that one that cannot be read is a bug. */
final class TorrentFile {

    private TorrentFile() {}

    static Metainfo read(Path file) throws IOException {
        if (Metainfo.decode(Files.readAllBytes(file)) instanceof Decoding.Decoded<Metainfo>(var metainfo)) {
            return metainfo;
        }
        throw new IOException("not a torrent: " + file);
    }
}
