package dev.spate.examples;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Event;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentBuilder;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a torrent of a folder and gives it to whoever comes, until Enter is pressed. */
final class SeedFolder {
    private SeedFolder() {}

    /** {@code SeedFolder FOLDER TRACKER}; the torrent file is written beside the folder. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        try (Session session = Session.open(SessionSettings.defaults())) {
            Torrent torrent = seed(session, folder, folder.resolveSibling(folder.getFileName() + ".torrent"), args[1]);
            IO.readln("seeding at " + session.listenAddresses() + "; Enter ends it\n");
            IO.println("gave " + (torrent.stats().uploaded() >> 20) + " MiB");
        }
    }

    static Torrent seed(Session session, Path folder, Path torrentFile, String tracker)
            throws IOException, InterruptedException {
        Metainfo metainfo =
                TorrentBuilder.of(folder).trackers(List.of(List.of(tracker))).build();
        Files.write(torrentFile, metainfo.toBytes());

        // Lasts as long as the session.
        var _ = session.subscribe(event -> {
            if (event instanceof Event.PeerConnected(var _, var peer)) {
                IO.println("here is " + peer);
            }
        });
        Torrent torrent = session.add(metainfo, AddOptions.into(folder.resolveSibling("")));
        torrent.completion().join();
        return torrent;
    }
}
