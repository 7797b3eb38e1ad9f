package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes another metainfo of one. What is not named stays, keys that are not known included. The info dictionary stays byte for byte,
 * and the info-hash with it, unless something of it is changed.
 *
 * <p>Not safe for use by several threads.
 */
public final class MetainfoEditor {
    private static final BencodeString INFO = BencodeString.of("info");

    private final Metainfo original;
    private final BencodeDictionaryBuilder root;
    private final BencodeDictionaryBuilder info;
    private boolean infoChanged;

    /** Nothing is changed yet. */
    public MetainfoEditor(Metainfo original) {
        this.original = original;
        this.root = BencodeDictionary.builder().putAll(original.dictionary()).remove("info");
        this.info = BencodeDictionary.builder().putAll(original.infoDictionary());
    }

    /** Announce URLs in tiers (BEP 12), instead of those that were there; none for none. */
    public MetainfoEditor trackers(List<List<String>> tiers) {
        MetainfoBuilder.putTrackers(root, tiers);
        return this;
    }

    /** Null takes it away. */
    public MetainfoEditor comment(@Nullable String comment) {
        put(root, "comment", comment);
        return this;
    }

    /** Part of the info dictionary; null takes it away. */
    public MetainfoEditor source(@Nullable String source) {
        if (!original.source().equals(Optional.ofNullable(source))) {
            put(info, "source", source);
            infoChanged = true;
        }
        return this;
    }

    /** Whether peers may come from the trackers only (BEP 27); part of the info dictionary. */
    public MetainfoEditor isPrivate(boolean isPrivate) {
        if (original.isPrivate() != isPrivate) {
            info.remove("private");
            if (isPrivate) {
                info.put("private", 1);
            }
            infoChanged = true;
        }
        return this;
    }

    /** Of the file or folder; part of the info dictionary. */
    public MetainfoEditor name(String name) {
        if (!original.originalName().equals(name)) {
            put(info, "name", name);
            infoChanged = true;
        }
        return this;
    }

    private static void put(BencodeDictionaryBuilder dictionary, String key, @Nullable String text) {
        // Old programs wrote the same in UTF-8 beside it, which would be read first.
        dictionary.remove(key + ".utf-8").remove(key);
        if (text != null) {
            dictionary.put(key, text);
        }
    }

    /**
     * The metainfo as it is now.
     *
     * @return {@code Malformed} if it could not be read again: the name of a single v2 file is in its tree too, for example, so it
     *     cannot be changed alone
     */
    public Decoding<Metainfo> build() {
        byte[] infoBytes = infoChanged ? BencodeEncoder.encode(info.build()) : original.infoBytes();
        ByteArrayOutputStream out = new ByteArrayOutputStream(infoBytes.length + 4096);
        out.write('d');
        boolean written = false;
        for (BencodeDictionary.Entry entry : root.build()) {
            if (!written && entry.key().compareTo(INFO) > 0) {
                writeInfo(out, infoBytes);
                written = true;
            }
            out.writeBytes(BencodeEncoder.encode(entry.key()));
            out.writeBytes(BencodeEncoder.encode(entry.value()));
        }
        if (!written) {
            writeInfo(out, infoBytes);
        }
        out.write('e');
        return Metainfo.decode(out.toByteArray());
    }

    private static void writeInfo(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes("4:info".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(bytes);
    }
}
