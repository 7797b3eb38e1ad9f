package dev.spate.engine.files;

import dev.spate.engine.Torrent;
import dev.spate.engine.TorrentFile;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One torrent as a file system. Names are told apart by case; the working folder is the root. */
final class TorrentFileSystem extends FileSystem {
    static final String SEPARATOR = "/";

    private final TorrentFileSystemProvider provider;
    private final String key;
    private final Torrent torrent;
    private final Consumer<TorrentFileSystem> end;
    private final Tree tree;
    private final TorrentPath root;
    private final Set<TrackedChannel> channels = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    /**
     * @param key by what its URIs call it
     * @param end run once when it is closed, after its channels
     */
    TorrentFileSystem(
            TorrentFileSystemProvider provider, String key, Torrent torrent, Consumer<TorrentFileSystem> end) {
        this.provider = provider;
        this.key = key;
        this.torrent = torrent;
        this.end = end;
        this.tree = new Tree(torrent.metainfo());
        this.root = new TorrentPath(this, true, List.of());
    }

    String key() {
        return key;
    }

    TorrentPath root() {
        return root;
    }

    // ------------------------------------------------------------------ for the provider

    private void requireOpen() {
        if (!open) {
            throw new ClosedFileSystemException();
        }
    }

    Tree.Node find(TorrentPath path) throws NoSuchFileException {
        requireOpen();
        Tree.Node node = tree.find(path.toAbsolutePath().normalize().names());
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    Attributes attributes(TorrentPath path) throws IOException {
        FileTime made = FileTime.from(torrent.metainfo().creationDate().orElse(Instant.EPOCH));
        return switch (find(path)) {
            case Tree.Folder folder -> new Attributes(true, 0, made);
            case Tree.Leaf(var file) -> new Attributes(false, file.length(), made);
        };
    }

    SeekableByteChannel open(TorrentPath path) throws IOException {
        if (!(find(path) instanceof Tree.Leaf(var entry))) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        TorrentFile file = torrent.file(entry.index()).orElseThrow();
        TrackedChannel channel = new TrackedChannel(file.openChannel(), channels);
        channels.add(channel);
        if (!open) {
            channel.close();
            throw new ClosedFileSystemException();
        }
        return channel;
    }

    DirectoryStream<Path> list(TorrentPath folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
        if (!(find(folder) instanceof Tree.Folder(var children))) {
            throw new NotDirectoryException(folder.toString());
        }
        List<Path> paths = new ArrayList<>(children.size());
        for (String name : children.keySet()) {
            Path path = folder.resolve(name);
            if (filter.accept(path)) {
                paths.add(path);
            }
        }
        return new Listing(paths);
    }

    FileStore store() {
        return new TorrentStore(torrent.name(), torrent.metainfo().layout().totalLength());
    }

    // ------------------------------------------------------------------ FileSystem

    @Override
    public TorrentFileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        try {
            for (TrackedChannel channel : List.copyOf(channels)) {
                channel.close();
            }
        } finally {
            end.accept(this);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return SEPARATOR;
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        requireOpen();
        return List.of(root);
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        requireOpen();
        return List.of(store());
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public TorrentPath getPath(String first, String... more) {
        return TorrentPath.parse(this, first, more);
    }

    /** By the rules of this machine, so that a program's patterns mean here what they mean elsewhere. */
    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(Path.of(path.toString()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("files of a torrent have no owners");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("files of a torrent do not change");
    }

    @Override
    public String toString() {
        return TorrentFileSystems.SCHEME + ":" + key;
    }
}
