package dev.spate.examples;

import dev.spate.engine.files.TorrentFileSystems;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Copies those files out of a torrent that match a pattern, with nothing but {@code java.nio.file}, while it is downloaded. */
final class CopyOut {
    private CopyOut() {}

    /** {@code CopyOut TORRENT FOLDER '/**.pdf' TARGET}. */
    public static void main(String[] args) throws IOException {
        Map<String, ?> environment = Map.of(TorrentFileSystems.FOLDER, Path.of(args[1]));
        IO.println("copied " + copy(Path.of(args[0]), environment, "glob:" + args[2], Path.of(args[3])));
    }

    static List<Path> copy(Path torrentFile, Map<String, ?> environment, String pattern, Path target)
            throws IOException {
        URI uri = URI.create("spate:" + torrentFile.toUri());
        try (FileSystem torrent = FileSystems.newFileSystem(uri, environment);
                Stream<Path> all = Files.walk(torrent.getPath("/"))) {
            PathMatcher wanted = torrent.getPathMatcher(pattern);
            List<Path> sources =
                    all.filter(Files::isRegularFile).filter(wanted::matches).toList();
            for (Path source : sources) {
                Files.copy(source, target.resolve(source.getFileName().toString()));
            }
            return sources;
        }
    }
}
