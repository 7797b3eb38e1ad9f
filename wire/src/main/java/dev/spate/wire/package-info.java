/** The words that all of Spate shares: hashes, addresses, pieces, blocks, and the outcome of decoding. */
package dev.spate.wire;
