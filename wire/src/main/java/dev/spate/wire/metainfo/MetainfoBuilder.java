package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a v1 metainfo says and makes its bytes (BEP 3). The same input makes the same bytes, everywhere and always:
 * keys are in canonical order, and nothing is added that was not given. For one thread.
 *
 * <p>First the files and the piece length, then {@link #layout} tells how to cut the bytes, and their hashes come last.
 */
public final class MetainfoBuilder {

    /**
     * A file of a folder that is being described.
     *
     * @param path its folders and its name, at least one part, none of them empty
     * @param length in bytes; 0 for a symlink
     * @param attributes BEP 47
     * @param symlinkPath where a symlink points, from the torrent's folder; empty for others
     */
    public record NewFile(List<String> path, long length, Set<FileAttribute> attributes, List<String> symlinkPath) {
        public NewFile {
            if (path.isEmpty() || path.contains("")) {
                throw new IllegalArgumentException("not a path: " + path);
            }
            if (length < 0) {
                throw new IllegalArgumentException("negative length: " + length);
            }
            if (attributes.contains(FileAttribute.SYMLINK) == symlinkPath.isEmpty()
                    || (length > 0 && !symlinkPath.isEmpty())) {
                throw new IllegalArgumentException("a symlink, and nothing else, has a target and no length: " + path);
            }
            path = List.copyOf(path);
            attributes = Set.copyOf(attributes);
            symlinkPath = List.copyOf(symlinkPath);
        }

        /** A plain file. */
        public NewFile(List<String> path, long length) {
            this(path, length, Set.of(), List.of());
        }
    }

    private final BencodeDictionaryBuilder root = BencodeDictionary.builder();
    private final BencodeDictionaryBuilder info = BencodeDictionary.builder();
    private final PieceLayout layout;

    private MetainfoBuilder(String name, long totalLength, int pieceLength) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("no name");
        }
        layout = new PieceLayout(totalLength, pieceLength);
        info.put("name", name);
        info.put("piece length", pieceLength);
    }

    /**
     * Begins a torrent of one file.
     *
     * @param pieceLength in bytes, a multiple of 16 KiB up to 64 MiB
     */
    public static MetainfoBuilder ofFile(String name, long length, int pieceLength) {
        MetainfoBuilder builder = new MetainfoBuilder(name, length, pieceLength);
        builder.info.put("length", length);
        return builder;
    }

    /**
     * Begins a torrent of a folder.
     *
     * @param files in the order that their bytes will have, at least one
     * @param pieceLength in bytes, a multiple of 16 KiB up to 64 MiB
     */
    public static MetainfoBuilder ofFolder(String name, List<NewFile> files, int pieceLength) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no files");
        }
        long total = 0;
        List<BencodeValue> dictionaries = new ArrayList<>(files.size());
        for (NewFile file : files) {
            total = Math.addExact(total, file.length());
            dictionaries.add(dictionary(file));
        }
        MetainfoBuilder builder = new MetainfoBuilder(name, total, pieceLength);
        builder.info.put("files", BencodeList.of(dictionaries));
        return builder;
    }

    private static BencodeDictionary dictionary(NewFile file) {
        BencodeDictionaryBuilder dictionary = BencodeDictionary.builder();
        dictionary.put("length", file.length());
        dictionary.put("path", BencodeList.ofTexts(file.path()));
        if (!file.attributes().isEmpty()) {
            // In the order of their letters' declaration, whatever the set's own is.
            StringBuilder letters = new StringBuilder();
            for (FileAttribute attribute : FileAttribute.values()) {
                if (file.attributes().contains(attribute)) {
                    letters.append(attribute.letter());
                }
            }
            dictionary.put("attr", letters.toString());
        }
        if (!file.symlinkPath().isEmpty()) {
            dictionary.put("symlink path", BencodeList.ofTexts(file.symlinkPath()));
        }
        return dictionary.build();
    }

    /** How the files' bytes, one after the other, are cut into pieces that must be hashed. */
    public PieceLayout layout() {
        return layout;
    }

    /**
     * The SHA-1 hashes of all pieces.
     *
     * @param sha1s 20 bytes for each piece, in order
     */
    public MetainfoBuilder pieces(byte[] sha1s) {
        if (sha1s.length != (long) layout.pieces() * Digest.SHA1_LENGTH) {
            throw new IllegalArgumentException(
                    sha1s.length + " bytes are not 20 for each of " + layout.pieces() + " pieces");
        }
        info.put("pieces", sha1s);
        return this;
    }

    /** The trackers' URLs in tiers (BEP 12). A lone URL is written as {@code announce} only. */
    public MetainfoBuilder trackers(List<List<String>> tiers) {
        putTrackers(root, tiers);
        return this;
    }

    static void putTrackers(BencodeDictionaryBuilder root, List<List<String>> tiers) {
        root.remove("announce").remove("announce-list");
        List<List<String>> filled =
                tiers.stream().filter(tier -> !tier.isEmpty()).toList();
        if (!filled.isEmpty()) {
            root.put("announce", filled.getFirst().getFirst());
        }
        if (filled.stream().mapToInt(List::size).sum() > 1) {
            root.put(
                    "announce-list",
                    BencodeList.of(filled.stream().map(BencodeList::ofTexts).toList()));
        }
    }

    /** BEP 19. */
    public MetainfoBuilder webSeeds(List<String> urls) {
        return list(root, "url-list", urls);
    }

    /** BEP 17. */
    public MetainfoBuilder httpSeeds(List<String> urls) {
        return list(root, "httpseeds", urls);
    }

    /** Nodes of the DHT to begin with (BEP 5). */
    public MetainfoBuilder nodes(List<HostPort> nodes) {
        root.remove("nodes");
        if (!nodes.isEmpty()) {
            root.put(
                    "nodes",
                    BencodeList.of(nodes.stream()
                            .map(node -> BencodeList.of(
                                    List.of(BencodeString.of(node.host()), BencodeInteger.of(node.port()))))
                            .toList()));
        }
        return this;
    }

    /** Whether peers may come from the trackers only (BEP 27). */
    public MetainfoBuilder isPrivate(boolean isPrivate) {
        if (isPrivate) {
            info.put("private", 1);
        } else {
            info.remove("private");
        }
        return this;
    }

    public MetainfoBuilder comment(@Nullable String comment) {
        return text(root, "comment", comment);
    }

    public MetainfoBuilder createdBy(@Nullable String program) {
        return text(root, "created by", program);
    }

    /** To the second. Leave it out to get the same bytes tomorrow. */
    public MetainfoBuilder creationDate(@Nullable Instant date) {
        root.remove("creation date");
        if (date != null) {
            root.put("creation date", date.getEpochSecond());
        }
        return this;
    }

    /** Which tracker the torrent is for; part of the info dictionary, so that it changes the info-hash. */
    public MetainfoBuilder source(@Nullable String source) {
        return text(info, "source", source);
    }

    /** BEP 39; part of the info dictionary. */
    public MetainfoBuilder updateUrl(@Nullable String url) {
        return text(info, "update-url", url);
    }

    /** Torrents that may have files in common with this one (BEP 38); written outside of the info dictionary. */
    public MetainfoBuilder similar(List<Digest> infoHashes) {
        root.remove("similar");
        if (!infoHashes.isEmpty()) {
            root.put(
                    "similar",
                    BencodeList.of(infoHashes.stream()
                            .map(hash -> BencodeString.of(hash.toBytes()))
                            .toList()));
        }
        return this;
    }

    /** BEP 38; written outside of the info dictionary. */
    public MetainfoBuilder collections(List<String> names) {
        return list(root, "collections", names);
    }

    /** Any other key outside of the info dictionary. */
    public MetainfoBuilder with(String key, BencodeValue value) {
        root.put(key, value);
        return this;
    }

    /** Any other key of the info dictionary. */
    public MetainfoBuilder withInInfo(String key, BencodeValue value) {
        info.put(key, value);
        return this;
    }

    /**
     * The metainfo of what was given; its {@link Metainfo#toBytes} are the file.
     *
     * @throws IllegalStateException if the hashes are missing, or if what was given is more than {@link Metainfo} accepts
     */
    public Metainfo build() {
        if (layout.pieces() == 0) {
            info.put("pieces", new byte[0]);
        }
        if (info.get("pieces").isEmpty()) {
            throw new IllegalStateException("the pieces' hashes are missing");
        }
        root.put("info", info.build());
        return switch (Metainfo.decode(BencodeEncoder.encode(root.build()))) {
            case Decoding.Decoded<Metainfo>(var metainfo) -> metainfo;
            case Decoding.Malformed<Metainfo> malformed -> throw new IllegalStateException(malformed.reason());
            case Decoding.NeedMore<Metainfo> needMore -> throw new AssertionError(needMore);
        };
    }

    /** The bytes of a metainfo of nothing but an info dictionary, byte for byte, and trackers. */
    static Decoding<byte[]> wrap(byte[] info, List<List<String>> trackers) {
        if (BencodeDecoder.decode(info, Strictness.LENIENT) instanceof Decoding.Malformed<BencodeValue> malformed) {
            return malformed.as();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(info.length + 1024);
        out.write('d');
        if (!trackers.isEmpty()) {
            out.writeBytes("13:announce-list".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(BencodeEncoder.encode(
                    BencodeList.of(trackers.stream().map(BencodeList::ofTexts).toList())));
        }
        out.writeBytes("4:info".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(info);
        out.write('e');
        return new Decoding.Decoded<>(out.toByteArray());
    }

    private MetainfoBuilder text(BencodeDictionaryBuilder dictionary, String key, @Nullable String text) {
        dictionary.remove(key);
        if (text != null) {
            dictionary.put(key, text);
        }
        return this;
    }

    private MetainfoBuilder list(BencodeDictionaryBuilder dictionary, String key, List<String> texts) {
        dictionary.remove(key);
        if (!texts.isEmpty()) {
            dictionary.put(key, BencodeList.ofTexts(texts));
        }
        return this;
    }
}
