package dev.spate.engine.files;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path within a torrent, with slashes between its names; it behaves as paths of a POSIX system do. Immutable.
 *
 * <p>Implementation note: the empty path has one name, which is empty, and is the only path with such a name; the root has no names.
 */
final class TorrentPath implements Path {
    private static final String HERE = ".";
    private static final String UP = "..";

    private final TorrentFileSystem system;
    private final boolean absolute;
    private final List<String> names;

    TorrentPath(TorrentFileSystem system, boolean absolute, List<String> names) {
        this.system = system;
        this.absolute = absolute;
        this.names = names.isEmpty() && !absolute ? List.of("") : List.copyOf(names);
    }

    static TorrentPath parse(TorrentFileSystem system, String first, String... more) {
        StringBuilder text = new StringBuilder(first);
        for (String part : more) {
            if (!part.isEmpty()) {
                text.append(text.isEmpty() ? "" : "/").append(part);
            }
        }
        int nul = text.indexOf("\0");
        if (nul >= 0) {
            throw new InvalidPathException(text.toString(), "Nul character not allowed", nul);
        }
        List<String> names = new ArrayList<>();
        for (String name : text.toString().split("/", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return new TorrentPath(system, text.indexOf("/") == 0, names);
    }

    List<String> names() {
        return names;
    }

    private boolean isEmpty() {
        return !absolute && names.getFirst().isEmpty();
    }

    private TorrentPath relative(List<String> some) {
        return new TorrentPath(system, false, some);
    }

    private static TorrentPath ours(Path other) {
        if (other instanceof TorrentPath path) {
            return path;
        }
        throw new ProviderMismatchException(other + " is of " + other.getFileSystem());
    }

    @Override
    public TorrentFileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? system.root() : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : relative(List.of(names.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !absolute)) {
            return null;
        }
        return new TorrentPath(system, absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int begin, int end) {
        if (begin < 0 || begin >= names.size() || end > names.size() || begin >= end) {
            throw new IllegalArgumentException(begin + " to " + end + " of " + names.size() + " names");
        }
        return relative(names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof TorrentPath that
                && that.system.equals(system)
                && that.absolute == absolute
                && that.names.size() <= names.size()
                && names.subList(0, that.names.size()).equals(that.names);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof TorrentPath that) || !that.system.equals(system)) {
            return false;
        }
        int from = names.size() - that.names.size();
        if (from < 0 || (that.absolute && (!absolute || from > 0))) {
            return false;
        }
        return names.subList(from, names.size()).equals(that.names);
    }

    @Override
    public TorrentPath normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names) {
            boolean up = name.equals(UP);
            if (up && !kept.isEmpty() && !kept.getLast().equals(UP)) {
                kept.removeLast();
            } else if (!name.equals(HERE) && !name.isEmpty() && !(up && absolute)) {
                kept.add(name);
            }
        }
        return new TorrentPath(system, absolute, kept);
    }

    @Override
    public TorrentPath resolve(Path other) {
        TorrentPath that = ours(other);
        if (that.absolute || isEmpty()) {
            return that;
        }
        if (that.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(that.names);
        return new TorrentPath(system, absolute, all);
    }

    @Override
    public TorrentPath relativize(Path other) {
        TorrentPath that = ours(other);
        if (that.equals(this)) {
            return relative(List.of());
        }
        if (that.absolute != absolute) {
            throw new IllegalArgumentException("one is absolute and the other is not: " + this + ", " + other);
        }
        if (isEmpty()) {
            return that;
        }
        List<String> from = relevant();
        List<String> to = that.relevant();
        int common = 0;
        while (common < from.size() && common < to.size() && from.get(common).equals(to.get(common))) {
            common++;
        }
        List<String> rest = from.subList(common, from.size());
        if (rest.contains(UP)) {
            throw new IllegalArgumentException("no way from " + this + " to " + other + " is known");
        }
        List<String> way = new ArrayList<>(Collections.nCopies(rest.size(), UP));
        way.addAll(to.subList(common, to.size()));
        return relative(way);
    }

    /** The names of the normalized path, none for the empty one. */
    private List<String> relevant() {
        TorrentPath normal = normalize();
        return normal.isEmpty() ? List.of() : normal.names;
    }

    @Override
    public URI toUri() {
        try {
            return SpateUri.of(
                    system.key(), new URI(null, null, toAbsolutePath().toString(), null));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public TorrentPath toAbsolutePath() {
        return absolute ? this : system.root().resolve(this);
    }

    @Override
    public TorrentPath toRealPath(LinkOption... options) throws IOException {
        system.find(this);
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("files of a torrent do not change");
    }

    @Override
    public int compareTo(Path other) {
        // What Path demands of a foreign one is a ClassCastException.
        String text = ((TorrentPath) other).toString();
        return Arrays.compareUnsigned(
                toString().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TorrentPath that
                && that.system.equals(system)
                && that.absolute == absolute
                && that.names.equals(names);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + Boolean.hashCode(absolute);
    }

    @Override
    public String toString() {
        String text = String.join("/", names);
        return absolute ? "/" + text : text;
    }
}
