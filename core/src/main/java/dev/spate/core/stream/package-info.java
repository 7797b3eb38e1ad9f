/** Reading a torrent while it arrives: which pieces are needed when, by all who read. */
package dev.spate.core.stream;
