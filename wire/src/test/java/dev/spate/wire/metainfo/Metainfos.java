package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeList;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Short ways to say what tests of metainfo say often. */
final class Metainfos {
    static final int K16 = 16384;

    private Metainfos() {}

    /** The metainfo of bytes that must be good. */
    static Metainfo decode(byte[] bytes) {
        return switch (Metainfo.decode(bytes)) {
            case Decoding.Decoded<Metainfo>(var metainfo) -> metainfo;
            case Decoding<Metainfo> other -> throw new AssertionError(other.toString());
        };
    }

    static Metainfo decode(BencodeDictionary root) {
        return decode(BencodeEncoder.encode(root));
    }

    /** Why bytes that must be bad are bad. */
    static String reason(byte[] bytes) {
        return switch (Metainfo.decode(bytes)) {
            case Decoding.Malformed<Metainfo> malformed -> malformed.reason();
            case Decoding<Metainfo> other -> throw new AssertionError("accepted: " + other);
        };
    }

    static String reason(BencodeDictionary root) {
        return reason(BencodeEncoder.encode(root));
    }

    static List<String> paths(Metainfo metainfo) {
        return metainfo.files().stream().map(FileEntry::pathText).toList();
    }

    /** A metainfo of an info dictionary and whatever else. */
    static BencodeDictionary root(BencodeDictionary info, Consumer<BencodeDictionaryBuilder> more) {
        BencodeDictionaryBuilder root = BencodeDictionary.builder().put("info", info);
        more.accept(root);
        return root.build();
    }

    static BencodeDictionary root(BencodeDictionary info) {
        return root(info, ignored -> {});
    }

    /** A v1 info dictionary of one file of one piece, with changes. */
    static BencodeDictionary file(Consumer<BencodeDictionaryBuilder> changes) {
        BencodeDictionaryBuilder info = BencodeDictionary.builder()
                .put("name", "file")
                .put("piece length", K16)
                .put("length", 1)
                .put("pieces", new byte[20]);
        changes.accept(info);
        return info.build();
    }

    /** A v1 info dictionary of a folder, whose files have a byte each. */
    static BencodeDictionary folder(BencodeDictionary... files) {
        long length = Arrays.stream(files)
                .mapToLong(file -> file.integer("length").orElse(0))
                .sum();
        return BencodeDictionary.builder()
                .put("name", "folder")
                .put("piece length", K16)
                .put("files", BencodeList.of(List.of(files)))
                .put("pieces", new byte[(int) Math.ceilDiv(length, (long) K16) * 20])
                .build();
    }

    /** A file of one byte at a path that is written with {@code |} between its parts. */
    static BencodeDictionary at(String path) {
        return entry(1, path, "");
    }

    static BencodeDictionary entry(long length, String path, String attributes) {
        BencodeDictionaryBuilder file = BencodeDictionary.builder()
                .put("length", length)
                .put("path", BencodeList.ofTexts(List.of(path.split("\\|", -1))));
        if (!attributes.isEmpty()) {
            file.put("attr", attributes);
        }
        return file.build();
    }

    static BencodeValue text(String text) {
        return BencodeString.of(text);
    }

    static BencodeValue number(long number) {
        return BencodeInteger.of(number);
    }
}
