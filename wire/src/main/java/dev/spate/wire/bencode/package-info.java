/**
 * Bencode (BEP 3, "bencoding"): values, decoding and canonical encoding.
 *
 * <p>A value is a view of its own encoded bytes, not a tree of objects: decoding checks the whole input in one pass and
 * remembers next to nothing, and looking a value up reads the bytes again. So a metainfo file of a million files costs its
 * bytes and little more, the exact bytes of any value are at hand (info-hashes are made of them), and hostile nesting has
 * nothing to blow up.
 */
package dev.spate.wire.bencode;
