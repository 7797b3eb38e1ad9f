/** A file of a torrent over HTTP, while it arrives. */
package dev.spate.cli.stream;
