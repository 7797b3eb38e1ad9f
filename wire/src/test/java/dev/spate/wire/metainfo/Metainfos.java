package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import java.util.List;

/** Short ways to say what tests of metainfo say often. */
final class Metainfos {
    private Metainfos() {}

    /** The metainfo of bytes that must be good. */
    static Metainfo decode(byte[] bytes) {
        return switch (Metainfo.decode(bytes)) {
            case Decoding.Decoded<Metainfo>(var metainfo) -> metainfo;
            case Decoding.Malformed<Metainfo> malformed -> throw new AssertionError(malformed.toString());
            case Decoding.NeedMore<Metainfo> needMore -> throw new AssertionError(needMore.toString());
        };
    }

    /** Why bytes that must be bad are bad. */
    static String reason(byte[] bytes) {
        return switch (Metainfo.decode(bytes)) {
            case Decoding.Malformed<Metainfo> malformed -> malformed.reason();
            case Decoding.Decoded<Metainfo> decoded -> throw new AssertionError("accepted: " + decoded.value());
            case Decoding.NeedMore<Metainfo> needMore -> throw new AssertionError(needMore.toString());
        };
    }

    static List<String> paths(Metainfo metainfo) {
        return metainfo.files().stream().map(FileEntry::pathText).toList();
    }
}
