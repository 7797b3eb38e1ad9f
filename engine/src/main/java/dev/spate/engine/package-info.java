/** The door of the library: sessions, torrents, their settings, statistics, events and failures. */
package dev.spate.engine;
