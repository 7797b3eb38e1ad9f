/** The files of a torrent: laying pieces out on disk, checking them, remembering what is there. */
package dev.spate.engine.storage;
