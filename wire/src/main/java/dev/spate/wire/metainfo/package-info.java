/** The decoded {@code .torrent} file (BEP 3 and its many extensions) and magnet links. */
package dev.spate.wire.metainfo;
