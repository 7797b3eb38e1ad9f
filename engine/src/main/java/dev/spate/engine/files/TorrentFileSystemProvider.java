package dev.spate.engine.files;

import dev.spate.engine.AddOptions;
import dev.spate.engine.MetainfoFile;
import dev.spate.engine.Session;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.SpateException;
import dev.spate.engine.Torrent;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.metainfo.Metainfo;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The provider of the scheme {@code spate}; found by the JDK, and not to be made by hand. See {@link TorrentFileSystems}.
 *
 * <p>URIs are {@code spate:} and the URI of the torrent file; of a path, {@code !} and the path follow.
 */
public final class TorrentFileSystemProvider extends FileSystemProvider {
    private static final Set<OpenOption> READING = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** Those that were opened by URI, by the URI of the torrent file. Guarded by itself. */
    private final Map<String, TorrentFileSystem> open = new HashMap<>();

    /** For the JDK, which makes the one that serves all. */
    public TorrentFileSystemProvider() {}

    @Override
    public String getScheme() {
        return TorrentFileSystems.SCHEME;
    }

    // ------------------------------------------------------------------ file systems

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
        SpateUri parsed = SpateUri.of(uri);
        return newFileSystem(parsed.torrentFile(), parsed.key(), env);
    }

    /** Over a file whose name ends with {@code .torrent}, if a download folder is given; others are not ours. */
    @Override
    public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
        if (!path.toString().endsWith(".torrent") || !env.containsKey(TorrentFileSystems.FOLDER)) {
            throw new UnsupportedOperationException("not a torrent file with a download folder: " + path);
        }
        return newFileSystem(path, SpateUri.key(path), env);
    }

    private FileSystem newFileSystem(Path torrentFile, String key, Map<String, ?> env) throws IOException {
        Path folder = switch (env.get(TorrentFileSystems.FOLDER)) {
            case Path path -> path;
            case String text -> Path.of(text);
            case null, default ->
                throw new IllegalArgumentException("no download folder: put a Path into the environment, key \""
                        + TorrentFileSystems.FOLDER + "\"");
        };
        List<PeerAddress> peers = peers(env);
        Metainfo metainfo = MetainfoFile.read(torrentFile);
        synchronized (open) {
            if (open.containsKey(key)) {
                throw new FileSystemAlreadyExistsException(key);
            }
            TorrentFileSystem made = open(key, metainfo, AddOptions.into(folder).withPeers(peers), env);
            open.put(key, made);
            return made;
        }
    }

    private TorrentFileSystem open(String key, Metainfo metainfo, AddOptions options, Map<String, ?> env) {
        Session given = value(env, TorrentFileSystems.SESSION, Session.class);
        if (given != null) {
            Torrent known = given.torrent(metainfo.infoHash()).orElse(null);
            Torrent torrent = known == null ? given.add(metainfo, options) : known;
            return made(key, torrent, system -> {
                if (known == null) {
                    given.remove(torrent, false).join();
                }
            });
        }
        SessionSettings settings = value(env, TorrentFileSystems.SETTINGS, SessionSettings.class);
        Session own = Session.open(settings == null ? SessionSettings.defaults() : settings);
        try {
            return made(key, own.add(metainfo, options), system -> own.close());
        } catch (SpateException e) {
            own.close();
            throw e;
        }
    }

    private TorrentFileSystem made(String key, Torrent torrent, Consumer<TorrentFileSystem> end) {
        return new TorrentFileSystem(this, key, torrent, system -> {
            synchronized (open) {
                open.remove(key, system);
            }
            try {
                end.accept(system);
            } catch (CompletionException e) {
                if (e.getCause() instanceof SpateException failure) {
                    throw failure;
                }
                throw e;
            }
        });
    }

    private static <T> @Nullable T value(Map<String, ?> env, String key, Class<T> type) {
        Object value = env.get(key);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("the environment's \"" + key + "\" is no " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private static List<PeerAddress> peers(Map<String, ?> env) {
        List<?> given = value(env, TorrentFileSystems.PEERS, List.class);
        List<PeerAddress> peers = new ArrayList<>();
        for (Object each : given == null ? List.of() : given) {
            if (!(each instanceof PeerAddress peer)) {
                throw new IllegalArgumentException(
                        "no PeerAddress among the environment's \"" + TorrentFileSystems.PEERS + "\": " + each);
            }
            peers.add(peer);
        }
        return peers;
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return known(SpateUri.of(uri).key());
    }

    private TorrentFileSystem known(String key) {
        synchronized (open) {
            TorrentFileSystem system = open.get(key);
            if (system == null) {
                throw new FileSystemNotFoundException(key);
            }
            return system;
        }
    }

    @Override
    public Path getPath(URI uri) {
        SpateUri parsed = SpateUri.of(uri);
        return known(parsed.key()).getPath(parsed.path());
    }

    private static TorrentPath ours(Path path) {
        if (path instanceof TorrentPath ours) {
            return ours;
        }
        throw new ProviderMismatchException(path + " is of " + path.getFileSystem());
    }

    // ------------------------------------------------------------------ reading

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (!READING.containsAll(options)) {
            throw new ReadOnlyFileSystemException();
        }
        return ours(path).getFileSystem().open(ours(path));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        return ours(folder).getFileSystem().list(ours(folder), filter);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Tree.Node node = ours(path).getFileSystem().find(ours(path));
        for (AccessMode mode : modes) {
            if (mode == AccessMode.WRITE || (mode == AccessMode.EXECUTE && node instanceof Tree.Leaf)) {
                throw new AccessDeniedException(path.toString(), null, "torrents are only read");
            }
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException("only basic attributes, not " + type.getSimpleName());
        }
        return type.cast(attributes(path));
    }

    private static Attributes attributes(Path path) throws IOException {
        return ours(path).getFileSystem().attributes(ours(path));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        return attributes(path).named(names);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return type == BasicFileAttributeView.class ? type.cast(new Attributes.View(() -> attributes(path))) : null;
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        if (one.equals(other)) {
            return true;
        }
        if (!(other instanceof TorrentPath that) || !ours(one).getFileSystem().equals(that.getFileSystem())) {
            return false;
        }
        return ours(one).toRealPath().equals(that.toRealPath());
    }

    @Override
    public boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        ours(path).getFileSystem().find(ours(path));
        return ours(path).getFileSystem().store();
    }

    // ------------------------------------------------------------------ writing

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(Path path) {
        throw new ReadOnlyFileSystemException();
    }

    /** Within the provider a copy is a write; out of it, the JDK reads here and writes there. */
    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void setAttribute(Path path, String attribute, @Nullable Object value, LinkOption... options) {
        throw new ReadOnlyFileSystemException();
    }
}
