package dev.spate.engine.files;

import dev.spate.engine.Torrent;
import java.nio.file.FileSystem;
import java.nio.file.spi.FileSystemProvider;

/**
 * Torrents as file systems.
 *
 * <p>Over a torrent of a session:
 *
 * <pre>{@code
 * try (FileSystem files = TorrentFileSystems.of(torrent)) {
 *     Files.copy(files.getPath("/album/01.flac"), target);
 * }
 * }</pre>
 *
 * <p>Over a torrent file, with a session of its own or one that is given, through the provider of the scheme {@code spate}:
 *
 * <pre>{@code
 * URI uri = URI.create("spate:file:///home/me/album.torrent");
 * FileSystem files = FileSystems.newFileSystem(uri, Map.of(TorrentFileSystems.FOLDER, Path.of("downloads")));
 * }</pre>
 *
 * <p>The root holds what the download folder holds: the torrent's file, or the folder of its files. Pad files and symbolic links
 * are not shown. Everything is readable at once; a read waits for what is not there yet, see {@link dev.spate.engine.TorrentFile}.
 * Attributes are those of the complete files. Closing a file system closes its channels, and ends what it began itself: its
 * session, or its torrent in a session that was given. What was downloaded stays.
 */
public final class TorrentFileSystems {

    /** The scheme of the URIs of these file systems. */
    public static final String SCHEME = "spate";

    /** Environment: the folder to download into, a {@link java.nio.file.Path} or a string; must be given. */
    public static final String FOLDER = "folder";

    /** Environment: the {@link dev.spate.engine.Session} to add the torrent to. If it has it already, that one is read. */
    public static final String SESSION = "session";

    /**
     * Environment, if no session is given: the {@link dev.spate.engine.SessionSettings} of the one that is opened; the defaults
     * otherwise.
     */
    public static final String SETTINGS = "settings";

    /** Environment: a list of {@link dev.spate.wire.PeerAddress}es to try at once. */
    public static final String PEERS = "peers";

    private TorrentFileSystems() {}

    /** A file system over a torrent, which goes on when the file system is closed. */
    public static FileSystem of(Torrent torrent) {
        return new TorrentFileSystem(
                provider(), "urn:btih:" + torrent.infoHash().onTheWire(), torrent, system -> {});
    }

    /** The installed provider; where modules are loaded in a way that installs none, one that only such file systems have. */
    private static TorrentFileSystemProvider provider() {
        for (FileSystemProvider provider : FileSystemProvider.installedProviders()) {
            if (provider instanceof TorrentFileSystemProvider ours) {
                return ours;
            }
        }
        return new TorrentFileSystemProvider();
    }
}
