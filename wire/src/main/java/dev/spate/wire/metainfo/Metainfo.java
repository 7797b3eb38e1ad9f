package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decoded {@code .torrent} file (BEPs 3, 5, 12, 17, 19, 27, 38, 39, 47, 52), validated in full. Immutable and safe for
 * all threads.
 *
 * <p>It keeps the file's bytes and looks into them, so that every key survives, known or not, and that the info-hash is one
 * of the bytes as they were received. Beyond its bytes it takes about 20 bytes of memory a file.
 */
public final class Metainfo {

    /** The longest metainfo that is accepted, in bytes: 32 MiB. */
    public static final int MAX_LENGTH = 32 << 20;

    /** The most files that are accepted, pad files counted. */
    public static final int MAX_FILES = 1_000_000;

    private final byte[] bytes;
    private final BencodeDictionary root;
    private final BencodeDictionary info;
    private final Version version;
    private final InfoHash infoHash;
    private final Texts texts;
    private final String name;
    private final String originalName;
    private final PieceLayout layout;
    private final FileTable files;
    private final boolean isSingleFile;

    /** The v1 hashes, or null in v2; read-only, for absolute access. */
    private final @Nullable ByteBuffer pieces;

    private final Links links;

    Metainfo(
            byte[] bytes,
            BencodeDictionary root,
            BencodeDictionary info,
            Version version,
            InfoHash infoHash,
            Texts texts,
            String name,
            String originalName,
            PieceLayout layout,
            FileTable files,
            boolean isSingleFile,
            @Nullable BencodeString pieces,
            Links links) {
        this.bytes = bytes;
        this.root = root;
        this.info = info;
        this.version = version;
        this.infoHash = infoHash;
        this.texts = texts;
        this.name = name;
        this.originalName = originalName;
        this.layout = layout;
        this.files = files;
        this.isSingleFile = isSingleFile;
        this.pieces = pieces == null ? null : pieces.buffer();
        this.links = links;
    }

    /**
     * Decodes and validates a {@code .torrent} file. Bytes behind its dictionary are ignored.
     *
     * @param torrentFile is kept and looked into, not copied; nobody may change it any more
     * @return {@code Decoded}, or {@code Malformed} with a reason that names the key
     */
    public static Decoding<Metainfo> decode(byte[] torrentFile) {
        return new MetainfoReader(torrentFile, true).read();
    }

    /**
     * Makes a metainfo of an info dictionary that peers sent (BEP 9). It may lack the piece layers of a v2 half, which are
     * not part of the info dictionary; see {@link #hasPieceLayers}.
     *
     * @param info the raw bytes, whose hash the caller has compared
     * @param trackers tiers, as far as they are known
     * @return {@code Decoded} or {@code Malformed}; offsets count within the metainfo that was made
     */
    public static Decoding<Metainfo> ofInfoDictionary(byte[] info, List<List<String>> trackers) {
        return switch (MetainfoBuilder.wrap(info, trackers)) {
            case Decoding.Decoded<byte[]>(var wrapped) -> new MetainfoReader(wrapped, false).read();
            case Decoding.Malformed<byte[]> malformed -> malformed.as();
            case Decoding.NeedMore<byte[]> needMore -> throw new AssertionError(needMore);
        };
    }

    /** The bytes of the {@code .torrent} file as they were received, every unknown key with them. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, root.span().end());
    }

    /** The bytes of the info dictionary as they were received; what BEP 9 sends and the info-hash is made of. */
    public byte[] infoBytes() {
        Span span = info.span();
        return Arrays.copyOfRange(bytes, span.offset(), span.end());
    }

    /** The same bytes, not copied; only to be read. */
    public ByteBuffer infoBuffer() {
        Span span = info.span();
        return ByteBuffer.wrap(bytes, span.offset(), span.end() - span.offset())
                .slice()
                .asReadOnlyBuffer();
    }

    /** The whole dictionary, for keys that have no method here. */
    public BencodeDictionary dictionary() {
        return root;
    }

    /** The info dictionary, for keys that have no method here. */
    public BencodeDictionary infoDictionary() {
        return info;
    }

    public InfoHash infoHash() {
        return infoHash;
    }

    public Version version() {
        return version;
    }

    /** The name of the file or of the folder, made safe; the info-hash in hexadecimal where nothing is left of it. */
    public String name() {
        return name;
    }

    /** The name as the metainfo says it. Not safe as a file name. */
    public String originalName() {
        return originalName;
    }

    /**
     * How the run of all bytes divides into pieces. In v1 and hybrids the run is that of v1, with pad files; in v2 alone
     * every file begins with a piece, and what lies between files belongs to none (BEP 52).
     */
    public PieceLayout layout() {
        return layout;
    }

    /**
     * The files in order, pad files included. Each is made when it is asked for: keep it, or walk through them once, rather
     * than ask again and again.
     */
    public List<FileEntry> files() {
        return files;
    }

    /**
     * The index of the file that holds a byte of the run of all bytes.
     *
     * @return -1 where none does, which is between two files of a v2 torrent, or beyond the last
     */
    public int fileIndexAt(long offset) {
        return files.places().fileAt(offset);
    }

