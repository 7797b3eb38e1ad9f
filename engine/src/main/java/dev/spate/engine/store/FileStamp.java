package dev.spate.engine.store;

/**
 * How a file looks from outside: cheap to ask for, and different after almost every change.
 *
 * @param length in bytes
 * @param modifiedNanos when it was last changed, in nanoseconds since 1970, as finely as the store knows
 */
public record FileStamp(long length, long modifiedNanos) {}
