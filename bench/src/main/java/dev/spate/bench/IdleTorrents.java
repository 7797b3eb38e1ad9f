package dev.spate.bench;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A session that seeds many torrents to nobody.
 *
 * <p>Arguments: a folder of torrent files, the folder with their payloads, the port to listen on at 127.0.0.1. Prints
 * {@code ready} when the session is open and {@code added} when every torrent was added, its files were looked at, and it seeds,
 * each with the second of the monotonic clock; then idles until the end of its input.
 */
public final class IdleTorrents {

    private IdleTorrents() {}

    public static void main(String[] arguments) throws IOException {
        SessionSettings settings = SessionSettings.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2])))
                .build();
        try (Session session = Session.open(settings)) {
            TimedLine.print("ready");
            AddOptions options = AddOptions.into(Path.of(arguments[1])).withoutTrackers();
            List<Torrent> torrents = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]), "*.torrent")) {
                for (Path file : files) {
                    torrents.add(session.add(TorrentFile.read(file), options));
                }
            }
            torrents.forEach(torrent -> torrent.completion().join());
            TimedLine.print("added");
            while (System.in.read() >= 0) {
                // Nobody sends anything; the end is what counts.
            }
        }
    }
}
