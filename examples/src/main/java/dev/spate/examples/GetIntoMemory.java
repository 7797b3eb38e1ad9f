package dev.spate.examples;

import dev.spate.engine.AddOptions;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.Torrent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Downloads a torrent into a store of the program's own, here the heap, and gives it to others from there. */
final class GetIntoMemory {
    private GetIntoMemory() {}

    /** {@code GetIntoMemory TORRENT}. */
    public static void main(String[] args) throws IOException {
        MemoryStore store = new MemoryStore();
        try (Session session =
                Session.open(keepingIn(store, SessionSettings.builder()).build())) {
            for (Path file : get(session, Path.of(args[0]), options -> options)) {
                IO.println(file + ": " + store.bytes(file).orElseThrow().length + " bytes");
            }
        }
    }

    static SessionSettings.Builder keepingIn(MemoryStore store, SessionSettings.Builder settings) {
        return settings.contentStore(store);
    }

    /** The names of its files in the store. */
    static List<Path> get(Session session, Path torrentFile, UnaryOperator<AddOptions> how) throws IOException {
        Torrent torrent = session.add(MetainfoFile.read(torrentFile), how.apply(AddOptions.into(Path.of("/torrents"))));
        torrent.completion().join();
        return torrent.files().stream()
                .map(file -> torrent.folder().resolve(file.path()))
                .toList();
    }
}
