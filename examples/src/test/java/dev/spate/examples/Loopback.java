package dev.spate.examples;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What the tests of the examples need besides them: data, and a seed on the loopback interface. */
final class Loopback {
    private Loopback() {}

    static SessionSettings settings() {
        return settingsOf(SessionSettings.builder());
    }

    static SessionSettings settingsOf(SessionSettings.Builder builder) {
        return builder.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
    }

    /** Random bytes in a file; the same each time for the same length. */
    static byte[] write(Path file, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return bytes;
    }

    /** Seeds a file or folder, and writes its torrent to {@code torrentFile}. */
    static Torrent seed(Session session, Path path, Path torrentFile) throws IOException, InterruptedException {
        Metainfo metainfo = TorrentBuilder.of(path).pieceLength(1 << 15).build();
        Files.write(torrentFile, metainfo.toBytes());
        Torrent torrent = session.add(metainfo, AddOptions.into(path.resolveSibling("")));
        torrent.completion().join();
        return torrent;
    }

    static PeerAddress address(Session session) {
        return PeerAddress.of(session.listenAddresses().getFirst());
    }

    static AddOptions from(Session seed, Path folder) {
        return AddOptions.into(folder).withPeers(List.of(address(seed)));
    }
}
