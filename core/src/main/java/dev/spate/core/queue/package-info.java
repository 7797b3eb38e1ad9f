/** Which torrents run, and when one has seeded enough. */
package dev.spate.core.queue;
