/** KRPC, the messages of the DHT (BEPs 5, 32, 33, 42, 43, 44, 46, 51), and the values they carry. */
package dev.spate.wire.dht;
