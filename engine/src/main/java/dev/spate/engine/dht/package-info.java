/** A node of the DHT on real sockets, to embed with or without a session. */
package dev.spate.engine.dht;
