package dev.spate.engine.files;

import java.net.URI;
import java.nio.file.Path;

/**
 * A URI taken apart: {@code spate:file:///x.torrent!/in/it}.
 *
 * @param key the URI of the torrent file, always written the same
 * @param path in the file system; the root if the URI names none
 */
record SpateUri(String key, String path) {
    private static final String SEPARATOR = "!/";

    /** @throws IllegalArgumentException if it is not of such a form */
    static SpateUri of(URI uri) {
        if (!TorrentFileSystems.SCHEME.equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("not of the scheme " + TorrentFileSystems.SCHEME + ": " + uri);
        }
        String specific = uri.getRawSchemeSpecificPart();
        int cut = specific.lastIndexOf(SEPARATOR);
        URI torrentFile = URI.create(cut < 0 ? specific : specific.substring(0, cut));
        if (!torrentFile.isAbsolute()) {
            throw new IllegalArgumentException(
                    "no torrent file: " + uri + "; it must be like spate:file:///folder/name.torrent");
        }
        String path = cut < 0 ? "/" : URI.create(specific.substring(cut + 1)).getPath();
        return new SpateUri(key(Path.of(torrentFile)), path);
    }

    /** How a torrent file is called among the open file systems. */
    static String key(Path torrentFile) {
        return torrentFile.toAbsolutePath().normalize().toUri().toString();
    }

    Path torrentFile() {
        return Path.of(URI.create(key));
    }

    /** Put together again. */
    static URI of(String key, URI rawPath) {
        return URI.create(TorrentFileSystems.SCHEME + ":" + key + "!" + rawPath.getRawPath());
    }
}
