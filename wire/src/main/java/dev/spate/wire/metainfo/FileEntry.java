package dev.spate.wire.metainfo;

import dev.spate.wire.Digest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file of a metainfo.
 *
 * @param index its place among {@link Metainfo#files}, from 0
 * @param path its folders and its name, made safe; without the torrent's own name unless it is the only file
 * @param originalPath the same as the metainfo says it
 * @param offset where its first byte lies in the run of all bytes
 * @param length in bytes
 * @param attributes BEP 47
 * @param symlinkPath where a symlink points, from the torrent's own folder, as the metainfo says it; empty for others. Not
 *     safe: never to be followed
 * @param sha1 hash of the whole file, a hint only (BEP 47), or null
 * @param piecesRoot root of the file's tree of SHA-256 hashes (BEP 52); null in v1, and for an empty or a pad file
 */
public record FileEntry(
        int index,
        List<String> path,
        List<String> originalPath,
        long offset,
        long length,
        Set<FileAttribute> attributes,
        List<String> symlinkPath,
        @Nullable Digest sha1,
        @Nullable Digest piecesRoot) {

    public FileEntry {
        if (index < 0 || offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("not a file: " + index + " at " + offset + "+" + length);
        }
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a file without a path: " + index);
        }
        path = List.copyOf(path);
        originalPath = List.copyOf(originalPath);
        symlinkPath = List.copyOf(symlinkPath);
    }

    /** Whether it only fills up a piece with zeros (BEP 47), so that nothing of it is ever written. */
    public boolean isPad() {
        return attributes.contains(FileAttribute.PAD);
    }

    public boolean isSymlink() {
        return attributes.contains(FileAttribute.SYMLINK);
    }

    /** The offset behind its last byte in the run of all bytes. */
    public long end() {
        return offset + length;
    }

    /** The last part of the path. */
    public String name() {
        return path.getLast();
    }

    /** The path joined by {@code /}. */
    public String pathText() {
        return String.join("/", path);
    }
}
