package dev.spate.examples;

import dev.spate.engine.AddOptions;
import dev.spate.engine.FileStats;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Plays a film while it is downloaded: its bytes go to standard output in their order, each as soon as it is there.
 *
 * <p>A reader waits for what is missing and has it fetched before everything else. So nothing needs to be told where playing is.
 */
final class StreamFilm {
    private StreamFilm() {}

    /** {@code StreamFilm TORRENT FOLDER | mpv -}. */
    public static void main(String[] args) throws IOException {
        try (Session session = Session.open(SessionSettings.defaults())) {
            Torrent torrent = session.add(MetainfoFile.read(Path.of(args[0])), AddOptions.into(Path.of(args[1])));
            play(film(torrent), System.out);
        }
    }

    /** The longest file. */
    static TorrentFile film(Torrent torrent) {
        FileStats longest = torrent.files().stream()
                .max(Comparator.comparingLong(FileStats::length))
                .orElseThrow();
        return torrent.file(longest.path()).orElseThrow();
    }

    static void play(TorrentFile film, OutputStream player) throws IOException {
        try (InputStream stream = film.openStream()) {
            stream.transferTo(player);
        }
    }

    /** Reads somewhere else, as players do that look for an index at the end; other readers are not disturbed. */
    static byte[] end(TorrentFile film, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (SeekableByteChannel channel = film.openChannel()) {
            channel.position(film.size() - length);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        }
        return bytes.array();
    }
}
