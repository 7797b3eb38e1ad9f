package dev.spate.wire.metainfo;

import dev.spate.wire.Digest;
import dev.spate.wire.bencode.BencodeDictionary;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file as a metainfo says it, its names not yet safe.
 *
 * @param path empty where the metainfo leaves it out, which only a pad file may (BEP 47)
 * @param piecesRoot v2 only
 */
record RawFile(
        List<String> path,
        long length,
        Set<FileAttribute> attributes,
        List<String> symlinkPath,
        @Nullable Digest sha1,
        @Nullable Digest piecesRoot) {

    boolean isPad() {
        return attributes.contains(FileAttribute.PAD);
    }

    RawFile withPiecesRoot(@Nullable Digest root) {
        return new RawFile(path, length, attributes, symlinkPath, sha1, root);
    }

    /** The attributes that a file's own dictionary gives (BEP 47). */
    static Set<FileAttribute> attributes(BencodeDictionary file) {
        return file.text("attr").map(FileAttribute::of).orElse(Set.of());
    }

    /** Reads what v1 and v2 say alike: everything but the path. */
    static RawFile of(BencodeDictionary file, List<String> path, Texts texts) {
        Set<FileAttribute> attributes = attributes(file);
        List<String> symlinkPath = attributes.contains(FileAttribute.SYMLINK)
                ? file.list("symlink path").map(texts::readAll).orElse(List.of())
                : List.of();
        return new RawFile(
                path,
                file.integer("length").orElse(0),
                attributes,
                symlinkPath,
                digest(file, "sha1", Digest.SHA1_LENGTH),
                digest(file, "pieces root", Digest.SHA256_LENGTH));
    }

    private static @Nullable Digest digest(BencodeDictionary file, String key, int length) {
        return file.string(key)
                .filter(hash -> hash.length() == length)
                .map(hash -> Digest.of(hash.bytes()))
                .orElse(null);
    }
}
