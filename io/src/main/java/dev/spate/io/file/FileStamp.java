package dev.spate.io.file;

/**
 * By what a file is recognised as unchanged.
 *
 * @param length in bytes
 * @param modifiedNanos time of the last change, in nanoseconds since 1970 as far as the file system keeps them
 */
public record FileStamp(long length, long modifiedNanos) {}
