/** Bencode (BEP 3, "bencoding"): values, decoding and canonical encoding. */
package dev.spate.wire.bencode;