    /** Whether there is but one file that lies in no folder: its path is its name. Otherwise {@link #name} is a folder. */
    public boolean isSingleFile() {
        return isSingleFile;
    }

    /**
     * The SHA-1 of a piece.
     *
     * @throws IllegalStateException in v2, where pieces have none
     */
    public Digest pieceHash(int piece) {
        byte[] hash = new byte[Digest.SHA1_LENGTH];
        v1Hashes(piece).get(piece * Digest.SHA1_LENGTH, hash);
        return Digest.of(hash);
    }

    /**
     * Whether the SHA-1 of a piece is this one. Allocates nothing.
     *
     * @param sha1 20 bytes
     * @throws IllegalStateException in v2, where pieces have none
     */
    public boolean pieceHashMatches(int piece, byte[] sha1) {
        ByteBuffer hashes = v1Hashes(piece);
        if (sha1.length != Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException("not a SHA-1: " + sha1.length + " bytes");
        }
        int offset = piece * Digest.SHA1_LENGTH;
        for (int i = 0; i < Digest.SHA1_LENGTH; i++) {
            if (hashes.get(offset + i) != sha1[i]) {
                return false;
            }
        }
        return true;
    }

    private ByteBuffer v1Hashes(int piece) {
        if (pieces == null) {
            throw new IllegalStateException("a v2 torrent has no hashes of pieces");
        }
        if (piece < 0 || piece >= layout.pieces()) {
            throw new IndexOutOfBoundsException("no piece " + piece + " of " + layout.pieces());
        }
        return pieces;
    }

    /** Whether the piece layers of a v2 half are there; decoding has verified them then. False in v1. */
    public boolean hasPieceLayers() {
        return version != Version.V1 && root.contains("piece layers");
    }

    /**
     * The SHA-256 hashes of a file's pieces (BEP 52), 32 bytes each.
     *
     * @param piecesRoot the file's {@link FileEntry#piecesRoot}
     * @return empty for a file no longer than a piece, whose root says it all, and where {@link #hasPieceLayers} is false
     */
    public Optional<byte[]> pieceLayer(Digest piecesRoot) {
        return version == Version.V1
                ? Optional.empty()
                : root.dictionary("piece layers")
                        .flatMap(layers -> PieceLayers.find(layers, piecesRoot))
                        .map(BencodeString::bytes);
    }

    /** The trackers' URLs in tiers (BEP 12); {@code announce} alone is one tier. No URL twice, no empty tier. */
    public List<List<String>> trackers() {
        return links.trackers();
    }

    /** {@code url-list} (BEP 19). */
    public List<String> webSeeds() {
        return links.webSeeds();
    }

    /** {@code httpseeds} (BEP 17). */
    public List<String> httpSeeds() {
        return links.httpSeeds();
    }

    /** Nodes of the DHT (BEP 5). */
    public List<HostPort> nodes() {
        return links.nodes();
    }

    /** Info-hashes of torrents that may have files in common with this one (BEP 38). */
    public List<Digest> similar() {
        return links.similar();
    }

    /** Names of the collections that the torrent belongs to (BEP 38). */
    public List<String> collections() {
        return links.collections();
    }

    /** Whether peers may come from the trackers only (BEP 27). */
    public boolean isPrivate() {
        return info.integer("private").orElse(0) == 1;
    }

    public Optional<String> comment() {
        return texts.read(root, "comment");
    }

    public Optional<String> createdBy() {
        return texts.read(root, "created by");
    }

    /** When it was made; empty as well for what is no moment between the years 1970 and 9999. */
    public Optional<Instant> creationDate() {
        return root.get("creation date").orElse(null) instanceof BencodeInteger seconds
                        && seconds.value() >= 0
                        && seconds.value() <= MAX_EPOCH_SECOND
                ? Optional.of(Instant.ofEpochSecond(seconds.value()))
                : Optional.empty();
    }

    private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

    /** The character set that the metainfo names for its strings. */
    public Optional<String> encoding() {
        return root.text("encoding");
    }

    /** {@code source} of the info dictionary: which tracker the torrent was made for. */
    public Optional<String> source() {
        return texts.read(info, "source");
    }

    /** Where to ask for a newer torrent (BEP 39). */
    public Optional<String> updateUrl() {
        return info.text("update-url");
    }

    /** The X.509 certificate, in DER, of who may update the torrent (BEP 39). Not verified. */
    public Optional<byte[]> originator() {
        return info.bytes("originator");
    }

    /** A magnet link to this torrent, with its trackers and web seeds. */
    public Magnet magnet() {
        return new Magnet(
                infoHash,
                originalName.isEmpty() ? null : originalName,
                links.trackers().stream().flatMap(List::stream).toList(),
                links.webSeeds(),
                List.of(),
                List.of());
    }

    /** Two are equal when their bytes are. */
    @Override
    public boolean equals(Object object) {
        return object instanceof Metainfo other
                && Arrays.equals(
                        bytes,
                        0,
                        root.span().end(),
                        other.bytes,
                        0,
                        other.root.span().end());
    }

    @Override
    public int hashCode() {
        return infoHash.hashCode();
    }

    @Override
    public String toString() {
        return name + " (" + infoHash + ")";
    }
}
