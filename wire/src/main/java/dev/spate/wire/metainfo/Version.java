package dev.spate.wire.metainfo;

/** Which of the two formats a metainfo speaks. */
public enum Version {
    /** BEP 3: SHA-1 of pieces. */
    V1,
    /** BEP 52: SHA-256 trees of files. */
    V2,
    /** Both, describing the same bytes (BEP 52, "upgrade path"). */
    HYBRID
}
