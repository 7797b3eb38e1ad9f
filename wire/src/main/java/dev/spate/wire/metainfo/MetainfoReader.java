package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.InfoHash;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and validates a metainfo, step by step: the outline, what both versions share, the v1 half, the v2 half, their
 * agreement, the piece layers, the names.
 */
final class MetainfoReader {
    private static final int PIECE_LENGTH_UNIT = PieceLayout.BLOCK_LENGTH;

    private final byte[] bytes;
    private final boolean needsLayers;

    /**
     * @param needsLayers whether {@code piece layers} must be there where a v2 half needs them
     */
    MetainfoReader(byte[] bytes, boolean needsLayers) {
        this.bytes = bytes;
        this.needsLayers = needsLayers;
    }

    Decoding<Metainfo> read() {
        if (bytes.length > Metainfo.MAX_LENGTH) {
            return malformed(Metainfo.MAX_LENGTH, "longer than " + (Metainfo.MAX_LENGTH >> 20) + " MiB");
        }
        return switch (BencodeDecoder.decodePrefix(bytes, Strictness.LENIENT)) {
            case Decoding.Decoded<BencodeValue>(BencodeDictionary root) -> readRoot(root);
            case Decoding.Decoded<BencodeValue> ignored -> malformed(0, "not a dictionary");
            case Decoding.Malformed<BencodeValue> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeValue> needMore -> throw new AssertionError(needMore);
        };
    }

    private Decoding<Metainfo> readRoot(BencodeDictionary root) {
        Optional<BencodeValue> value = root.get("info");
        if (value.isEmpty()) {
            return malformed(0, "no `info` dictionary");
        }
        if (!(value.get() instanceof BencodeDictionary info)) {
            return malformed(value.get(), "`info` is not a dictionary");
        }
        // BEP 52: look at the version before anything else, so that a newer one is named as such.
        Optional<BencodeValue> metaVersion = info.get("meta version");
        boolean v2 = metaVersion.isPresent();
        if (v2 && !(metaVersion.get() instanceof BencodeInteger number && number.value() == 2)) {
            return malformed(
                    metaVersion.get(), "`meta version` is " + metaVersion.get() + "; only versions up to 2 are known");
        }
        boolean v1 = info.contains("pieces");
        if (!v1 && !v2) {
            return malformed(info, "neither `pieces` (v1) nor `meta version` (v2) in the info dictionary");
        }
        Version version = v1 && v2 ? Version.HYBRID : v1 ? Version.V1 : Version.V2;
        if (v2) {
            // A v2 tree has its order from its keys: two readings of one that is out of order would differ.
            int offset = info.span().offset();
            if (BencodeDecoder.decodeAt(bytes, offset, Strictness.STRICT)
                    instanceof Decoding.Malformed<BencodeValue> malformed) {
                return malformed(malformed.offset(), "the info dictionary is not canonical: " + malformed.reason());
            }
        }
        return switch (readPieceLength(info, v2)) {
            case Decoding.Decoded<Integer>(var pieceLength) -> readHalves(root, info, version, pieceLength);
            case Decoding.Malformed<Integer> malformed -> malformed.as();
            case Decoding.NeedMore<Integer> needMore -> throw new AssertionError(needMore);
        };
    }

    private static Decoding<Integer> readPieceLength(BencodeDictionary info, boolean v2) {
        Optional<BencodeValue> value = info.get("piece length");
        if (value.isEmpty()) {
            return malformed(info, "no `piece length`");
        }
        long length = value.get() instanceof BencodeInteger integer ? integer.value() : 0;
        if (length < PIECE_LENGTH_UNIT || length > PieceLayout.MAX_PIECE_LENGTH || length % PIECE_LENGTH_UNIT != 0) {
            return malformed(
                    value.get(), "`piece length` is " + value.get() + ", not a multiple of 16 KiB up to 64 MiB");
        }
        if (v2 && Long.bitCount(length) != 1) {
            return malformed(value.get(), "`piece length` is " + length + ", in v2 it must be a power of two");
        }
        return new Decoding.Decoded<>((int) length);
    }

