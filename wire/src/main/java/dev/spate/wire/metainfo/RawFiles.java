package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;

/**
 * The files of a metainfo, read from its bytes whenever they are asked for: a million of them take a few integers each, not
 * a million objects. Indexes are those of {@link Metainfo#files}.
 */
interface RawFiles {
    int count();

    RawFile file(int index);

    /** Reads a value again that was found at this offset when the metainfo was decoded. */
    static <T extends BencodeValue> T reread(byte[] metainfo, int offset, Class<T> kind) {
        return switch (BencodeDecoder.decodeAt(metainfo, offset, Strictness.LENIENT)) {
            case Decoding.Decoded<BencodeValue>(var value) -> kind.cast(value);
            case Decoding.Malformed<BencodeValue> malformed ->
                throw new IllegalStateException("the bytes of a metainfo were changed: " + malformed);
            case Decoding.NeedMore<BencodeValue> needMore -> throw new AssertionError(needMore);
        };
    }
}
