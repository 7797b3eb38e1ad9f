package dev.spate.examples;

import dev.spate.engine.AddOptions;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Downloads a torrent, says now and then how far it is, and leaves when every byte is verified and on disk. */
final class GetFile {
    private GetFile() {}

    /** {@code GetFile TORRENT FOLDER}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Session session = Session.open(SessionSettings.defaults())) {
            Path got = get(session, Path.of(args[0]), AddOptions.into(Path.of(args[1])));
            IO.println("complete: " + got);
        } catch (SpateException e) {
            // The message names what could not be done, with what, and what to do about it.
            IO.println(e.getMessage());
        }
    }

    static Path get(Session session, Path torrentFile, AddOptions options) throws IOException, InterruptedException {
        Torrent torrent = session.add(MetainfoFile.read(torrentFile), options);
        while (!torrent.awaitCompletion(Duration.ofSeconds(1))) {
            TorrentStats now = torrent.stats();
            IO.println("%s: %d of %d pieces, %d KiB/s from %d peers"
                    .formatted(
                            torrent.name(), now.flushedPieces(), now.pieces(), now.downloadRate() >> 10, now.peers()));
        }
        return torrent.folder().resolve(torrent.name());
    }
}
