package dev.spate.classic.descriptor;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.HostPort;
import dev.spate.wire.metainfo.Metainfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The decoded descriptor file: which file it is about, under which key the network knows it, and the nodes to begin with. Immutable.
 *
 * <p>The keys of the original are {@code size}, {@code piece_length}, {@code hash_key}, {@code file} and {@code nodes}. Ours are
 * {@code info_hash} and {@code piece_hashes}, both or neither: with them everything that arrives can be verified, and without them
 * nothing is transferred. They make a v1 info dictionary that is marked private (BEP 27), as its peers come from this network alone.
 * Any other key survives.
 */
public final class Descriptor {

    /** In bytes; as much as a torrent file may have. */
    public static final int MAX_LENGTH = 32 << 20;

    /** The most nodes that are kept. */
    public static final int MAX_NODES = 10_000;

    /** So many digits of the info-hash are a file's key if no other is given. */
    private static final int KEY_DIGITS = 32;

    private final JsonValue.Members root;
    private final HashKey key;
    private final String name;
    private final String path;
    private final long length;
    private final List<HostPort> nodes;
    private final @Nullable Metainfo metainfo;

    Descriptor(
            JsonValue.Members root,
            HashKey key,
            String name,
            String path,
            long length,
            List<HostPort> nodes,
            @Nullable Metainfo metainfo) {
        this.root = root;
        this.key = key;
        this.name = name;
        this.path = path;
        this.length = length;
        this.nodes = List.copyOf(nodes);
        this.metainfo = metainfo;
    }

    /**
     * Reads a descriptor file.
     *
     * @return {@code Decoded}, or {@code Malformed} with a reason that names line, column, key and remedy
     */
    public static Decoding<Descriptor> decode(byte[] json) {
        if (json.length > MAX_LENGTH) {
            return new Decoding.Malformed<>(0, "too long for a descriptor: more than " + MAX_LENGTH + " bytes");
        }
        return switch (JsonReader.read(json)) {
            case Decoding.Decoded<JsonValue>(JsonValue value) ->
                new DescriptorReader(new String(json, StandardCharsets.UTF_8)).read(value);
            case Decoding.Malformed<JsonValue> malformed -> malformed.as();
            case Decoding.NeedMore<JsonValue> needMore -> throw new AssertionError(needMore);
        };
    }

    /**
     * A descriptor of a torrent of one file that is marked private.
     *
     * @param key null for the first 32 digits of the info-hash
     * @param path the folder of the file, as seen from the folder of the descriptor
     * @param nodes neighbours to begin with, at most {@link #MAX_NODES}
     * @throws IllegalArgumentException if the torrent is another one
     */
    public static Descriptor of(Metainfo metainfo, @Nullable HashKey key, String path, List<HostPort> nodes) {
        Digest infoHash = metainfo.infoHash().v1();
        if (!metainfo.isSingleFile()
                || !metainfo.isPrivate()
                || infoHash == null
                || metainfo.infoHash().isHybrid()) {
            throw new IllegalArgumentException("a descriptor is of one file, v1 and private: " + metainfo.name());
        }
        HashKey named = key == null ? HashKey.of(infoHash.toString().substring(0, KEY_DIGITS)) : key;
        long length = metainfo.layout().totalLength();
        SequencedMap<String, JsonValue> file = new LinkedHashMap<>();
        file.put("length", JsonValue.of(length));
        file.put("name", JsonValue.of(metainfo.originalName()));
        file.put("path", JsonValue.of(path));
        List<JsonValue> hashes = new ArrayList<>();
        for (int piece = 0; piece < metainfo.layout().pieces(); piece++) {
            hashes.add(JsonValue.of(metainfo.pieceHash(piece).toString()));
        }
        SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("size", JsonValue.of(length));
        members.put("piece_length", JsonValue.of(metainfo.layout().pieceLength()));
        members.put("hash_key", JsonValue.of(new String(named.bytes(), StandardCharsets.UTF_8)));
        members.put("file", new JsonValue.Members(file, -1));
        members.put("nodes", JsonValue.of(List.of()));
        members.put("info_hash", JsonValue.of(infoHash.toString()));
        members.put("piece_hashes", JsonValue.of(hashes));
        return new Descriptor(
                        new JsonValue.Members(members, -1),
                        named,
                        metainfo.originalName(),
                        path,
                        length,
                        List.of(),
                        metainfo)
                .withNodes(nodes);
    }

    /** The same with other nodes. */
    public Descriptor withNodes(List<HostPort> others) {
        if (others.size() > MAX_NODES) {
            throw new IllegalArgumentException("more nodes than " + MAX_NODES + ": " + others.size());
        }
        List<JsonValue> written = new ArrayList<>();
        for (HostPort node : others) {
            SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
            members.put("ip", JsonValue.of(node.host()));
            members.put("port", JsonValue.of(node.port()));
            written.add(new JsonValue.Members(members, -1));
        }
        return new Descriptor(root.with("nodes", JsonValue.of(written)), key, name, path, length, others, metainfo);
    }

    /** The file: JSON with a member or node a line, keys that we do not know included. */
    public byte[] toBytes() {
        return JsonValue.write(root).getBytes(StandardCharsets.UTF_8);
    }

    /** By what the network knows the file. */
    public HashKey key() {
        return key;
    }

    /** The file's name as the descriptor says it. Not safe as a file name. */
    public String name() {
        return name;
    }

    /** The folder of the file on the machine of the descriptor's maker. Nothing is ever written there. */
    public String path() {
        return path;
    }

    /** Of the file, in bytes. */
    public long length() {
        return length;
    }

    /** Neighbours to begin with, all that the descriptor names, each once; not looked up. */
    public List<HostPort> nodes() {
        return nodes;
    }

    /** What its hashes make; empty for a descriptor without, by which nothing can be verified. */
    public Optional<Metainfo> metainfo() {
        return Optional.ofNullable(metainfo);
    }
}
