package dev.spate.engine;

import dev.spate.wire.Decoding;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code .torrent} files. */
public final class MetainfoFile {
    private MetainfoFile() {}

    /**
     * What a torrent file says. It may come from a stranger: at most {@link Metainfo#MAX_LENGTH} bytes are read, and everything is
     * checked. To write one, write {@link Metainfo#toBytes}.
     *
     * @throws FileSystemException if it is not a torrent file; the reason says where it goes wrong
     * @throws IOException if it cannot be read
     */
    public static Metainfo read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Metainfo.MAX_LENGTH + 1);
        }
        if (bytes.length > Metainfo.MAX_LENGTH) {
            throw new FileSystemException(
                    file.toString(), null, "too long for a torrent file: more than " + Metainfo.MAX_LENGTH + " bytes");
        }
        return switch (Metainfo.decode(bytes)) {
            case Decoding.Decoded<Metainfo>(var metainfo) -> metainfo;
            case Decoding.NeedMore<Metainfo> cut ->
                throw new FileSystemException(file.toString(), null, "not a whole torrent file: it ends early");
            case Decoding.Malformed<Metainfo> malformed ->
                throw new FileSystemException(file.toString(), null, "not a torrent file: " + malformed);
        };
    }
}
