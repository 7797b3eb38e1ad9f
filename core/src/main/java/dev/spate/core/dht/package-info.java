/** The node of the DHT: routing tables, lookups, and what it stores for others (BEPs 5, 32, 33, 42, 43, 44, 51). */
package dev.spate.core.dht;
