package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What BEP 3 keeps in the info dictionary: the files as one run of bytes, and the SHA-1 of each piece of it.
 *
 * @param files one by one
 * @param isSingleFile whether there is {@code length} instead of {@code files}
 * @param pieces the hashes, 20 bytes each
 */
record V1Half(RawFiles files, FilePlaces places, boolean isSingleFile, BencodeString pieces) {

    /** No real folder is nested that deep. */
    private static final int MAX_PATH_PARTS = 256;

    /** Files that are read from dictionaries in the list {@code files}. */
    private static final class Many implements RawFiles {
        private final byte[] metainfo;
        private final int[] offsets;
        private final Texts texts;

        Many(byte[] metainfo, int[] offsets, Texts texts) {
            this.metainfo = metainfo;
            this.offsets = offsets;
            this.texts = texts;
        }

        @Override
        public int count() {
            return offsets.length;
        }

        @Override
        public RawFile file(int index) {
            BencodeDictionary file = RawFiles.reread(metainfo, offsets[index], BencodeDictionary.class);
            return RawFile.of(file, path(file).map(texts::readAll).orElse(List.of()), texts);
        }
    }

    /** The only file, which the info dictionary itself describes. */
    private record One(BencodeDictionary info, Texts texts) implements RawFiles {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public RawFile file(int index) {
            return RawFile.of(info, List.of(texts.read(info, "name").orElse("")), texts);
        }
    }

    /** A file's path, in UTF-8 where it is given twice. */
    private static Optional<BencodeList> path(BencodeDictionary file) {
        return file.list("path.utf-8").or(() -> file.list("path"));
    }

    static Decoding<V1Half> read(byte[] metainfo, BencodeDictionary info, int pieceLength, Texts texts) {
        Optional<BencodeValue> length = info.get("length");
        Optional<BencodeValue> files = info.get("files");
        if (length.isPresent() == files.isPresent()) {
            return malformed(info, "the info dictionary needs either `length` or `files`");
        }
        Optional<BencodeString> pieces = info.string("pieces");
        if (pieces.isEmpty()) {
            return malformed(info, "`pieces` is missing or not a string");
        }
        FilePlaces places = new FilePlaces();
        RawFiles rawFiles;
        if (length.isPresent()) {
            if (!(length.get() instanceof BencodeInteger only)
                    || only.value() < 0
                    || !places.hasRoomFor(only.value())) {
                return malformed(length.get(), "`length` is not the length of a file");
            }
            places.add(only.value(), 1);
            rawFiles = new One(info, texts);
        } else {
            switch (readFiles(metainfo, files.orElseThrow(), places, texts)) {
                case Decoding.Decoded<RawFiles>(var value) -> rawFiles = value;
                case Decoding.Malformed<RawFiles> malformed -> {
                    return malformed.as();
                }
                case Decoding.NeedMore<RawFiles> needMore -> throw new AssertionError(needMore);
            }
        }
        long needed = Math.ceilDiv(places.total(), (long) pieceLength);
        if (needed > PieceLayout.MAX_PIECES) {
            return malformed(pieces.get(), "more than " + PieceLayout.MAX_PIECES + " pieces");
        }
        if (pieces.get().length() != needed * Digest.SHA1_LENGTH) {
            return malformed(
                    pieces.get(),
                    "`pieces` has " + pieces.get().length() + " bytes, not 20 for each of " + needed + " pieces");
        }
        return new Decoding.Decoded<>(new V1Half(rawFiles, places, length.isPresent(), pieces.get()));
    }

    private static Decoding<RawFiles> readFiles(byte[] metainfo, BencodeValue files, FilePlaces places, Texts texts) {
        if (!(files instanceof BencodeList list) || list.isEmpty()) {
            return malformed(files, "`files` is not a list of files");
        }
        int[] offsets = new int[8];
        for (BencodeValue value : list) {
            int count = places.count();
            if (count == Metainfo.MAX_FILES) {
                return malformed(value, "more than " + Metainfo.MAX_FILES + " files");
            }
            if (!(value instanceof BencodeDictionary file)) {
                return malformed(value, "a file in `files` is not a dictionary");
            }
            Decoding<Long> length = readFile(file);
            switch (length) {
                case Decoding.Decoded<Long>(var bytes) when places.hasRoomFor(bytes) -> places.add(bytes, 1);
                case Decoding.Malformed<Long> malformed -> {
                    return malformed.as();
                }
                default -> {
                    return malformed(value, "the files are too long together");
                }
            }
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * count);
            }
            offsets[count] = file.span().offset();
        }
        return new Decoding.Decoded<>(new Many(metainfo, Arrays.copyOf(offsets, places.count()), texts));
    }

    /** Checks one file; its length in bytes. */
    private static Decoding<Long> readFile(BencodeDictionary file) {
        var attributes = RawFile.attributes(file);
        boolean isSymlink = attributes.contains(FileAttribute.SYMLINK);
        Optional<BencodeValue> length = file.get("length");
        long bytes = length.orElse(null) instanceof BencodeInteger integer ? integer.value() : -1;
        // BEP 47, "symlinks": a symlink need not say that its length is 0.
        if (isSymlink && length.isEmpty()) {
            bytes = 0;
        }
        if (bytes < 0) {
            return malformed(file, "a file without a `length`");
        }
        if (isSymlink && bytes > 0) {
            return malformed(file, "a symlink with a `length` of " + bytes);
        }
        Optional<BencodeList> path = path(file);
        if (path.isEmpty()) {
            // BEP 47, "padding files": the path of a pad file may be missing.
            return attributes.contains(FileAttribute.PAD)
                    ? new Decoding.Decoded<>(bytes)
                    : malformed(file, "a file without a `path`");
        }
        int parts = 0;
        for (BencodeValue part : path.get()) {
            if (!(part instanceof BencodeString)) {
                return malformed(part, "a part of a `path` is not a string");
            }
            if (++parts > MAX_PATH_PARTS) {
                return malformed(path.get(), "a `path` of more than " + MAX_PATH_PARTS + " parts");
            }
        }
        if (parts == 0) {
            return malformed(path.get(), "an empty `path`");
        }
        return new Decoding.Decoded<>(bytes);
    }

    private static <T> Decoding<T> malformed(BencodeValue at, String reason) {
        return new Decoding.Malformed<>(at.span().offset(), reason);
    }
}
