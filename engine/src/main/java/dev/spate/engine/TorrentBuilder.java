package dev.spate.engine;

import dev.spate.engine.storage.SourceTree;
import dev.spate.engine.storage.StorageException;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a torrent of a file, or of everything in a folder (BEP 3, v1).
 *
 * {@snippet :
 * Metainfo metainfo = TorrentBuilder.of(Path.of("holiday"))
 *         .trackers(List.of(List.of("https://tracker.example/announce")))
 *         .build();
 * Files.write(Path.of("holiday.torrent"), metainfo.toBytes());
 * }
 *
 * <p>The same files and the same settings give the same bytes, on every system and at any time: files are in the order of their
 * paths as UTF-8 bytes, and no date and no creator is written unless it was set. Files whose name begins with a dot, and what
 * lies in such folders, are left out unless {@link #hiddenFiles} says otherwise; so are empty folders. A symbolic link, a special
 * file, or a file that cannot be read is an error. Not for use by several threads at once.
 */
public final class TorrentBuilder {

    /** The shortest piece that is chosen when none is given. */
    private static final int MIN_PIECE_LENGTH = PieceLayout.BLOCK_LENGTH;

    /**
     * The most pieces there should be when no length is given: 40 KiB of hashes, while a piece stays a small part of the whole, so
     * that a peer soon has something to give.
     */
    private static final int MANY_PIECES = 2048;

    /** The longest piece that is chosen for no other reason than the number of pieces; clients of the field know it well. */
    private static final int LONG_PIECE = 16 << 20;

    private final Path path;
    private @Nullable String name;
    private int pieceLength;
    private boolean hidden;
    private int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64);
    private List<List<String>> trackers = List.of();
    private List<String> webSeeds = List.of();
    private boolean isPrivate;
    private @Nullable String comment;
    private @Nullable String source;
    private @Nullable String createdBy;
    private @Nullable Instant creationDate;
    private Progress progress = (done, total) -> {};

    private TorrentBuilder(Path path) {
        this.path = path;
    }

    /** Is told how far the reading has come. */
    @FunctionalInterface
    public interface Progress {

        /**
         * Called some hundred times a second at most, on any thread, never by two at once; must be quick.
         *
         * @param done bytes that were hashed
         * @param total bytes of all files
         */
        void hashed(long done, long total);
    }

    /** Begins; nothing is looked at before {@link #build}. */
    public static TorrentBuilder of(Path fileOrFolder) {
        return new TorrentBuilder(fileOrFolder);
    }

    /** Another name than that of the file or folder. */
    public TorrentBuilder name(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a torrent needs a name");
        }
        name = text;
        return this;
    }

    /**
     * A fixed piece length. Without one, it is the smallest power of two that makes 2,048 pieces or fewer, but 16 KiB at least and 16
     * MiB at most, or as much more as the number of pieces demands.
     *
     * @param bytes a multiple of 16 KiB, at most 64 MiB
     */
    public TorrentBuilder pieceLength(int bytes) {
        if (bytes <= 0 || bytes % PieceLayout.BLOCK_LENGTH != 0 || bytes > PieceLayout.MAX_PIECE_LENGTH) {
            throw new IllegalArgumentException("a piece length is a multiple of 16 KiB up to 64 MiB, and not " + bytes);
        }
        pieceLength = bytes;
        return this;
    }

    /** Whether hidden files belong to the torrent; they do not at first. */
    public TorrentBuilder hiddenFiles(boolean included) {
        hidden = included;
        return this;
    }

    /** How many threads read and hash, 1 to 64; as many as there are processors at first. */
    public TorrentBuilder threads(int count) {
        if (count < 1 || count > 64) {
            throw new IllegalArgumentException("not a number of threads: " + count);
        }
        threads = count;
        return this;
    }

    /** Announce URLs in tiers (BEP 12). */
    public TorrentBuilder trackers(List<List<String>> tiers) {
        trackers = tiers.stream().map(List::copyOf).toList();
        return this;
    }

    /** URLs from which HTTP servers give the same files (BEP 19). */
    public TorrentBuilder webSeeds(List<String> urls) {
        webSeeds = List.copyOf(urls);
        return this;
    }

    /** Whether peers may only come from the torrent's own trackers (BEP 27). */
    public TorrentBuilder isPrivate(boolean value) {
        isPrivate = value;
        return this;
    }

    /** A text for people. */
    public TorrentBuilder comment(String text) {
        comment = text;
        return this;
    }

    /** Where the torrent belongs; part of the info dictionary, so that it gives the torrent another info-hash. */
    public TorrentBuilder source(String text) {
        source = text;
        return this;
    }

    /** What program made it. */
    public TorrentBuilder createdBy(String text) {
        createdBy = text;
        return this;
    }

    /** When it was made, to the second. */
    public TorrentBuilder creationDate(Instant moment) {
        creationDate = moment;
        return this;
    }

    /** Whom to tell how far it is. */
    public TorrentBuilder progress(Progress listener) {
        progress = listener;
        return this;
    }

    /**
     * Reads all files and makes the torrent. Blocks; no thread that it started runs on when it returns or throws.
     *
     * @throws SpateException.Storage if something cannot be read or cannot be in a torrent; the message names it
     * @throws InterruptedException if the calling thread was interrupted, which is how to cancel
     */
    public Metainfo build() throws InterruptedException {
        try {
            SourceTree tree = SourceTree.scan(path, hidden);
            MetainfoBuilder metainfo = begin(tree);
            long total = tree.totalLength();
            metainfo.pieces(tree.hash(metainfo.layout(), threads, done -> progress.hashed(done, total)));
            return metainfo.trackers(trackers)
                    .webSeeds(webSeeds)
                    .isPrivate(isPrivate)
                    .comment(comment)
                    .source(source)
                    .createdBy(createdBy)
                    .creationDate(creationDate)
                    .build();
        } catch (StorageException e) {
            throw StorageFailures.toSpate(e);
        }
    }

    private MetainfoBuilder begin(SourceTree tree) throws StorageException {
        int length = pieceLength == 0 ? automatic(tree.totalLength()) : pieceLength;
        if (Math.ceilDiv(tree.totalLength(), (long) length) > PieceLayout.MAX_PIECES) {
            throw new StorageException.Unsuitable(
                    path, "it has too many pieces of that length", "choose longer pieces");
        }
        String title = Optional.ofNullable(name).orElse(tree.name());
        return tree.isSingleFile()
                ? MetainfoBuilder.ofFile(title, tree.totalLength(), length)
                : MetainfoBuilder.ofFolder(
                        title,
                        tree.files().stream()
                                .map(file -> new MetainfoBuilder.NewFile(file.path(), file.length()))
                                .toList(),
                        length);
    }

    static int automatic(long totalLength) {
        int length = MIN_PIECE_LENGTH;
        while (length < LONG_PIECE && Math.ceilDiv(totalLength, (long) length) > MANY_PIECES) {
            length *= 2;
        }
        while (length < PieceLayout.MAX_PIECE_LENGTH
                && Math.ceilDiv(totalLength, (long) length) > PieceLayout.MAX_PIECES) {
            length *= 2;
        }
        return length;
    }
}
