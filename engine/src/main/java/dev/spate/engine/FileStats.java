package dev.spate.engine;

import java.nio.file.Path;

/**
 * A file of a torrent at one moment; pad files are not listed.
 *
 * @param path within the torrent's folder
 * @param length bytes when complete
 * @param flushedBytes bytes that lie in verified pieces on disk
 */
public record FileStats(Path path, long length, long flushedBytes) {}
