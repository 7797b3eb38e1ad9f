/** Torrents as file systems of {@code java.nio.file}: read-only, and readable while they arrive. */
package dev.spate.engine.files;
