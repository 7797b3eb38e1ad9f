package dev.spate.wire.bencode;

/**
 * A bencoded value, seen through its encoded bytes. Immutable and safe for all threads, as long as nobody changes the array
 * that was decoded.
 *
 * <p>Two values are equal when their canonical encodings are.
 */
public sealed interface BencodeValue permits BencodeInteger, BencodeString, BencodeList, BencodeDictionary {

    /** Where the encoded bytes lie in the input that this value was decoded from. */
    Span span();

    /** A copy of the encoded bytes, exactly as they were received. */
    byte[] rawBytes();
}
