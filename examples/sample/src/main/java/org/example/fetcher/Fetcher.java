package org.example.fetcher;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.TorrentBuilder;
import dev.spate.engine.files.TorrentFileSystems;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Seeds a file in one session and gets it in two other ways, all on the loopback interface: as a download, and out of a file
 * system that the JDK finds by its scheme.
 */
public final class Fetcher {
    private Fetcher() {}

    /** {@code Fetcher FOLDER}, an empty one. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        byte[] content = new byte[3_000_001];
        new Random(1).nextBytes(content);
        Path original = Files.createDirectories(folder.resolve("seed")).resolve("data.bin");
        Files.write(original, content);
        Metainfo metainfo = TorrentBuilder.of(original).build();
        Path torrentFile = Files.write(folder.resolve("data.torrent"), metainfo.toBytes());

        try (Session seed = Session.open(settings())) {
            seed.add(metainfo, AddOptions.into(original.getParent())).completion().join();
            List<PeerAddress> peers =
                    List.of(PeerAddress.of(seed.listenAddresses().getFirst()));

            try (Session leech = Session.open(settings())) {
                leech.add(metainfo, AddOptions.into(folder.resolve("downloads")).withPeers(peers))
                        .completion()
                        .join();
            }
            check(original, folder.resolve("downloads").resolve("data.bin"));

            Map<String, ?> environment = Map.of(
                    TorrentFileSystems.FOLDER, folder.resolve("behind-the-file-system"),
                    TorrentFileSystems.SETTINGS, settings(),
                    TorrentFileSystems.PEERS, peers);
            try (FileSystem torrent =
                    FileSystems.newFileSystem(URI.create("spate:" + torrentFile.toUri()), environment)) {
                Files.copy(torrent.getPath("/data.bin"), folder.resolve("copy.bin"));
            }
            check(original, folder.resolve("copy.bin"));
        }
        System.out.println("downloaded and copied, every byte right, by "
                + Fetcher.class.getModule() + " on " + Session.class.getModule());
    }

    private static SessionSettings settings() {
        return SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
    }

    private static void check(Path expected, Path actual) throws IOException {
        if (Files.mismatch(expected, actual) >= 0) {
            throw new IOException(actual + " is not what was seeded");
        }
    }
}
