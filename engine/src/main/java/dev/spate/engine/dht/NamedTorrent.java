package dev.spate.engine.dht;

import dev.spate.wire.Digest;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.util.Optional;

/** The value of an item that names a torrent (BEP 46): a dictionary with the info-hash as {@code ih}. */
final class NamedTorrent {
    private static final String INFO_HASH = "ih";

    private NamedTorrent() {}

    static BencodeValue of(Digest infoHash) {
        return BencodeDictionary.builder()
                .put(INFO_HASH, BencodeString.of(infoHash.truncated().toBytes()))
                .build();
    }

    /** Empty if it is something else. */
    static Optional<Digest> read(BencodeValue value) {
        return value instanceof BencodeDictionary dictionary
                        && dictionary.get(INFO_HASH).orElse(null) instanceof BencodeString hash
                        && hash.bytes().length == Digest.SHA1_LENGTH
                ? Optional.of(Digest.of(hash.bytes()))
                : Optional.empty();
    }
}
