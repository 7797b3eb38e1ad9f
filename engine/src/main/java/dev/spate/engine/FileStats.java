package dev.spate.engine;

import java.nio.file.Path;

/**
 * A file of a torrent at one moment; pad files are not listed.
 *
 * @param index its number in the metainfo, by which {@link Torrent#setFilePriority} and others name it
 * @param path from the torrent's download folder on, under the name that it has now
 * @param length bytes when complete
 * @param flushedBytes bytes that lie in verified pieces on disk
 * @param priority how much it is wanted, 0 (not at all) to 7
 */
public record FileStats(int index, Path path, long length, long flushedBytes, int priority) {

    /** Whether all of it is on disk. */
    public boolean isComplete() {
        return flushedBytes == length;
    }
}