    private Decoding<Metainfo> readHalves(
            BencodeDictionary root, BencodeDictionary info, Version version, int pieceLength) {
        Texts texts = version == Version.V1 ? Texts.of(root) : Texts.UTF_8;
        V1Half v1 = null;
        if (version != Version.V2) {
            switch (V1Half.read(bytes, info, pieceLength, texts)) {
                case Decoding.Decoded<V1Half>(var half) -> v1 = half;
                case Decoding.Malformed<V1Half> malformed -> {
                    return malformed.as();
                }
                case Decoding.NeedMore<V1Half> needMore -> throw new AssertionError(needMore);
            }
        }
        V2Half v2 = null;
        if (version != Version.V1) {
            switch (V2Half.read(bytes, info, pieceLength)) {
                case Decoding.Decoded<V2Half>(var half) -> v2 = half;
                case Decoding.Malformed<V2Half> malformed -> {
                    return malformed.as();
                }
                case Decoding.NeedMore<V2Half> needMore -> throw new AssertionError(needMore);
            }
            Optional<Decoding.Malformed<Metainfo>> trouble = checkLayers(root, v2, pieceLength);
            if (trouble.isPresent()) {
                return trouble.get();
            }
        }
        RawFiles files;
        if (v1 != null && v2 != null) {
            switch (HybridFiles.join(info, v1, v2)) {
                case Decoding.Decoded<RawFiles>(var joined) -> files = joined;
                case Decoding.Malformed<RawFiles> malformed -> {
                    return malformed.as();
                }
                case Decoding.NeedMore<RawFiles> needMore -> throw new AssertionError(needMore);
            }
        } else if (v1 != null) {
            files = v1.files();
        } else {
            assert v2 != null : "there is at least one half";
            files = v2.files();
        }
        return finish(new Halves(root, info, version, texts, v1, v2, files), pieceLength);
    }

    /** What was read, at least one half of it there. */
    private record Halves(
            BencodeDictionary root,
            BencodeDictionary info,
            Version version,
            Texts texts,
            @Nullable V1Half v1,
            @Nullable V2Half v2,
            RawFiles files) {}

    private Optional<Decoding.Malformed<Metainfo>> checkLayers(BencodeDictionary root, V2Half half, int pieceLength) {
        Optional<BencodeValue> layers = root.get("piece layers");
        if (layers.isEmpty()) {
            return needsLayers && hasLongFile(half, pieceLength)
                    ? Optional.of(new Decoding.Malformed<>(0, "no `piece layers`"))
                    : Optional.empty();
        }
        return layers.get() instanceof BencodeDictionary dictionary
                ? new PieceLayers(dictionary, pieceLength).check(half)
                : Optional.of(
                        new Decoding.Malformed<>(layers.get().span().offset(), "`piece layers` is not a dictionary"));
    }

    private static boolean hasLongFile(V2Half half, int pieceLength) {
        for (int i = 0; i < half.places().count(); i++) {
            if (half.places().length(i) > pieceLength) {
                return true;
            }
        }
        return false;
    }

    private Decoding<Metainfo> finish(Halves halves, int pieceLength) {
        BencodeDictionary info = halves.info();
        InfoHash infoHash = new InfoHash(
                halves.v1() == null ? null : Hashes.digest(Hashes.sha1(), bytes, info.span()),
                halves.v2() == null ? null : Hashes.digest(Hashes.sha256(), bytes, info.span()));

        String originalName = halves.texts().read(info, "name").orElse("");
        String safe = SafeNames.clean(originalName);
        // Where nothing is left of the name, the info-hash is at least nobody else's.
        String name = safe.isEmpty() ? infoHash.onTheWire().toString() : safe;

        FilePlaces places;
        boolean isSingleFile;
        if (halves.v1() != null) {
            places = halves.v1().places();
            isSingleFile = halves.v1().isSingleFile();
        } else {
            V2Half v2 = halves.v2();
            assert v2 != null : "there is at least one half";
            places = v2.places();
            isSingleFile = v2.isSingleFile();
        }
        FileTable table;
        if (isSingleFile) {
            // BEP 52: a v2 file alone bears the name that is in the tree.
            String only = halves.v1() != null
                    ? name
                    : SafeNames.clean(halves.files().file(0).path()).getLast();
            table = FileTable.ofOne(halves.files(), places, only);
        } else {
            long key = ByteBuffer.wrap(infoHash.onTheWire().toBytes()).getLong();
            table = FileTable.ofMany(halves.files(), places, key);
        }
        if (table == null) {
            return malformed(info, "more than " + FileTable.MAX_FOLDERS + " folders");
        }
        return Links.of(halves.root(), info)
                .map(links -> (Decoding<Metainfo>) new Decoding.Decoded<>(new Metainfo(
                        bytes,
                        halves.root(),
                        info,
                        halves.version(),
                        infoHash,
                        halves.texts(),
                        name,
                        originalName,
                        new PieceLayout(places.total(), pieceLength),
                        table,
                        isSingleFile,
                        halves.v1() == null ? null : halves.v1().pieces(),
                        links)))
                .orElseGet(() -> malformed(0, "more than " + Links.MAX + " trackers, web seeds, nodes or hints"));
    }

    private static <T> Decoding<T> malformed(BencodeValue at, String reason) {
        return malformed(at.span().offset(), reason);
    }

    private static <T> Decoding<T> malformed(int offset, String reason) {
        return new Decoding.Malformed<>(offset, reason);
    }
}
